// What a run counted, layer by layer: cycles and why they were lost, operations, traffic, and the events that energy tables price.

import type { Count, Traffic } from '../../sim/counters.ts'
import { type EngineCount, noCount } from '../../units/array/engine.ts'
import { dramCounts, dspCounts, logicCounts, memoryCounts, merge } from '../fpga/counts.ts'
import type { LayerRun } from '../machine.ts'
import type { Counted } from './counted.ts'
import { tensorWords, windowWords } from './groups.ts'
import type { ArrayLayer } from './layer.ts'
import type { Part, Work } from './logic.ts'
import type { LayerPlan } from './plan.ts'
import type { Design, MemoryName } from './resources.ts'
import { portRate } from './run.ts'
import type { PeArraySpec } from './spec.ts'
import { bitsIn, type LayerStores, type Store } from './storage.ts'

/** What the picture's way in and the results' way out are called. */
const INPUT = 'input'
const OUTPUT = 'output'

/** Of the memory port, each with logic of its own. */
const DIRECTIONS = 2

export interface BuiltLayer {
  readonly layer: ArrayLayer
  readonly stores: LayerStores
}

/** Of a run that has ended, or of the cycles before `until`. */
export function layerRuns(
  built: readonly BuiltLayer[],
  design: Design,
  run: Counted,
  spec: PeArraySpec,
  until?: number,
): LayerRun[] {
  const { input, output } = run.traffic
  const { width } = spec.activations
  const first = built.find(({ layer }) => layer.plan.input === 'input')
  const pictureWords = first === undefined ? 0 : inputWords(first.layer.plan, width)
  const { output: leaving, outputBits } = built.at(-1)!.layer.plan
  const resultWords = tensorWords(leaving, outputBits, width)
  const into = transferRun(
    INPUT,
    run.waits.input,
    { read: input, written: 0, words: run.pictures * pictureWords },
    design,
    spec,
  )
  const from = transferRun(
    OUTPUT,
    run.waits.output,
    { read: 0, written: output, words: run.results * resultWords },
    design,
    spec,
  )
  return [
    ...(run.ports.input ? [into] : []),
    ...built.map((each) => arrayRun(each, design, run, spec, until)),
    ...(run.ports.output ? [from] : []),
  ]
}

/** Everything that a run may count. */
export function actionsOf(design: Design): Pick<Count, 'component' | 'action'>[] {
  const memories = Object.values(design.memories).flatMap((memory) => memoryCounts('', memory, 1, 1))
  const dsps = design.logic.some(({ dsp = 0 }) => dsp > 0) ? dspCounts('', 1) : []
  return merge([...logicCounts('', 1, 1, 2), ...dsps, ...memories, ...dramCounts('', 1, 1)]).map(
    ({ component, action }) => ({
      component,
      action,
    }),
  )
}

function transferRun(
  name: string,
  cycles: number,
  { read, written, words }: { readonly read: number; readonly written: number; readonly words: number },
  design: Design,
  spec: PeArraySpec,
): LayerRun {
  const moving = Math.min(cycles, (read + written) / portRate(spec) / DIRECTIONS)
  const work: Work = { shared: false, count: noCount(), cycles, moving, loading: 0, posting: 0 }
  const { width } = spec.activations
  const [into, from] = read > 0 ? [words, 0] : [0, words]
  return {
    name,
    cycles,
    busy: 0,
    stalls: { [name]: cycles },
    operations: {},
    memory: {
      activations: { reads: from, writes: into, bytesRead: (from * width) / 8, bytesWritten: (into * width) / 8 },
      dram: bitsMoved(read, written),
    },
    counts: merge([
      ...design.logic.flatMap((part) => logicCounts(name, part.lut, part.active(work), cycles)),
      ...memoryCounts(name, design.memories.pictures, 0, into),
      ...memoryCounts(name, design.memories.leaving, from, from),
      ...dramCounts(name, read, written),
    ]),
  }
}

function arrayRun(
  { layer, stores }: BuiltLayer,
  design: Design,
  run: Counted,
  spec: PeArraySpec,
  until: number | undefined,
): LayerRun {
  const { plan, post, posted } = layer
  const time = until === undefined ? layer.time : layer.timeUntil(until)
  const { name } = plan
  const count = totalOf(layer)
  const [weights, host] = [run.waits.weights.get(name) ?? 0, run.waits.host.get(name) ?? 0]
  const cycles = time.cycles + weights + host
  const { read, written } = run.traffic.layers.get(name) ?? { read: 0, written: 0 }
  const moving = Math.min(cycles, (read + written) / portRate(spec) / DIRECTIONS)
  const loading = Math.min(cycles, layer.moved.readCycles)
  const posting = posted.pixels * (post?.pixel.lut ?? 0)
  const work: Work = { shared: plan.terms.kind === 'slices', count, cycles, moving, loading, posting }
  const accesses = accessesOf(layer, stores, count, spec)
  // A group counts as it starts: before it is over, that may be more than its cycles.
  const active = (part: Part) => (until === undefined ? part.active(work) : Math.min(cycles, part.active(work)))
  const counts = [
    ...design.logic.flatMap((part) => logicCounts(name, part.lut, active(part), cycles)),
    ...accesses.flatMap(({ memory, reads, writes, together = 1 }) =>
      memoryCounts(name, design.memories[memory], reads, writes / together),
    ),
    ...dspCounts(name, posted.pixels * (post?.pixel.dsp ?? 0)),
    ...dramCounts(name, read, written),
  ]
  const { busy, fill, input, output, idle } = time
  return {
    name,
    cycles,
    busy,
    stalls: { fill, input, output, idle, weights, host },
    operations: { ...operationsOf(layer, count), ...(spec.post === undefined ? {} : postOperationsOf(layer)) },
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

function postOperationsOf({ post, posted }: ArrayLayer): Record<string, number> {
  const { multiplications = 0, shifts = 0 } = post?.pixel ?? {}
  return { multiplications: posted.pixels * multiplications, shifts: posted.pixels * shifts }
}

function operationsOf({ plan }: ArrayLayer, count: EngineCount): Record<string, number> {
  const ofBits = plan.planes.length === 1
  const macs = count.bits / plan.planes.length
  return {
    binaryMacs: ofBits ? macs : 0,
    integerMacs: ofBits ? 0 : macs,
    neededMacs: count.needed / plan.planes.length,
    decided: count.decided,
    idleSteps: count.idleSteps,
    slices: count.slices,
    sliceReads: count.sliceReads,
    additions: count.additions,
    compares: count.compares,
  }
}

interface Accesses {
  readonly memory: MemoryName
  readonly level: string
  readonly reads: number
  readonly writes: number
  /** Writes that are one, side by side. */
  readonly together?: number
  /** Bits of an access. */
  readonly bits: number
}

function accessesOf(
  { plan, post, posted, fromHost, toHost, moved }: ArrayLayer,
  stores: LayerStores,
  count: EngineCount,
  { array, activations, rows, weights, convolvers, post: lanes }: PeArraySpec,
): Accesses[] {
  const access = (memory: MemoryName, level: string, reads: number, writes: number, bits: number): Accesses => ({
    memory,
    level,
    reads,
    writes,
    bits,
  })
  const shared = plan.terms.kind === 'slices'
  const sums = plan.levels === null
  const results = moved.results * plan.kernels
  const copies = rows === 'lock-step' || shared ? 1 : array.channels
  const words = moved.pixels * windowWords(plan, array.bits) * copies
  const { read } = moved
  const ofPicture = plan.input === 'input'
  /** Streamed stores are written once an image. */
  const stored = ({ depth, number }: Store): number => (weights === 'streamed' ? moved.runs * depth * number : 0)
  const table = (memory: MemoryName, level: string, reads: number, store: Store): Accesses =>
    access(memory, level, reads, stored(store), store.width)
  /** Of lanes: a word for what enters in a cycle. */
  const buffer = (memory: MemoryName, width: number): Accesses => {
    const words = width === 0 ? 0 : posted.cycles
    return access(memory, 'results', words, words, width * (lanes?.lanes ?? 0))
  }
  return [
    access('pictures', 'activations', ofPicture ? read : 0, 0, activations.width),
    access(
      'activations',
      'activations',
      ofPicture ? 0 : read,
      (fromHost ? moved.runs * inputWords(plan, activations.width) : 0) + (toHost ? 0 : moved.written),
      activations.width,
    ),
    access('window', 'window', count.columnSteps, words, array.bits),
    ...(shared
      ? [
          table('slices', 'weights', count.convolverSteps * stores.slices.number, stores.slices),
          table('uses', 'index', count.rowSteps, stores.uses),
          {
            ...access('results', 'results', count.sliceReads, count.sliceWrites, bitsIn(plan.taps + 1)),
            together: convolvers,
          },
        ]
      : [table('weights', 'weights', count.rowSteps, stores.weights)]),
    ...(plan.terms.kind === 'deltas'
      ? [table('index', 'index', count.steps, stores.index), table('masks', 'index', count.rowSteps, stores.masks)]
      : []),
    ...(stores.folds.width > 0 ? [table('levels', 'weights', count.rowFolds, stores.folds)] : []),
    access('pending', 'results', sums ? 0 : results, sums ? 0 : results, 1),
    ...(plan.pool > 1 ? [access('pooled', 'sums', count.compares, count.compares, 1)] : []),
    access(
      'sums',
      'sums',
      count.baseReads + (sums ? results : 0),
      count.baseWrites + (sums ? results : 0),
      plan.accumulatorBits,
    ),
    ...(post === null
      ? []
      : [
          table('parameters', 'weights', posted.pixels * post.pixel.elements, stores.parameters),
          // Read and written alike: once on the way in, once on the way out.
          buffer('fetched', post.readWidth),
          buffer('values', post.writeWidth),
        ]),
  ]
}

const inputWords = ({ shape, inputBits }: LayerPlan, width: number): number =>
  tensorWords(shape.input, inputBits, width)

const levelNames = ['weights', 'index', 'activations', 'window', 'sums', 'results'] as const

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
