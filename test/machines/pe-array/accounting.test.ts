// What a run counts: cycles, operations, accesses, traffic, and what the energy table prices.

import { describe, expect, it } from 'vitest'
import { checkPrices, price } from '../../../src/energy/price.ts'
import { loadEnergyTable } from '../../../src/energy/table.ts'
import type { LayerRun } from '../../../src/machines/machine.ts'
import { peArray } from '../../../src/machines/pe-array/index.ts'
import { tablesOf } from '../../../src/machines/pe-array/layer.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { layerBits, storesOf } from '../../../src/machines/pe-array/storage.ts'
import { type PassChoice, passesText } from '../../../src/opt/index.ts'
import { layerCounts } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import { samples } from '../../opt/samples.ts'
import { similarKernels } from '../../opt/similar-kernels.ts'
import { macShape, RandomNetwork } from '../../work/random-network.ts'
import { baseSpec, layerOf, pass, type Run, randomNetwork, randomSpec, runChecked, sum } from './small-array.ts'

const IMAGES = 3

const share = pass('share-results')
const reuse = pass('reuse-kernels', { trees: 4 })
const prune = pass('prune-inclusion')
const lists: readonly (readonly PassChoice[])[] = [[], [share], [reuse], [prune], [reuse, prune]]
const named = lists.map((chosen) => [passesText(chosen), chosen] as const)

const runs = (chosen: readonly PassChoice[], change: Partial<PeArraySpec> = {}): readonly Run[] => {
  const chains = Array.from({ length: 4 }, (_, i) => {
    const seed = `accounts ${passesText(chosen)} ${i}`
    return runChecked(
      randomNetwork(seed, { first: i % 2 === 0 ? 'bits' : 'int8', thresholds: 'int' }),
      { ...randomSpec(seed, chosen), ...change },
      chosen,
    )
  })
  return [...chains, runChecked(samples[2]!.network, { ...baseSpec, others: 'host', ...change }, chosen)]
}

const counted = ({ counts }: LayerRun, component: string, action: string): number =>
  sum(counts.filter((row) => row.component === component && row.action === action).map(({ count }) => count))

describe.each(named)('with passes [%s]', (_, chosen) => {
  const all = runs(chosen)

  it('every cycle is busy or has a reason, and belongs to a layer and an image', () => {
    for (const { run } of all) {
      for (const { name, cycles, busy, stalls } of run.layers) {
        expect(busy + sum(Object.values(stalls)), name).toBeCloseTo(cycles, 6)
        for (const part of [busy, ...Object.values(stalls)]) expect(part).toBeGreaterThanOrEqual(0)
      }
      expect(sum(run.layers.map(({ cycles }) => cycles))).toBe(run.totalCycles)
      const { cycles, neededMacs } = run.perImage!
      const moving = run.layers.filter(({ name }) => name === 'input' || name === 'output')
      expect(cycles).toHaveLength(IMAGES)
      expect(sum(moving.map((layer) => layer.cycles)) + sum(cycles)).toBe(run.totalCycles)
      expect(sum(neededMacs)).toBeCloseTo(sum(run.layers.map(({ operations }) => operations.neededMacs ?? 0)), 6)
      expect(run.latencyCycles).toBeLessThan(run.totalCycles)
      expect(run.cyclesPerImage).toBe(run.totalCycles / IMAGES)
    }
  })

  it('no more is needed than is computed, and no more computed than there is', () => {
    for (const { run, work } of all)
      for (const layer of work.layers) {
        const found = layerOf(run, layer.name)
        if (found === undefined) continue
        const { binaryMacs, integerMacs, neededMacs } = found.operations
        const whole = layerCounts(layer)
        const computed = binaryMacs! + integerMacs!
        expect(neededMacs).toBeLessThanOrEqual(computed)
        expect(binaryMacs).toBeLessThanOrEqual(IMAGES * whole.binaryMacs)
        expect(integerMacs).toBeLessThanOrEqual(IMAGES * whole.integerMacs)
        if (layer.terms.kind === 'dense' && layer.terms.stop === undefined)
          expect([computed, neededMacs]).toEqual(
            [IMAGES, IMAGES].map((n) => n * (whole.binaryMacs + whole.integerMacs)),
          )
        if (layer.terms.kind === 'deltas' && layer.terms.stop === undefined) {
          const terms = sum(layer.terms.relation.distance) * layer.shape.output.height * layer.shape.output.width
          expect([computed, neededMacs]).toEqual([IMAGES * terms, IMAGES * terms])
        }
      }
  })

  it('PEs do no more in a cycle than the peak', () => {
    for (const { run } of all) {
      const macs = sum(
        run.layers.map(({ operations }) => (operations.binaryMacs ?? 0) + 8 * (operations.integerMacs ?? 0)),
      )
      if (!chosen.includes(share)) expect(macs / run.totalCycles).toBeLessThan(run.peak!.binaryMacs!)
    }
  })

  it('everything has a price', () => {
    const table = loadEnergyTable('zynq-28nm')
    for (const { run, work } of all) {
      const { actions, staticComponents } = peArray.lower(work, { ...baseSpec, others: 'host' })
      checkPrices(table, actions, staticComponents)
      const counts = run.layers.flatMap((layer) => layer.counts)
      const known = actions.map(({ component, action }) => `${component}.${action}`)
      for (const { component, action, count } of counts) {
        expect(known).toContain(`${component}.${action}`)
        expect(Number.isFinite(count)).toBe(true)
        expect(count).toBeGreaterThan(0)
      }
      expect(price(counts, 1, table, staticComponents, run.ownPower).dynamic).toBeGreaterThan(0)
    }
  })

  it('all LUTs of the logic are at work or clocked in every cycle', () => {
    for (const { run } of all) {
      const shares = run.layers
        .filter(({ cycles }) => cycles > 0)
        .map((layer) => {
          return (counted(layer, 'lut', 'active') + counted(layer, 'lut', 'clocked')) / layer.cycles
        })
      const { lut, lutram } = run.resources!.used
      for (const share of shares) expect(share).toBeCloseTo(shares[0]!, 4)
      expect(Math.ceil(shares[0]! + lutram - 1e-6)).toBe(lut)
    }
  })

  it('accesses are whole, and those of the chip move what they say', () => {
    for (const { run } of all)
      for (const { name, memory } of run.layers)
        for (const [level, { reads, writes, bytesRead, bytesWritten }] of Object.entries(memory)) {
          expect(Number.isInteger(reads) && Number.isInteger(writes), `${name} ${level}: ${reads} ${writes}`).toBe(true)
          expect(bytesRead > 0).toBe(reads > 0)
          expect(bytesWritten > 0).toBe(writes > 0)
        }
  })
})

describe('weights behind the memory port', () => {
  const spec: PeArraySpec = { ...baseSpec, weights: 'streamed' }

  it.each(named)('come once an image, all bits that are stored, passes [%s]', (_, chosen) => {
    for (const first of ['bits', 'int8'] as const) {
      const network = randomNetwork(`stored ${first}`, { first, thresholds: 'int' })
      const [behind, on] = [spec, baseSpec].map((each) => runChecked(network, each, chosen))
      for (const step of programOf(behind!.work, spec)) {
        if (step.kind !== 'array') continue
        const stored = layerBits(storesOf(tablesOf(step, spec), spec))
        const [there, here] = [behind!, on!].map(({ run }) => layerOf(run, step.plan.name))
        expect(there!.memory.dram!.bytesRead * 8).toBe(IMAGES * stored)
        expect(here!.memory.dram!.bytesRead).toBe(0)
        expect(counted(there!, 'dram', 'readBit')).toBe(IMAGES * stored)
        expect({ ...there!.operations }).toEqual({ ...here!.operations })
      }
      expect(behind!.run.totalCycles).toBeGreaterThanOrEqual(on!.run.totalCycles)
    }
  })
})

/** One layer of 3x3 kernels that resemble one another on bits, which ends with a threshold. */
function single(kernels: number, channels = 8): Network {
  const input = { channels, height: 4, width: 6 }
  const net = new RandomNetwork('single', input, { kind: 'thermometer', levels: 1 })
  const shape = macShape(input, { channels: kernels, kernel: 3 })
  const weights = similarKernels('single', kernels, 9, channels)
  const sums = net.node({ kind: 'mac', shape, weights, sum: 'matches' }, ['input'], shape.output)
  const level = Int32Array.from({ length: kernels }, (_, i) => 4.5 * channels - 2 + (i % 5))
  return net.build(net.node({ kind: 'threshold', level, inclusive: false }, [sums], shape.output))
}

describe('accesses to memories on the chip', () => {
  // 8 output pixels in 3 groups of 3, 3 and 2; windows of 72 bits, 5 steps of 16.
  const [groups, steps, pixels] = [3, 5, 8]
  const memory = (spec: PeArraySpec, kernels: number, chosen: readonly PassChoice[] = []) => {
    const { run } = runChecked(single(kernels), spec, chosen)
    return layerOf(run, 'mac0').memory
  }

  it('of a dense layer are steps by rows and columns, and words of pixels', () => {
    const { weights, window, activations, sums, index } = memory(baseSpec, 8)
    const issued = IMAGES * groups * 2 * steps
    const levels = IMAGES * groups * 2 * 4
    expect(weights!.reads).toBe(4 * issued + levels)
    const read = IMAGES * pixels * 2 * steps
    expect(window).toMatchObject({ reads: read, bytesRead: (read * 16) / 8 })
    expect(activations!.writes).toBe(IMAGES * pixels)
    for (const none of [sums, index]) expect(none).toMatchObject({ reads: 0, writes: 0 })
  })

  it('are those of the rows that there are, where kernels are fewer and rows on their own', () => {
    const { weights } = memory({ ...baseSpec, rows: 'independent' }, 3)
    expect(weights!.reads).toBe(IMAGES * groups * 3 * (steps + 1))
  })

  it('write to windows what is read of them', () => {
    const { window } = memory(baseSpec, 4)
    // One fold: each bit that comes is read once.
    expect(window!.writes).toBe(window!.reads)
  })

  it('write to the buffers of 2-D results what is computed, for each row that uses it', () => {
    // The other half of what is written waits there to go to the memory of activations, and is read as often.
    const written = (sharing: string) => {
      const { memory, operations } = layerOf(
        runChecked(single(8), baseSpec, [pass('share-results', { share: sharing })]).run,
        'mac0',
      )
      return {
        writes: operations.sliceReads! - (memory.results!.reads - memory.results!.writes),
        slices: operations.slices!,
      }
    }
    const none = written('none')
    expect(none.writes).toBe(none.slices)
    const inverse = written('inverse')
    expect(inverse.writes).toBeGreaterThan(inverse.slices)
    expect(inverse.writes).toBeLessThan(4 * inverse.slices)
  })

  it.each(named)('enable no more LUT memories than they move bits, passes [%s]', (_, chosen) => {
    // Memories of the only layer have the widths that it needs; those of 64 words and fewer are LUTs, 4 for 3 bits and so no
    // more than 2 a bit. Results lie in words of all convolvers'.
    const most = 2 * (chosen.includes(share) ? baseSpec.convolvers : 1)
    const changes = [{}, { skip: 1 }, { rows: 'independent' }] as const
    for (const change of changes) {
      const { run } = runChecked(single(12), { ...baseSpec, ...change }, chosen)
      const layer = layerOf(run, 'mac0')
      const { dram, ...onChip } = layer.memory
      const bits = 8 * sum(Object.values(onChip).map(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten))
      expect(dram!.bytesRead).toBe(0)
      expect(
        counted(layer, 'lutram', 'read') + counted(layer, 'lutram', 'write'),
        JSON.stringify(change),
      ).toBeLessThanOrEqual(most * bits)
    }
  })
})
