// What post-processing lanes take of a device and count for energy tables, and what of real networks they do.

import { describe, expect, it } from 'vitest'
import { checkPrices } from '../../../src/energy/price.ts'
import { loadEnergyTable } from '../../../src/energy/table.ts'
import {
  costOf,
  laneFor,
  type PostUnit,
  type PostUnitName,
  totalCost,
  unitsOf,
} from '../../../src/machines/fpga/post-units.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { peArray } from '../../../src/machines/pe-array/index.ts'
import { tablesOf } from '../../../src/machines/pe-array/layer.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import { designOf } from '../../../src/machines/pe-array/resources.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { layerBits, storesOf } from '../../../src/machines/pe-array/storage.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network, Op } from '../../../src/work/network.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { blocks, doubling, laneSpec, Residual, runNetwork, runWork, saturated } from './residual.ts'
import { sum } from './small-array.ts'

const IMAGES = 3

const chain = (...ops: readonly Op[]): PostUnit[] => ops.flatMap((op) => unitsOf(op, 2, 16)!)
const units = (...names: readonly PostUnitName[]): PostUnit[] => names.map((name) => ({ name, bits: 32 }))

const half = Float32Array.of(0.5)
const none = Float32Array.of(0)
const scale: Op = { kind: 'affine', scale: half, offset: none }
const rprelu = { kind: 'rprelu', shiftX: none, slope: half, shiftY: none } as const satisfies Op
const int = Int32Array.of(1)
const shift: Op = { kind: 'fixed-affine', shift: int, offset: int, bits: 16 }
const quantised: Op = { kind: 'fixed-rprelu', shiftX: int, shift: int, shiftY: int, bits: 16 }
const factor: Op = { ...shift, multiplier: int, bits: 8 }
const slope: Op = { ...quantised, slope: int, bits: 8 }

describe('a lane', () => {
  it.each([
    ['normaliser-free: mask, scale and RPReLU', [scale, scale, rprelu], { lut: 151, slices: 41, dsp: 12 }],
    ['batch norm and RPReLU', [scale, rprelu], { lut: 104, slices: 29, dsp: 8 }],
    ['add-and-bit-only: shift and quantised PReLU', [shift, quantised], { lut: 64, slices: 20, dsp: 0 }],
    ['8 bits: factor and slope', [factor, slope], { lut: 104, slices: 29, dsp: 8 }],
  ] as const)('of %s takes the published sums', (_, ops, cost) => {
    expect(totalCost(laneFor([chain(...ops)]))).toMatchObject(cost)
  })

  it('has the most of each kind that a layer needs, and the widest', () => {
    const first = [...units('multiplier', 'multiplier', 'shift'), { name: 'adder', bits: 8 } as const]
    const second = [
      ...units('multiplier', 'prelu'),
      ...([4, 16] as const).map((bits) => ({ name: 'adder', bits }) as const),
    ]
    const lane = laneFor([first, second])
    expect(lane.map(({ name }) => name)).toEqual(['multiplier', 'multiplier', 'shift', 'prelu', 'adder', 'adder'])
    expect(lane.filter(({ name }) => name === 'adder').map(({ bits }) => bits)).toEqual([16, 4])
    expect(totalCost(lane)).toEqual({
      lut: 47 + 47 + 32 + 57 + 20,
      slices: 12 + 12 + 11 + 17 + 5,
      ff: 4 * 32 + 20,
      dsp: 12,
    })
  })

  it('has no multiplier for offsets alone, and adders for all terms but one', () => {
    const offset: Op = { kind: 'affine', scale: Float32Array.of(1), offset: half }
    expect(unitsOf(offset, 1, 32)).toEqual(units('adder'))
    expect(unitsOf({ kind: 'add', bits: 8 }, 3, 8)).toEqual([8, 8].map((bits) => ({ name: 'adder', bits })))
    expect(unitsOf({ kind: 'threshold', level: int, inclusive: false }, 1, 16)).toEqual([
      { name: 'comparator', bits: 16 },
    ])
    expect(unitsOf({ kind: 'quantise2' }, 1, 16)).toBeNull()
    expect(costOf({ name: 'clamp', bits: 16 })).toMatchObject({ lut: 16, ff: 16, dsp: 0 })
  })

  it('slopes of reals that are 0 or 1 choose, and multiply nothing', () => {
    const sloped = (...slopes: readonly number[]): Op => ({ ...rprelu, slope: Float32Array.from(slopes) })
    for (const slopes of [
      [0, 0],
      [0, 1],
    ])
      expect(unitsOf(sloped(...slopes), 1, 32)).toEqual(units('quantised-prelu'))
    expect(unitsOf(sloped(0, 0.25), 1, 32)).toEqual(units('prelu'))
  })
})

function designFor(work: Workload, spec: PeArraySpec) {
  const layers = programOf(work, spec).flatMap((step) => (step.kind === 'array' ? [tablesOf(step, spec)] : []))
  return designOf(
    layers,
    layers.map((layer) => storesOf(layer, spec)),
    spec,
  )
}

/** The last part of the logic. */
const lanesOf = (work: Workload, lanes: number) => designFor(work, laneSpec(lanes)).logic.at(-1)!

/** A layer with scale and RPReLU, whose value is masked before its sign and added to what follows. */
function masked(mask = true): Network {
  const net = new Residual('masked', 'real')
  const value = net.activation(net.mask(net.conv('input', 8)))
  const sums = net.mask(net.conv(net.sign(mask ? net.mask(value) : value), 8))
  return net.build(net.activation(net.sum(sums, value)))
}

describe('a design', () => {
  it('has as many lanes as it is given', () => {
    for (const lanes of [1, 7]) {
      // Multipliers of scale and mask, PReLU; adder of the shortcut and comparator of the sign, 32 bits each.
      expect(lanesOf(workload(masked()), lanes)).toMatchObject({
        lut: lanes * (151 + 32 + 32),
        ff: lanes * 5 * 32,
        dsp: lanes * 12,
      })
      expect(runNetwork(masked(), laneSpec(lanes)).run.resources!.used.dsp).toBe(lanes * 12)
    }
    expect(lanesOf(workload(blocks('shifts', 'shift16')), 3)).toMatchObject({ lut: 3 * (64 + 16 + 16), dsp: 0 })
    expect(lanesOf(workload(blocks('factors', 'fixed8')), 3)).toMatchObject({ lut: 3 * (104 + 8 + 8), dsp: 24 })
    const clamped = designFor(saturated(workload(blocks('factors', 'fixed8'))), laneSpec(1)).logic
    expect(clamped.at(-1)!.lut).toBe(104 + 8 + 8 + 16)
    // PEs hold sums as a whole.
    expect(clamped.slice(0, -1)).toMatchObject(
      designFor(workload(blocks('factors', 'fixed8')), laneSpec(1))
        .logic.slice(0, -1)
        .map(({ lut, ff }) => ({ lut, ff })),
    )
  })

  it('has two halves for what lanes read and write, and a bank of parameters for each lane', () => {
    const { memories } = designFor(workload(blocks('memories', 'shift16')), laneSpec(5))
    // 3 pixels of 12 elements pass 5 lanes in 8 cycles: 16 words of 80 bits, in LUT memories of 64 words, 4 LUTs for 3 bits.
    expect(memories.fetched).toEqual({ ramb18: 0, lutram: 107, perAccess: 107 })
    expect(memories.values).toEqual(memories.fetched)
    // A channel's shift (6) and offset (16), shifts and offsets of the activation (6 + 32) and level (16): 76 bits, 3 channels
    // a lane, in three layers; the last has one channel a lane.
    expect(memories.parameters.lutram).toBe(76 * 5)
    // What is joined comes in cycles of its own: words of one element a lane.
    const joined = designFor(workload(doubling('memories', 'shift16')), laneSpec(5)).memories
    expect(joined.fetched.perAccess).toBe(107)
  })

  it('must not take more DSPs than the device has', () => {
    const device = { ...laneSpec(1).device, dsp: { ...laneSpec(1).device.dsp, value: 35 } }
    const lower = (lanes: number) => () => peArray.lower(workload(masked()), laneSpec(lanes, { device }))
    expect(lower(2)).not.toThrow()
    expect(lower(3)).toThrow(/dsp 36 of 35 \(1 too many\); .*fewer post-processing lanes/)
  })

  it('reads parameters over the port where weights are streamed', () => {
    const spec = laneSpec(3, { weights: 'streamed' })
    const network = blocks('streamed', 'fixed8')
    const layers = programOf(workload(network), spec).flatMap((step) =>
      step.kind === 'array' ? [tablesOf(step, spec)] : [],
    )
    const { run } = runNetwork(network, spec)
    layers.forEach((layer, i) => {
      const stored = layerBits(storesOf(layer, spec))
      expect(run.layers[i + 1]!.memory.dram!.bytesRead * 8).toBe(IMAGES * (stored + 4 * 5 * layer.post!.pixel.bitsRead))
    })
    const without = layers.map((layer) => layerBits(storesOf({ ...layer, post: null }, spec)))
    // Multiplier, shift, offset (8 + 6 + 16); slope, shift, offsets (8 + 6 + 8 + 16); level (8): of 12 channels.
    expect(layerBits(storesOf(layers[1]!, spec)) - without[1]!).toBe(12 * (30 + 38 + 8))
  })
})

describe('the energy table', () => {
  const counted = ({ layers }: MachineRun, component: string, action: string): number[] =>
    layers.map(({ counts }) =>
      sum(counts.filter((row) => row.component === component && row.action === action).map(({ count }) => count)),
    )

  const elements = IMAGES * 8 * 4 * 5

  it('is given the LUTs of units for each element that passes them', () => {
    const [first, less] = [true, false].map((mask) => runNetwork(masked(mask), laneSpec(4)).run)
    const [more, fewer] = [first!, less!].map((run) => counted(run, 'lut', 'active')[1]!)
    // The sequencer is at work in every cycle.
    const cycles = first!.layers[1]!.cycles - less!.layers[1]!.cycles
    expect(more! - fewer!).toBeCloseTo(47 * elements + 295 * cycles, 3)
  })

  it('is given DSPs of units for each element that passes them', () => {
    // Scale, PReLU and mask, then scale and PReLU.
    for (const lanes of [1, 4])
      expect(counted(runNetwork(masked(), laneSpec(lanes)).run, 'dsp', 'active')).toEqual([
        0,
        12 * elements,
        8 * elements,
      ])
    const { actions, staticComponents } = peArray.lower(workload(masked()), laneSpec(4))
    expect(actions).toContainEqual({ component: 'dsp', action: 'active' })
    expect(() => checkPrices(loadEnergyTable('zynq-28nm'), actions, staticComponents)).not.toThrow()
    const shifts = peArray.lower(workload(blocks('shifts', 'shift16')), laneSpec(4)).actions
    expect(shifts).not.toContainEqual({ component: 'dsp', action: 'active' })
  })

  it('is given every LUT of the logic in every cycle, as active or clocked, whatever the lanes do', () => {
    for (const work of [workload(masked()), saturated(workload(doubling('energy', 'fixed8')))]) {
      const { run } = runWork(work, laneSpec(3))
      const [active, clocked] = ['active', 'clocked'].map((action) => counted(run, 'lut', action))
      const { lut, lutram } = run.resources!.used
      const each = run.layers.map(({ cycles }, i) => (active![i]! + clocked![i]!) / cycles + lutram)
      for (const luts of each) expect(Math.ceil(luts - 1e-6)).toBe(lut)
    }
  })
})

describe('of real networks', () => {
  const spec = laneSpec(16, { array: { channels: 16, pixels: 16, bits: 64 }, skip: 64, others: 'host' })
  const left = (name: string): string[] =>
    programOf(workload(loadNetwork(name)), spec).flatMap((step) => (step.kind === 'host' ? [step.node.name] : []))

  it('hosts do the ends, pools and real convolutions', () => {
    const pools = [1, 3, 5, 11].map((block) => `block${block}.pool`)
    expect(left('reactnet-a')).toEqual(['stem', 'stem.bn', 'block0.sign1', ...pools, 'pool', 'fc'])
    const shortcuts = [2, 3, 4].flatMap((stage) => ['pool', 'down', 'down.bn'].map((part) => `stage${stage}.1.${part}`))
    expect(left('reactnet-18')).toEqual([
      ...['stem', 'stem.bn', 'stem.pool', 'stage1.1.sign'],
      ...shortcuts,
      ...['pool', 'fc'],
    ])
  })
})
