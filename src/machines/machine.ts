// What every machine kind answers. Shared code (run, sweep, report) never asks
// which kind it has: it calls these.

import type { z } from 'zod'
import type { Count, Traffic } from '../sim/counters.ts'
import type { Order } from '../sim/kernel.ts'
import type { Tracer } from '../sim/tracer.ts'
import type { Tensor } from '../work/tensor.ts'
import type { Workload } from '../work/workload.ts'

export interface LayerRun {
  readonly name: string
  /** Cycles of the run, of which `busy` did this layer's work and `stalls` say why the others did not: they sum. */
  readonly cycles: number
  readonly busy: number
  readonly stalls: Readonly<Record<string, number>>
  /** Operations by name, e.g. `binaryMacs`, for the whole run. */
  readonly operations: Readonly<Record<string, number>>
  /** Traffic by memory level, for the whole run. */
  readonly memory: Readonly<Record<string, Traffic>>
  readonly counts: readonly Count[]
  /** Hardware that the layer occupies, where the machine is built per layer. */
  readonly resources?: Resources
}

/** FPGA resources; fractions are model artefacts and are rounded up where a device is checked. */
export interface Resources {
  readonly lut: number
  /** Of the LUTs, those that serve as memory. */
  readonly lutram: number
  readonly ff: number
  readonly bram36: number
  readonly dsp: number
}

export interface ImageOutput {
  /** Position in the batch. */
  readonly image: number
  /** What left the machine for it: class scores, or bits (1 or -1) where it ends with a threshold. */
  readonly scores: readonly number[]
  readonly class: number
}

export interface MachineRun {
  readonly clockHz: number
  /** Images streamed, counting those whose timing was replayed from a proven steady state. */
  readonly images: number
  /** From start to the last result. */
  readonly totalCycles: number
  /** Images that passed value by value; the timing of the others was replayed. */
  readonly simulatedImages: number
  /** From start to the first image's result. */
  readonly latencyCycles: number
  /**
   * Cycles from one result to the next: those of the steady state where the stream reached one, else the mean over the
   * second half of the images. Null for a single image.
   */
  readonly intervalCycles: number | null
  /** `totalCycles` over `images`. */
  readonly cyclesPerImage: number
  /**
   * By image: cycles, from the start of its first layer to the end of its last, and operations that its values left to do.
   * Of machines whose time can depend on values.
   */
  readonly perImage?: Readonly<Record<'cycles' | 'neededMacs', readonly number[]>>
  readonly layers: readonly LayerRun[]
  /** Layers and other steps that the machine left to others, whose time is not counted, and their part of the multiply-accumulates. */
  readonly outside?: { readonly layers: number; readonly steps: number; readonly macs: number }
  /** Operations of one kind that the machine can do in a cycle, all its layers together, where that is a figure of the machine. */
  readonly peak?: Readonly<Record<string, number>>
  /** Results of the images that were simulated value by value, in image order. */
  readonly outputs: readonly ImageOutput[]
  /** Components of the energy table that draw power all the time, as often as there are such. */
  readonly staticComponents: readonly string[]
  /** Watts of what has its power from elsewhere than the energy table. */
  readonly ownPower: Readonly<Record<string, number>>
  /** What the machine prices itself: dynamic energy of a component, for the whole run. */
  readonly ownEnergy?: readonly OwnEnergy[]
  /** Resources of the whole design and of the device it must fit, for machines on an FPGA. */
  readonly resources?: { readonly used: Resources; readonly available: Resources; readonly device: string }
}

/** What a machine has counted so far: in `totalCycles` cycles, with so many `images` finished. */
export type Sample = Pick<
  MachineRun,
  'clockHz' | 'images' | 'totalCycles' | 'layers' | 'peak' | 'staticComponents' | 'ownPower' | 'ownEnergy'
>

/** Asks for samples while a machine runs. */
export interface Interval {
  /** From one to the next, at least 1. */
  readonly cycles: number
  /** Called at each multiple of `cycles` that comes before the end, or as soon after it as the machine can tell. */
  sample(sample: Sample): void
}

export interface OwnEnergy {
  readonly layer: string
  readonly component: string
  readonly joules: number
}

export interface RunOptions {
  /** Encoded pictures, each the network's `input` tensor; image i of the batch is inputs[i % inputs.length]. */
  readonly inputs: readonly Tensor[]
  /** Images to stream. */
  readonly images: number
  /** Fire same-cycle events in another order; results must not change. */
  readonly order?: Order
  /** False simulates every image even where a steady state is proven; the results are the same. */
  readonly fastForward?: boolean
  /** Told what each unit did when; nothing is fast-forwarded then. */
  readonly tracer?: Tracer
  /** Told what has been counted so far, now and then; nothing is fast-forwarded then. */
  readonly interval?: Interval
  /** Called with the number of images finished, with a fraction where one takes long, as they finish. */
  readonly progress?: (finished: number) => void
  /** Called with each tensor that the machine computed: of which image of the batch, and of which network node. */
  readonly observe?: (image: number, node: string, tensor: Tensor) => void
}

export interface MachineKind<Spec = unknown> {
  readonly kind: string
  readonly summary: string
  /** Shape of the machine's own configuration, quantities already converted. */
  readonly schema: z.ZodType<Spec>
  /** Name of the energy table that the machine is made for, where its configuration has one. */
  energyTable?(spec: Spec): string
  /** What the machine is made of, by what a configuration chooses: for reports. */
  design?(spec: Spec): Readonly<Record<string, string>>
  /** Maps the workload onto the machine. Throws InputError naming layer, facet and remedy where it cannot. */
  lower(workload: Workload, spec: Spec): Lowered
}

/** A machine built for one workload, ready to run any number of times. */
export interface Lowered {
  /** Every component and action that a run may count, and every component that draws power all the time. */
  readonly actions: readonly Pick<Count, 'component' | 'action'>[]
  readonly staticComponents: readonly string[]
  run(options: RunOptions): MachineRun
}
