// Runs a program: image after image, layer after layer, with pictures and, where they are not on the chip, weights coming over
// the memory port ahead of time.

import { Dma } from '../../mem/dma.ts'
import { Kernel } from '../../sim/kernel.ts'
import type { Task } from '../../work/evaluate.ts'
import type { Network } from '../../work/network.ts'
import type { Shape, Tensor } from '../../work/tensor.ts'
import type { RunOptions } from '../machine.ts'
import { Sampling } from '../sampling.ts'
import type { ArrayRun, SampleOf } from './counted.ts'
import { Feed } from './feed.ts'
import type { ArrayLayer } from './layer.ts'
import { SUM_BITS } from './plan.ts'
import type { PostPlan } from './post-plan.ts'
import { bitsOf } from './program.ts'
import type { PeArraySpec } from './spec.ts'
import { Waits } from './waits.ts'

export type BuiltStep =
  | {
      readonly kind: 'array'
      readonly layer: ArrayLayer
      readonly fromHost: boolean
      readonly weightBits: number
    }
  | { readonly kind: 'host'; readonly task: Task }

/** Bits a cycle and direction over the ports; each direction gets half of what the external memory can move. */
export const portRate = ({ device, clock }: PeArraySpec): number =>
  Math.min(device.ports.number.value * device.ports.width.value, (device.bandwidth * 8) / 2 / clock)

export function runProgram(
  steps: readonly BuiltStep[],
  spec: PeArraySpec,
  network: Network,
  pictureBits: number,
  options: RunOptions,
  sampleOf: SampleOf,
): ArrayRun {
  return new Controller(steps, spec, network, pictureBits, options, sampleOf).run()
}

class Controller {
  private readonly kernel: Kernel
  private readonly dma: Dma
  private readonly steps: readonly BuiltStep[]
  private readonly network: Network
  private readonly options: RunOptions
  private readonly feed: Feed
  private readonly pictureBits: number
  private readonly result: ArrayRun & {
    totalCycles: number
    latencyCycles: number
    ends: number[]
    imageCycles: number[]
    imageNeeded: number[]
    outputs: ArrayRun['outputs'][number][]
    pictures: number
    results: number
  }
  private readonly sampling: Sampling
  private image = 0
  private at = 0 // step
  private waitingSince = 0
  private waiting: (() => boolean) | null = null // for what it waits: true once it has gone on
  private waited: (waits: Waits, cycles: number) => void = () => {}
  private ended = 0 // cycle in which the last layer of the image before was done
  private tensors = new Map<string, Tensor>()
  private began = 0 // cycle in which the image did
  private neededBefore = 0

  constructor(
    steps: readonly BuiltStep[],
    spec: PeArraySpec,
    network: Network,
    pictureBits: number,
    options: RunOptions,
    sampleOf: SampleOf,
  ) {
    this.steps = steps
    this.network = network
    this.options = options
    this.kernel = new Kernel(options.order)
    if (options.tracer !== undefined) this.kernel.tracer = options.tracer
    this.dma = new Dma(this.kernel, { name: 'dma', rate: portRate(spec), latency: spec.dma.latency })
    const weights = steps.flatMap((step) => (step.kind === 'array' && step.weightBits > 0 ? [step.weightBits] : []))
    this.pictureBits = pictureBits
    this.feed = new Feed(this.dma, options.images, pictureBits, weights, () => this.waiting?.())
    this.result = {
      totalCycles: 0,
      latencyCycles: 0,
      ends: [],
      imageCycles: [],
      imageNeeded: [],
      outputs: [],
      waits: new Waits(),
      traffic: { input: 0, output: 0, layers: new Map() },
      pictures: 0,
      results: 0,
      ports: { input: pictureBits > 0, output: this.leavesArray(this.leavingNode) },
    }
    this.sampling = new Sampling(options.interval, (cycle) =>
      sampleOf({ ...this.result, waits: this.waitsUntil(cycle) }, cycle, this.result.outputs.length),
    )
  }

  run(): ArrayRun {
    this.feed.start()
    this.beginImage()
    const { kernel, sampling } = this
    for (kernel.run(sampling.next - 1); kernel.due < Infinity; kernel.run(sampling.next - 1)) sampling.take(kernel.now)
    if (this.result.outputs.length < this.options.images)
      throw new Error(`deadlock at cycle ${this.kernel.now} after ${this.result.outputs.length} images`)
    sampling.rest(this.result.totalCycles)
    sampling.end(this.result.totalCycles)
    return this.result
  }

  /** With what has passed of a wait that is not over. */
  private waitsUntil(cycle: number): Waits {
    const { result, image, options } = this
    const waits = result.waits.copy()
    if (this.waiting !== null) this.waited(waits, cycle - this.waitingSince)
    if (image === options.images && result.outputs.length < image) waits.output = cycle - this.ended
    return waits
  }

  /** Waits until `ready`, then goes on in that cycle; `waited` hears for how long. */
  private when(ready: () => boolean, waited: (waits: Waits, cycles: number) => void, go: () => void): void {
    this.waitingSince = this.kernel.now
    this.waited = waited
    this.waiting = () => {
      if (!ready()) return false
      this.waiting = null
      waited(this.result.waits, this.kernel.now - this.waitingSince)
      go()
      return true
    }
    this.waiting()
  }

  private beginImage(): void {
    if (this.image === this.options.images) return
    const waited = (waits: Waits, cycles: number) => {
      waits.input += cycles
    }
    this.when(
      () => this.feed.hasPicture(this.image),
      waited,
      () => {
        this.feed.askPicture()
        this.result.traffic.input += this.pictureBits
        this.result.pictures++
        const { inputs } = this.options
        this.tensors = new Map([['input', inputs[this.image % inputs.length]!]])
        this.at = 0
        this.began = this.kernel.now
        this.step()
      },
    )
  }

  private step(): void {
    const step = this.steps[this.at]
    if (step === undefined) {
      this.endImage()
      return
    }
    this.at++
    if (step.kind === 'host') {
      const { name, inputs, run } = step.task
      this.tensors.set(name, run(inputs.map((input) => this.tensors.get(input)!)))
      this.step()
      return
    }
    if (step.fromHost) {
      const { plan } = step.layer
      const bits = bitsOf(plan.shape.input, plan.inputBits)
      this.layerTraffic(plan.name).read += bits
      this.transfer(
        plan.name,
        (done) => this.dma.read(bits, done),
        () => this.weights(step),
      )
    } else this.weights(step)
  }

  private weights(step: Extract<BuiltStep, { kind: 'array' }>): void {
    const { name } = step.layer.plan
    this.when(
      () => step.weightBits === 0 || this.feed.hasWeights,
      (waits, cycles) => waits.add('weights', name, cycles),
      () => this.layer(step),
    )
  }

  private layer(step: Extract<BuiltStep, { kind: 'array' }>): void {
    const { layer } = step
    const { plan } = layer
    const { image } = this
    // Those of the layer before have been used. Asked for here, the next do not delay what a host sends for this layer.
    this.feed.askWeights()
    layer.run(this.kernel, this.dma, this.tensors, (results) => {
      for (const [node, tensor] of results) {
        this.tensors.set(node, tensor)
        this.options.observe?.(image, node, tensor)
      }
      if (step.weightBits > 0) {
        this.feed.used++
        this.layerTraffic(plan.name).read += step.weightBits
      }
      if (layer.toHost) this.layerTraffic(plan.name).written += bitsOf(plan.output, plan.outputBits)
      if (layer.post !== null) this.lanesTraffic(plan.name, layer.post, plan.shape.output)
      this.step()
    })
  }

  /** What the lanes of a layer read and wrote. */
  private lanesTraffic(name: string, { pixel }: PostPlan, { width, height }: Shape): void {
    const traffic = this.layerTraffic(name)
    traffic.read += width * height * pixel.bitsRead
    traffic.written += width * height * pixel.bitsWritten
  }

  /** From the host. */
  private transfer(name: string, move: (done: () => void) => void, go: () => void): void {
    let moved = false
    move(() => {
      moved = true
      this.waiting?.()
    })
    this.when(
      () => moved,
      (waits, cycles) => waits.add('host', name, cycles),
      go,
    )
  }

  private endImage(): void {
    const { image, tensors, kernel } = this
    const leaving = tensors.get(this.leavingNode)!
    const ended = kernel.now
    this.ended = ended
    this.result.imageCycles.push(ended - this.began)
    const needed = this.needed()
    this.result.imageNeeded.push(needed - this.neededBefore)
    this.neededBefore = needed
    const size = this.result.ports.output ? bitsOf(leaving.shape, leaving.kind === 'bits' ? 1 : SUM_BITS) : 0
    this.result.traffic.output += size
    this.result.results++
    this.dma.write(size, () => {
      const { result } = this
      if (image === 0) result.latencyCycles = kernel.now
      result.ends.push(kernel.now)
      result.totalCycles = kernel.now
      result.outputs.push({ image, leaving })
      if (image === this.options.images - 1) result.waits.output = kernel.now - ended
      this.options.progress?.(result.outputs.length)
    })
    this.image++
    this.beginImage()
  }

  /** What decides, and so leaves the machine. */
  private get leavingNode(): string {
    const { scores, bits = scores } = this.network.decision
    return bits
  }

  /** Whether the array computed it; else the host has it. */
  private leavesArray(node: string): boolean {
    return this.steps.some(
      (step) => step.kind === 'array' && step.layer.plan.node === node && step.layer.plan.outputBits > 0,
    )
  }

  /** Of all images so far. */
  private needed(): number {
    return this.steps.reduce((sum, step) => sum + (step.kind === 'array' ? step.layer.needed : 0), 0)
  }

  private layerTraffic(name: string): { read: number; written: number } {
    const { layers } = this.result.traffic
    const known = layers.get(name) ?? { read: 0, written: 0 }
    layers.set(name, known)
    return known
  }
}
