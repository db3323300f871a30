// One layer on the array: engines and tables that stay, and a run of them for each image.

import type { Dma } from '../../mem/dma.ts'
import { SerialPort } from '../../mem/serial-port.ts'
import type { Kernel } from '../../sim/kernel.ts'
import { type State, states } from '../../units/activity.ts'
import type { Engine, ResultSink } from '../../units/array/engine.ts'
import type { Fold } from '../../units/array/fold.ts'
import { FoldEngine } from '../../units/array/fold-engine.ts'
import { Loader } from '../../units/array/loader.ts'
import { PostLanes, type PostWork } from '../../units/array/post.ts'
import { Sequencer } from '../../units/array/sequencer.ts'
import { SliceEngine } from '../../units/array/slice-engine.ts'
import { type Write, Writer } from '../../units/array/writer.ts'
import { popcountStages } from '../../units/matrix-vector.ts'
import { setBit } from '../../work/bits.ts'
import { bitTensor, intTensor, type Tensor, wordsOf } from '../../work/tensor.ts'
import { foldsOf } from './folds.ts'
import { type Group, groupsOf, lanesOf } from './groups.ts'
import type { LayerPlan } from './plan.ts'
import type { PostPlan } from './post-plan.ts'
import { PostValues } from './post-values.ts'
import type { ArrayStep } from './program.ts'
import type { PeArraySpec } from './spec.ts'
import { Windows } from './windows.ts'

/** From the issue of a step to its decision. */
export const foldDepth = ({ array, depths }: Pick<PeArraySpec, 'array' | 'depths'>): number =>
  popcountStages(array.bits) + depths.fold

/** Where the cycles of a layer went: those of its sequencers, on average. */
export type LayerTime = { cycles: number } & Record<State, number>

/** What a layer is on the array, whatever the image. */
export interface LayerTables {
  readonly plan: LayerPlan
  /** What follows in the lanes, if anything. */
  readonly post: PostPlan | null
  readonly fromHost: boolean
  /** Results leave for a host as they come. */
  readonly toHost: boolean
  readonly groups: readonly Group[]
  /** By sequencer; empty where slices are shared. */
  readonly folds: readonly (readonly Fold[])[]
}

/** Kernels that one row works on at most. */
export const foldsIn = ({ plan, folds }: Pick<LayerTables, 'plan' | 'folds'>, { array }: PeArraySpec): number =>
  plan.terms.kind === 'slices' ? Math.ceil(plan.kernels / array.channels) : Math.max(...folds.map((own) => own.length))

export const tablesOf = ({ plan, post, fromHost, toHost }: ArrayStep, spec: PeArraySpec): LayerTables => ({
  plan,
  post,
  fromHost,
  toHost,
  groups: groupsOf(plan, spec),
  folds: plan.terms.kind === 'slices' ? [] : foldsOf(plan, spec),
})

/** Tensors by name. */
export type Results = ReadonlyMap<string, Tensor>

export class ArrayLayer {
  readonly plan: LayerPlan
  readonly post: PostPlan | null
  readonly fromHost: boolean
  readonly toHost: boolean
  readonly groups: readonly Group[]
  readonly engines: readonly Engine[]
  readonly time: LayerTime = { cycles: 0, busy: 0, fill: 0, input: 0, output: 0, idle: 0 }
  /** Output pixels that have passed the lanes, and cycles in which elements entered them. */
  readonly posted = { pixels: 0, cycles: 0 }
  /** Runs begun; of groups whose windows are there, pixels, words read for them and cycles of that; of groups handed on, words and complete pixels. */
  readonly moved = { runs: 0, pixels: 0, read: 0, readCycles: 0, written: 0, results: 0 }

  private readonly lanes: number
  private readonly readDepth: number
  private readonly windows: Windows
  private output: Tensor
  private running: { readonly sequencers: readonly Sequencer[]; readonly began: number } | null = null

  constructor({ plan, post, fromHost, toHost, groups, folds }: LayerTables, spec: PeArraySpec) {
    this.plan = plan
    this.post = post
    this.lanes = spec.post?.lanes ?? 0
    this.fromHost = fromHost
    this.toHost = toHost
    this.groups = groups
    this.readDepth = spec.depths.read
    this.windows = new Windows(plan, spec.array.pixels)
    this.output = outputOf(plan)
    const sink: ResultSink = { put: (pixel, kernel, value) => this.put(pixel, kernel, value) }
    this.engines =
      plan.terms.kind === 'slices'
        ? [new SliceEngine(sliceSpec(plan, spec), plan.terms.slices, this.windows.words, sink)]
        : folds.map((own) => new FoldEngine(foldSpec(plan, spec), own, this.windows.words, plan.weights, sink))
  }

  /**
   * Runs the layer on its input, one of the `tensors` that are there, from the present cycle on; `finished` gets what leaves it
   * in the cycle from which it can be read. Results for a host and values of the lanes leave through `dma`.
   */
  run(kernel: Kernel, dma: Dma, tensors: Results, finished: (results: Results) => void): void {
    const began = kernel.now
    const { name, node } = this.plan
    const { groups, post } = this
    const input = tensors.get(this.plan.input)!
    this.moved.runs++
    const values = post === null ? null : new PostValues(this.plan, post, tensors)
    this.output = values?.sums ?? outputOf(this.plan)
    const work = {
      groups: groups.length,
      cycles: (group: number) => groups[group]!.read.cycles + (group === 0 ? this.readDepth : 0),
      fill: (group: number, half: number) => {
        this.fetched(groups[group]!)
        this.windows.fill(groups[group]!, half, input)
      },
    }
    const wakeAll = () => {
      for (const each of sequencers) each.wake()
    }
    const finish = (results: Results) => {
      this.running = null
      this.account(sequencers, kernel.now, kernel.now - began)
      finished(results)
    }
    const loader = new Loader(`${name}.loader`, kernel, work, this.engines.length, wakeAll)
    const port = new SerialPort(`${name}.writer`, kernel, 0)
    const keep: Write = this.toHost
      ? (group, done) => dma.write(this.bitsOf(groups[group]!), done)
      : (group, done) => port.move(groups[group]!.write.cycles, done)
    const lanes =
      post === null || values === null
        ? null
        : this.lanesFor(kernel, post, this.postWork(post, values, dma, keep), () => finish(values.results()))
    const write: Write = lanes === null ? keep : (_, taken) => lanes.offer(taken)
    const handOn: Write = (group, done) => {
      this.handedOn(groups[group]!)
      write(group, done)
    }
    const writer = new Writer(groups.length, this.engines.length, pendingOf(this.plan), handOn, () => {
      if (writer.done && lanes === null) finish(new Map([[node, this.output]]))
      else wakeAll()
    })
    const sequencers = this.engines.map((engine, i) => {
      const track = this.engines.length === 1 ? name : `${name} row ${i}`
      return new Sequencer(track, kernel, engine, groups, loader, writer)
    })
    this.running = { sequencers, began }
    loader.begin()
    lanes?.begin()
  }

  /** `stored` is called when the last of their results are. */
  private lanesFor(kernel: Kernel, { depth }: PostPlan, work: PostWork, stored: () => void): PostLanes {
    const lanes = new PostLanes(`${this.plan.name}.lanes`, kernel, { lanes: this.lanes, depth }, work, () => {
      if (lanes.done) stored()
    })
    return lanes
  }

  /** Values go to the external memory; bits are kept, or leave with them. */
  private postWork(post: PostPlan, values: PostValues, dma: Dma, keep: Write): PostWork {
    const { groups, posted } = this
    const { elements, bitsRead, bitsWritten } = post.pixel
    return {
      groups: groups.length,
      elements: (group) => groups[group]!.active * elements,
      fetch: (group, done) => dma.readFirst(groups[group]!.active * bitsRead, done),
      compute: (group) => {
        const { pixels, active } = groups[group]!
        posted.pixels += active
        posted.cycles += Math.ceil((active * elements) / this.lanes)
        values.compute(pixels[0]!, active)
      },
      store: (group, done) => {
        let left = 2
        const part = () => {
          if (--left === 0) done()
        }
        dma.write(groups[group]!.active * bitsWritten, part)
        if (post.bits === null) part()
        else keep(group, part)
      },
    }
  }

  /** Multiply-accumulates that all results so far needed. */
  get needed(): number {
    return this.engines.reduce((sum, { count }) => sum + count.needed, 0) / this.plan.planes.length
  }

  /** Bits of the results of a group. */
  private bitsOf({ active, last }: Group): number {
    return last ? active * this.plan.output.channels * this.plan.outputBits : 0
  }

  /** Where the cycles went before `cycle`, a run that is not over included. */
  timeUntil(cycle: number): LayerTime {
    if (this.running === null) return this.time
    const { sequencers, began } = this.running
    const time = { ...this.time }
    for (const { activity } of sequencers) activity.settle(cycle)
    addTime(time, sequencers, cycle - began)
    return time
  }

  private fetched({ active, read }: Group): void {
    const { moved } = this
    moved.pixels += active
    moved.read += read.words
    moved.readCycles += read.cycles
  }

  private handedOn({ active, last, write }: Group): void {
    this.moved.written += write.words
    if (last) this.moved.results += active
  }

  private account(sequencers: readonly Sequencer[], now: number, cycles: number): void {
    for (const { activity } of sequencers) activity.close(now)
    addTime(this.time, sequencers, cycles)
  }

  private put(pixel: number, kernel: number, value: number): void {
    const { output, plan } = this
    const { channels } = output.shape
    if (output.kind === 'bits') {
      if (value !== 0) setBit(output.words, pixel * wordsOf(channels), kernel, true)
      return
    }
    const border = plan.borders.of[pixel]!
    output.data[pixel * channels + kernel] = plan.scale * value + plan.offsets[border * plan.kernels + kernel]!
  }
}

function addTime(time: LayerTime, sequencers: readonly Sequencer[], cycles: number): void {
  time.cycles += cycles
  for (const { activity } of sequencers)
    for (const state of states) time[state] += activity.cycles[state] / sequencers.length
}

/** Groups whose results can wait: bits in a FIFO, sums in the PEs. */
export const pendingOf = ({ levels }: LayerPlan): number => (levels === null ? 2 : 16)

function outputOf({ levels, output }: LayerPlan): Tensor {
  return levels === null ? intTensor(output) : bitTensor(output)
}

/** What engines take of a plan and a machine. */
export const foldSpec = (plan: LayerPlan, spec: PeArraySpec) => ({
  columns: spec.array.pixels,
  bits: plan.bits,
  words: plan.words,
  planes: plan.planes,
  levels: plan.levels,
  kernels: plan.kernels,
  depth: foldDepth(spec),
  stop: plan.terms.stop,
})

export const sliceSpec = (plan: LayerPlan, spec: PeArraySpec) => ({
  rows: spec.array.channels,
  columns: spec.array.pixels,
  taps: plan.taps,
  channels: plan.channels,
  kernels: plan.kernels,
  lanes: lanesOf(plan, spec.array.bits),
  convolvers: spec.convolvers,
  depth: spec.depths.add,
  planes: plan.planes,
  levels: plan.levels,
})
