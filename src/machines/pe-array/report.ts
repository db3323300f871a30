// What a run counted, layer by layer: cycles and why they were lost, operations, traffic, and the events that energy tables price.

import type { Count, Traffic } from '../../sim/counters.ts'
import type { EngineCount } from '../../units/array/engine.ts'
import { noCount } from '../../units/array/engine.ts'
import type { LayerRun } from '../machine.ts'
import type { Memory } from '../streaming/resources.ts'
import type { ArrayLayer } from './layer.ts'
import type { Design, MemoryName, Part } from './resources.ts'
import type { ArrayRun } from './run.ts'
import { portRate } from './run.ts'
import type { PeArraySpec } from './spec.ts'
import type { LayerStores } from './storage.ts'

/** Bits that one activation of a DRAM row serves: 64 bytes of streamed data. */
const ROW_BITS = 512

/** What the picture's way in and the results' way out are called. */
export const INPUT = 'input'
export const OUTPUT = 'output'

export interface BuiltLayer {
  readonly layer: ArrayLayer
  readonly stores: LayerStores
}

export function layerRuns(
  built: readonly BuiltLayer[],
  design: Design,
  run: ArrayRun,
  images: number,
  spec: PeArraySpec,
): LayerRun[] {
  return [
    transferRun(INPUT, run.waits.input, run.traffic.input, 0, design, spec),
    ...built.map((each) => arrayRun(each, design, run, images, spec)),
    transferRun(OUTPUT, run.waits.output, 0, run.traffic.output, design, spec),
  ]
}

/** Everything that a run may count. */
export function actionsOf(design: Design): Pick<Count, 'component' | 'action'>[] {
  const memories = Object.values(design.memories).flatMap((memory) => memoryCounts('', memory, 1, 1))
  return merge([...logicCounts('', 1, 1, 2), ...memories, ...dramCounts('', 1, 1)]).map(({ component, action }) => ({
    component,
    action,
  }))
}

function transferRun(
  name: string,
  cycles: number,
  read: number,
  written: number,
  design: Design,
  spec: PeArraySpec,
): LayerRun {
  const moving = Math.min(cycles, (read + written) / portRate(spec))
  const logic = design.logic.flatMap((part) => logicCounts(name, part.lut, part.name === 'dma' ? moving : 0, cycles))
  return {
    name,
    cycles,
    busy: 0,
    stalls: { [name]: cycles },
    operations: {},
    memory: { dram: bitsMoved(read, written) },
    counts: merge([...logic, ...dramCounts(name, read, written)]),
  }
}

function arrayRun(
  { layer, stores }: BuiltLayer,
  design: Design,
  run: ArrayRun,
  images: number,
  spec: PeArraySpec,
): LayerRun {
  const { plan, time } = layer
  const { name } = plan
  const count = totalOf(layer)
  const [weights, host] = [run.waits.weights.get(name) ?? 0, run.waits.host.get(name) ?? 0]
  const cycles = time.cycles + weights + host
  const { read, written } = run.traffic.layers.get(name) ?? { read: 0, written: 0 }
  const accesses = accessesOf(layer, stores, count, images, spec)
  const counts = [
    ...design.logic.flatMap((part) =>
      logicCounts(name, part.lut, activeCycles(part, layer, count, cycles, spec), cycles),
    ),
    ...accesses.flatMap(({ memory, reads, writes }) => memoryCounts(name, design.memories[memory], reads, writes)),
    ...dramCounts(name, read, written),
  ]
  const { busy, fill, input, output, idle } = time
  return {
    name,
    cycles,
    busy,
    stalls: { fill, input, output, idle, weights, host },
    operations: operationsOf(layer, count),
    memory: { ...levels(accesses), dram: bitsMoved(read, written) },
    counts: merge(counts),
  }
}

function totalOf({ engines }: ArrayLayer): EngineCount {
  const total = noCount()
  for (const { count } of engines)
    for (const key of Object.keys(total) as (keyof EngineCount)[]) total[key] += count[key]
  return total
}

function operationsOf({ plan }: ArrayLayer, count: EngineCount): Record<string, number> {
  const ofBits = plan.planes.length === 1
  const macs = count.bits / plan.planes.length
  return {
    binaryMacs: ofBits ? macs : 0,
    integerMacs: ofBits ? 0 : macs,
    neededMacs: count.needed / plan.planes.length,
    decided: count.decided,
    slices: count.slices,
    sliceReads: count.sliceReads,
    additions: count.additions,
    compares: count.compares,
  }
}

/** Cycles in which all of a part is at work, or as many times a part of it. */
function activeCycles(
  { name }: Part,
  { plan, engines }: ArrayLayer,
  count: EngineCount,
  cycles: number,
  { array }: PeArraySpec,
): number {
  if (name === 'control') return cycles
  const shared = plan.terms.kind === 'slices'
  if (name === 'slices') return shared ? count.steps : 0
  if (name === 'pe') return count.peSteps / (array.channels * array.pixels)
  return name === 'gather' && plan.terms.kind === 'deltas' ? count.steps / engines.length : 0
}

interface Accesses {
  readonly memory: MemoryName
  readonly level: string
  readonly reads: number
  readonly writes: number
  /** Bits of an access. */
  readonly bits: number
}

function accessesOf(
  { plan, groups, engines }: ArrayLayer,
  stores: LayerStores,
  count: EngineCount,
  images: number,
  spec: PeArraySpec,
): Accesses[] {
  const { array, activations } = spec
  const words = (of: 'read' | 'write'): number => images * groups.reduce((sum, group) => sum + group[of].words, 0)
  const rows = array.channels / engines.length
  const read = (memory: MemoryName, level: string, reads: number, bits: number): Accesses => ({
    memory,
    level,
    reads,
    writes: 0,
    bits,
  })
  const shared = plan.terms.kind === 'slices'
  const deltas = plan.terms.kind === 'deltas'
  const folds = count.folds * rows
  return [
    {
      memory: 'activations',
      level: 'activations',
      reads: words('read'),
      writes: words('write'),
      bits: activations.width,
    },
    ...(shared
      ? [
          read('slices', 'weights', count.convolverSteps * stores.slices.number, stores.slices.width),
          read('uses', 'index', count.steps * array.channels, stores.uses.width),
          read('results', 'results', count.sliceReads, resultBits(plan.taps)),
        ]
      : [
          read('weights', 'weights', count.steps * rows, array.bits),
          read('window', 'window', count.steps * array.pixels, array.bits),
        ]),
    ...(deltas
      ? [
          read('index', 'index', count.steps, stores.index.width),
          read('masks', 'index', count.steps * rows, stores.masks.width),
        ]
      : []),
    read('levels', 'weights', folds, stores.folds.width),
    { memory: 'pending', level: 'results', reads: count.folds, writes: count.folds, bits: rows * array.pixels },
    ...(plan.pool > 1
      ? [{ memory: 'pooled', level: 'sums', reads: count.compares, writes: count.compares, bits: 1 } as const]
      : []),
    { memory: 'sums', level: 'sums', reads: count.baseReads, writes: count.baseWrites, bits: plan.accumulatorBits },
  ]
}

const resultBits = (taps: number): number => Math.ceil(Math.log2(taps + 1))

export const levelNames = ['weights', 'index', 'activations', 'window', 'sums', 'results'] as const

function levels(accesses: readonly Accesses[]): Record<string, Traffic> {
  const found: Record<string, Traffic> = Object.fromEntries(
    levelNames.map((name) => [name, { reads: 0, writes: 0, bytesRead: 0, bytesWritten: 0 }]),
  )
  for (const { level, reads, writes, bits } of accesses) {
    const traffic = found[level]!
    traffic.reads += reads
    traffic.writes += writes
    traffic.bytesRead += (reads * bits) / 8
    traffic.bytesWritten += (writes * bits) / 8
  }
  return found
}

const bitsMoved = (read: number, written: number): Traffic => ({
  reads: Math.ceil(read / 64),
  writes: Math.ceil(written / 64),
  bytesRead: read / 8,
  bytesWritten: written / 8,
})

const logicCounts = (layer: string, lut: number, active: number, cycles: number): Count[] => [
  { layer, component: 'lut', action: 'active', count: lut * active },
  { layer, component: 'lut', action: 'clocked', count: lut * (cycles - active) },
]

function memoryCounts(layer: string, memory: Memory, reads: number, writes: number): Count[] {
  const component = memory.ramb18 > 0 ? 'ramb18' : 'lutram'
  return [
    { layer, component, action: 'read', count: reads * memory.perAccess },
    { layer, component, action: 'write', count: writes * memory.perAccess },
  ]
}

function dramCounts(layer: string, read: number, written: number): Count[] {
  return [
    { layer, component: 'dram', action: 'readBit', count: read },
    { layer, component: 'dram', action: 'writeBit', count: written },
    { layer, component: 'dram', action: 'activate', count: (read + written) / ROW_BITS },
    { layer, component: 'dram-phy', action: 'bit', count: read + written },
  ]
}

/** One row for each component and action that occurs. */
function merge(counts: readonly Count[]): Count[] {
  const rows = new Map<string, Count>()
  for (const row of counts) {
    const key = `${row.component}.${row.action}`
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + row.count })
  }
  return [...rows.values()].filter(({ count }) => count > 0)
}
