// Builds a netlist and streams images through it.

import { BurstReader, BurstWriter, type MemoryPortSpec } from '../../mem/memory-port.ts'
import { Kernel } from '../../sim/kernel.ts'
import { Stream } from '../../sim/stream.ts'
import type { StreamUnit } from '../../units/pipeline.ts'
import { copyBits } from '../../work/bit-range.ts'
import { type Tensor, wordsOf } from '../../work/tensor.ts'
import type { RunOptions, Sample } from '../machine.ts'
import { Sampling } from '../sampling.ts'
import type { Netlist } from './netlist.ts'
import { type Period, SteadyState } from './steady.ts'
import { fieldsOf, type ResultFormat, TappedTarget } from './tap.ts'

/** What the machine made of one image. */
export interface FrameResult {
  /** Position in the batch. */
  readonly image: number
  readonly outputs: readonly number[]
}

/** What has been counted so far. */
export interface Counted {
  readonly totalCycles: number
  /** `units[i]` and `streams[i]` of the netlist. */
  readonly units: readonly StreamUnit[]
  readonly pushed: readonly number[]
  readonly memory: { readonly wordsRead: number; readonly wordsWritten: number }
}

export interface StreamRun extends Counted {
  readonly latencyCycles: number
  readonly intervalCycles: number | null
  readonly cyclesPerImage: number
  readonly frames: readonly FrameResult[]
}

/** `sampleOf` makes a sample of what was counted when so many images were finished. */
export function stream(
  netlist: Netlist,
  port: MemoryPortSpec,
  result: ResultFormat,
  options: RunOptions,
  sampleOf: (counted: Counted, images: number) => Sample,
): StreamRun {
  const { images } = options
  const kernel = new Kernel(options.order)
  kernel.tracer = options.tracer ?? null
  const fastForward = (options.fastForward ?? true) && kernel.tracer === null && options.interval === undefined
  const inputs = options.inputs.map((tensor) => frameWords(tensor, netlist.bitsIn))
  const order: number[] = [] // image of each frame that was simulated, as they begin
  const frames: FrameResult[] = []
  const ends: number[] = [] // cycle of each simulated result's response
  let skippedFrames = 0
  let skippedCycles = 0
  let begun = false
  let period: Period | null = null

  const reader = new BurstReader(kernel, port, netlist.bitsIn / port.width, images, () => {
    const image = order.length + skippedFrames
    order.push(image)
    begun = true
    if (images > 1 && period === null) kernel.stop()
    return inputs[image % inputs.length]!
  })
  const writer = new BurstWriter(kernel, port, netlist.bitsOut / port.width, images, (words) => {
    const image = order[frames.length]!
    frames.push({ image, outputs: fieldsOf(words, port.width, result) })
    ends.push(kernel.now + 1 + port.writeLatency)
    options.progress?.(frames.length + skippedFrames)
  })

  const streams = netlist.streams.map(({ name, width, depth }) => new Stream(name, kernel, { width, depth }))
  const targets = streams.map((each, i) => {
    const { tap } = netlist.streams[i]!
    const { observe } = options
    if (tap === null || observe === undefined) return each
    return new TappedTarget(each, tap, (ordinal, tensor) => observe(order[ordinal]!, tap.node, tensor))
  })
  const units = netlist.units.map((unit, i) =>
    unit.make(kernel, { input: streams[i - 1] ?? reader, output: targets[i] ?? writer }, images),
  )
  const counts = [
    ...units.flatMap((unit) => [unit.count, unit.cycles]),
    reader.count,
    writer.count,
    ...streams.map((s) => s.count),
  ]
  const steady = new SteadyState(kernel, units, [...units, ...streams, reader, writer], counts)
  const counted = (totalCycles: number): Counted => ({
    totalCycles,
    units,
    pushed: streams.map((each) => each.count.pushed),
    memory: { wordsRead: reader.count.words, wordsWritten: writer.count.words },
  })
  const sampling = new Sampling(options.interval, (cycle) => {
    for (const unit of units) unit.settle(cycle)
    return sampleOf(counted(cycle), ends.filter((end) => end <= cycle).length)
  })

  do {
    begun = false
    kernel.run(sampling.next - 1)
    if (kernel.now === sampling.next) sampling.take(kernel.now)
    if (!begun || period !== null) continue
    for (const unit of units) unit.settle(kernel.now)
    period = steady.observe(order.length)
    // At least one frame is left to come, so that no unit runs out of frames within a period that is left out.
    const periods = period === null || !fastForward ? 0 : Math.floor((reader.framesLeft - 1) / period.frames)
    if (period === null || periods < 1) continue
    steady.repeat(period, periods)
    skippedFrames = periods * period.frames
    skippedCycles = periods * period.cycles
    for (const part of [...units, reader, writer]) part.skip(skippedFrames)
  } while (kernel.due < Infinity)
  if (frames.length + skippedFrames < images) {
    const waiting = units.map((unit) => `${unit.name} ${unit.state}`).join(', ')
    throw new Error(`deadlock at cycle ${kernel.now + skippedCycles} after ${frames.length} frames: ${waiting}`)
  }
  sampling.rest(writer.doneAt)
  sampling.end(writer.doneAt)
  for (const unit of units) unit.close(writer.doneAt)

  const totalCycles = writer.doneAt + skippedCycles
  return {
    ...counted(totalCycles),
    latencyCycles: ends[0]!,
    intervalCycles: intervalOf(period, ends),
    cyclesPerImage: totalCycles / images,
    frames,
  }
}

/** Of the steady state where the stream reached one, else the mean over the second half. */
function intervalOf(period: Period | null, ends: readonly number[]): number | null {
  if (period !== null) return period.cycles / period.frames
  if (ends.length < 2) return null
  const middle = Math.floor((ends.length - 1) / 2)
  return (ends.at(-1)! - ends[middle]!) / (ends.length - 1 - middle)
}

/** An encoded picture as it lies in memory: 8-bit elements or bits, pixel by pixel, zeros behind, in 32-bit lanes. */
function frameWords(tensor: Tensor, bits: number): Uint32Array {
  const words = new Uint32Array(wordsOf(bits))
  const { channels, height, width } = tensor.shape
  if (tensor.kind === 'bits') {
    for (let pixel = 0; pixel < height * width; pixel++)
      copyBits(tensor.words, pixel * wordsOf(channels) * 32, words, pixel * channels, channels)
  } else {
    const bytes = new Uint8Array(words.buffer)
    tensor.data.forEach((value, i) => {
      bytes[i] = value & 0xff
    })
  }
  return words
}
