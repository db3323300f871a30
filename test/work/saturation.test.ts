// Values that saturation changes, where it is known which these are.

import { describe, expect, it } from 'vitest'
import { onesRow } from '../../src/work/bits.ts'
import { evaluate } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import type { BinaryWeights, Network, Node, Op } from '../../src/work/network.ts'
import { type Saturation, saturationOf } from '../../src/work/saturation.ts'
import type { Shape, Tensor } from '../../src/work/tensor.ts'
import type { Workload } from '../../src/work/workload.ts'
import { macShape } from './random-network.ts'

/** Pixels of one channel, as they stand in the picture. */
const pixels = [-128, -100, -64, -1, 0, 1, 63, 64, 100, 127]
const row: Shape = { channels: 1, height: 1, width: pixels.length }
const input: Tensor = { kind: 'int', shape: row, data: Int32Array.from(pixels) }
const ints = (value: number) => Int32Array.of(value)

/** A network of steps, each named by its place, that read the one before or those named. */
function inTurn(...steps: readonly (Op | [Op, ...string[]])[]): Workload {
  const nodes = steps.map((step, i): Node => {
    const [op, ...inputs] = Array.isArray(step) ? step : [step]
    return {
      name: `step${i}`,
      inputs: inputs.length > 0 ? inputs : [i === 0 ? 'input' : `step${i - 1}`],
      op,
      output: row,
    }
  })
  const scores = nodes.at(-1)!.name
  const parts = { source: 'test', weights: 'seeded', picture: row, encoding: { kind: 'int8' }, input: row } as const
  const network: Network = { name: 'n', ...parts, nodes, decision: { rule: 'argmax', scores }, classes: [] }
  return workload(network)
}

const counted = (work: Workload): Saturation[] => saturationOf(work, evaluate(work, input, true).tensors)
const saturatedIn = (work: Workload): number[] => counted(work).map(({ saturated }) => saturated)

const shifted = (shift: number, offset: number, bits: 8 | 16 | 32): Op => {
  return { kind: 'fixed-affine', shift: ints(shift), offset: ints(offset), bits }
}

describe('saturationOf', () => {
  it('counts values beyond the bits of their node, and not those at its ends', () => {
    expect(counted(inTurn(shifted(0, 0, 8)))).toEqual([{ node: 'step0', values: 10, saturated: 1 }]) // -128
    expect(saturatedIn(inTurn(shifted(-1, 0, 8)))).toEqual([6]) // -256 -200 -128 128 200 254; not 126
  })

  it('counts at each node what its own bits change', () => {
    const work = inTurn(shifted(-1, 0, 8), [{ kind: 'add', bits: 8 }, 'step0', 'step0'], shifted(1, 0, 16))
    // Of -127 -127 -127 -2 0 2 126 127 127 127, doubled.
    expect(counted(work).map(({ node, saturated }) => [node, saturated])).toEqual([
      ['step0', 6],
      ['step1', 7],
      ['step2', 0],
    ])
  })

  it('counts inner terms that left 16 bits, though the result would fit', () => {
    expect(saturatedIn(inTurn(shifted(-9, -32768, 8)))).toEqual([10])
    const bent: Op = { kind: 'fixed-rprelu', shiftX: ints(32700), shift: ints(0), shiftY: ints(-32700), bits: 16 }
    expect(saturatedIn(inTurn(bent))).toEqual([2]) // 100 and 127 + 32700
  })

  it('counts nothing where nothing may saturate', () => {
    expect(counted(inTurn(shifted(0, 0, 32), { kind: 'add' }))).toEqual([])
  })

  it('counts sums of layers that saturate', () => {
    const shape = macShape(row, { channels: 1 })
    const weights: BinaryWeights = { kind: 'binary', rows: 1, taps: 1, channels: 1, words: onesRow(1) }
    const work = inTurn({ kind: 'mac', shape, weights, sum: 'dot' })
    const [layer] = work.layers
    const clipped = (bits: number): Workload => ({
      ...work,
      layers: [{ ...layer!, accumulator: { ...layer!.accumulator, bits, saturate: true } }],
    })
    expect(saturatedIn(work)).toEqual([])
    expect(saturatedIn(clipped(8))).toEqual([1])
    expect(saturatedIn(clipped(7))).toEqual([6]) // beyond 63
  })
})
