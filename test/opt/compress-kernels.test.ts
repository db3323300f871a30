// Kernels in a prefix code: the contract of passes, what comes out of the stream, and what it saves.

import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/model/load.ts'
import { codedKernels, compressKernels } from '../../src/opt/compress-kernels.ts'
import { applyPasses } from '../../src/opt/index.ts'
import { ratiosOf } from '../../src/opt/kernels/ratio.ts'
import { workload } from '../../src/work/lower.ts'
import { passContract } from './contract.ts'

passContract(compressKernels, [
  { code: 'huffman', tables: 'network' },
  { code: 'limited', longest: 10 },
  { code: 'grouped', groups: [6, 9] },
])

const before = workload(loadNetwork('cnv-cifar10'))
const compressed = (options: object) =>
  applyPasses(before, [{ name: compressKernels.name, options: compressKernels.schema.parse(options) }])

describe('compress-kernels', () => {
  it.each([{}, { code: 'huffman' }, { code: 'limited', tables: 'network' }])(
    'gives back the weights: %j',
    (options) => {
      compressed(options).layers.forEach((layer, i) => {
        expect(layer.weights.weights).toEqual(before.layers[i]!.weights.weights)
        expect(layer.weights.encoding).toBe(codedKernels(layer) === undefined ? 'plain' : 'coded')
      })
    },
  )

  it('names the layer whose sequences a code has no room for', () => {
    expect(() => compressed({ groups: [2, 3] })).toThrow(/^conv1: expected groups with room/)
    expect(() => compressed({ code: 'limited', longest: 3, tables: 'network' })).toThrow(/^all: expected codewords/)
  })
})

describe('ratiosOf', () => {
  it('counts stream, tables and what stays as it is', () => {
    const ratios = ratiosOf(compressed({ code: 'huffman' }), 32)
    const kernels = before.layers.map(codedKernels).filter((weights) => weights !== undefined)
    expect(ratios.layers.map(({ sequences }) => sequences)).toEqual(kernels.map((each) => each.rows * each.channels))
    for (const { entropy, coded, sequences, streamBits, tableBits, ratio } of [...ratios.layers, ratios.all]) {
      expect(coded).toBeGreaterThanOrEqual(entropy - 1e-9)
      expect(coded).toBeLessThan(entropy + 1)
      expect(streamBits).toBe(Math.round(coded * sequences))
      expect(ratio).toBeCloseTo((9 * sequences) / (streamBits + tableBits), 10)
    }
    const bits = before.layers.reduce(
      (sum, { weights: { weights } }) => sum + weights.rows * weights.taps * weights.channels,
      0,
    )
    expect(ratios.modelBits).toBe(bits)
    expect(ratios.modelBits - ratios.codedModelBits).toBe(
      9 * ratios.all.sequences - ratios.all.streamBits - ratios.all.tableBits,
    )
  })

  it('counts a table that layers share once', () => {
    const { layers, all } = ratiosOf(compressed({ tables: 'network' }), 32)
    expect(layers.map(({ tableBits }) => tableBits)).toEqual(layers.map(() => 0))
    expect(all.tableBits).toBeGreaterThan(9 * 512)
    expect(all.tableBits).toBeLessThan(9 * 512 + 8 * 32)
    expect(all.coded).toBeGreaterThanOrEqual(all.entropy)
  })

  it('counts real weights as told, and nothing of a workload that is not coded', () => {
    const network = workload(loadNetwork('reactnet-18'))
    const [narrow, wide] = [8, 32].map((bits) => ratiosOf(network, bits))
    expect(narrow).toMatchObject({ layers: [], modelRatio: 1 })
    expect((wide!.modelBits - narrow!.modelBits) % 24).toBe(0)
    expect(wide!.modelBits).toBeGreaterThan(narrow!.modelBits)
  })
})
