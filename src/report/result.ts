// The result document: what a run of an experiment found, as plain values.

import { basename } from 'node:path'
import type { Energy } from '../energy/price.ts'
import type { MachineRun, Resources } from '../machines/machine.ts'
import type { Traffic } from '../sim/counters.ts'
import type { ResourceName } from './resource-figures.ts'

type ByName<T> = Readonly<Record<string, T>>

/** Meaning and unit of every entry: figures.ts. */
export interface ResultDocument {
  readonly format: 'bnnsim-result/1'
  readonly experiment: string
  readonly title?: string
  readonly network: string
  readonly weights: string
  readonly pictures: string
  readonly machine: string
  readonly energyTable: string
  readonly seed: number
  readonly version: string
  readonly variants: readonly VariantResult[]
}

export interface VariantResult {
  readonly name: string
  readonly passes: string
  readonly lossy: boolean
  readonly machine: string
  readonly design: ByName<string>
  readonly energyTable: string
  readonly clockHz: number
  readonly images: number
  readonly simulatedImages: number
  readonly cyclesPerImage: number
  readonly intervalCycles: number | null
  readonly outside?: { readonly layers: number; readonly steps: number; readonly macs: number }
  readonly spread?: { readonly cycles: Spread; readonly neededMacs: Spread }
  readonly latencyCycles: number
  readonly latencySeconds: number
  readonly totalCycles: number
  readonly totalSeconds: number
  readonly imagesPerSecond: number
  readonly speedup: number
  readonly energyPerImageJoules: number
  readonly energy: ByName<number>
  readonly staticEnergy: ByName<number>
  readonly accuracy: Accuracy
  readonly checked: Required<Checked>
  readonly operations: ByName<number>
  readonly memory: ByName<Readonly<Traffic>>
  readonly perCycle?: ByName<number>
  readonly ofPeak?: ByName<number>
  readonly peak?: ByName<number>
  readonly resources?: { readonly device: string } & Readonly<
    Record<ResourceName, { readonly used: number; readonly available: number }>
  >
  readonly layers: readonly LayerResult[]
}

/** How images differ. */
export interface Spread {
  readonly deviation: number
  readonly least: number
  readonly most: number
}

export interface LayerResult {
  readonly name: string
  readonly cycles: number
  readonly busy: number
  readonly stalls: ByName<number>
  readonly energyPerImageJoules: number
  readonly energy: ByName<number>
  readonly operations: ByName<number>
  readonly memory: ByName<Readonly<Traffic>>
  readonly perCycle?: ByName<number>
  readonly ofPeak?: ByName<number>
  readonly resources?: Readonly<Record<ResourceName, { readonly used: number }>>
}

export interface Accuracy {
  readonly images: number
  readonly pictures: number
  readonly correct: number | null
}

export interface Checked {
  readonly tensors: number
  readonly values: number
  /** None where whoever compares refuses to go on after the first. */
  readonly mismatches?: number
  /** Largest difference of a score, as part of the largest score, where sums of reals were rounded in another order. */
  readonly deviation?: number
}

export interface VariantRun {
  readonly name: string
  /** The passes applied, with their options; and whether one of them may change values. */
  readonly passes: string
  readonly lossy: boolean
  /** Names of machine and energy table. */
  readonly machine: string
  /** What the machine is made of, by what its configuration chooses. */
  readonly design: ByName<string>
  readonly energyTable: string
  readonly run: MachineRun
  /** Of the whole run. */
  readonly energy: Energy
  readonly accuracy: Accuracy
  readonly checked: Checked
}

/** The variant with its speedup over `baseline`. */
export const compared = (
  variant: VariantResult,
  baseline: Pick<VariantResult, 'cyclesPerImage' | 'clockHz'>,
): VariantResult => ({
  ...variant,
  speedup: baseline.cyclesPerImage / baseline.clockHz / (variant.cyclesPerImage / variant.clockHz),
})

/** Of a variant that is compared with none but itself. */
export function variantResult({ run, energy, accuracy, checked, ...names }: VariantRun): VariantResult {
  const { clockHz, images, cyclesPerImage, latencyCycles, totalCycles, resources } = run
  const totalSeconds = totalCycles / clockHz
  const perImage = (value: number): number => value / images
  const layers = run.layers.map((layer): LayerResult => {
    const { name, cycles, busy, stalls } = layer
    const parts = mapValues(energy.layers[name] ?? {}, perImage)
    return {
      name,
      cycles: perImage(cycles),
      busy: perImage(busy),
      stalls: mapValues(stalls, perImage),
      energyPerImageJoules: sum(Object.values(parts)),
      energy: parts,
      operations: mapValues(layer.operations, perImage),
      memory: mapValues(layer.memory, (traffic) => mapValues(traffic, perImage)),
      ...rates(run, layer.operations, cycles),
      ...(layer.resources === undefined ? {} : { resources: usedOnly(layer.resources) }),
    }
  })
  const operations = totals(run.layers.map((layer) => layer.operations))
  const still = Object.entries(energy.components).filter(([, part]) => part.static > 0)
  return {
    ...names,
    clockHz,
    images,
    simulatedImages: run.simulatedImages,
    cyclesPerImage,
    intervalCycles: run.intervalCycles,
    ...(run.outside === undefined ? {} : { outside: run.outside }),
    ...(run.perImage === undefined ? {} : { spread: mapValues(run.perImage, spreadOf) }),
    latencyCycles,
    latencySeconds: latencyCycles / clockHz,
    totalCycles,
    totalSeconds,
    imagesPerSecond: images / totalSeconds,
    speedup: 1,
    energyPerImageJoules: perImage(energy.total),
    energy: mapValues(energy.components, (part) => perImage(part.dynamic + part.static)),
    staticEnergy: Object.fromEntries(still.map(([component, part]) => [component, perImage(part.static)])),
    accuracy: { ...accuracy, correct: accuracy.images === 0 ? null : accuracy.correct },
    checked: { mismatches: 0, deviation: 0, ...checked },
    operations: mapValues(operations, perImage),
    memory: memoryTotals(run, perImage),
    ...rates(run, operations, totalCycles),
    ...(run.peak === undefined ? {} : { peak: run.peak }),
    ...(resources === undefined ? {} : { resources: { device: resources.device, ...ofAvailable(resources) } }),
    layers,
  }
}

interface ResultParts {
  readonly experiment: {
    readonly name: string
    readonly title?: string
    readonly seed: number
    /** Path of a model file. */
    readonly weights?: string
    readonly images: { readonly file?: string }
  }
  readonly network: { readonly name: string; readonly weights: 'trained' | 'seeded' }
  readonly machine: { readonly name: string }
  /** Energy table. */
  readonly energy: string
  /** Of bnnsim. */
  readonly version: string
  /** The baseline first. */
  readonly variants: readonly VariantResult[]
}

export function resultDocument({
  experiment,
  network,
  machine,
  energy,
  version,
  variants,
}: ResultParts): ResultDocument {
  const { name, title, seed } = experiment
  return {
    format: 'bnnsim-result/1',
    experiment: name,
    ...(title === undefined ? {} : { title }),
    ...originOf(experiment, network),
    machine: machine.name,
    energyTable: energy,
    seed,
    version,
    variants,
  }
}

/** Where values come from. */
export const originOf = (
  { weights, images }: Pick<ResultParts['experiment'], 'weights' | 'images'>,
  network: ResultParts['network'],
): Pick<ResultDocument, 'network' | 'weights' | 'pictures'> => ({
  network: network.name,
  weights: weights === undefined ? network.weights : basename(weights),
  pictures: images.file === undefined ? 'drawn' : basename(images.file),
})

/** The document as the text of a JSON file. */
export const resultJson = (result: ResultDocument): string => `${JSON.stringify(result, null, 2)}\n`

function memoryTotals({ layers }: MachineRun, perImage: (value: number) => number): Record<string, Traffic> {
  const levels = [...new Set(layers.flatMap(({ memory }) => Object.keys(memory)))]
  const total = (level: string): Traffic => {
    const add = (key: keyof Traffic): number => perImage(sum(layers.map(({ memory }) => memory[level]?.[key] ?? 0)))
    return {
      reads: add('reads'),
      writes: add('writes'),
      bytesRead: add('bytesRead'),
      bytesWritten: add('bytesWritten'),
    }
  }
  return Object.fromEntries(levels.map((level) => [level, total(level)]))
}

function totals(parts: readonly ByName<number>[]): Record<string, number> {
  const keys = [...new Set(parts.flatMap((part) => Object.keys(part)))]
  return Object.fromEntries(keys.map((key) => [key, sum(parts.map((part) => part[key] ?? 0))]))
}

/** Of those operations that have a peak and were done. */
function rates(
  { peak = {} }: MachineRun,
  operations: ByName<number>,
  cycles: number,
): Pick<LayerResult, 'perCycle' | 'ofPeak'> {
  const done = Object.entries(peak).filter(([kind]) => (operations[kind] ?? 0) > 0)
  if (done.length === 0) return {}
  const perCycle = Object.fromEntries(done.map(([kind]) => [kind, operations[kind]! / cycles]))
  return { perCycle, ofPeak: mapValues(perCycle, (rate, kind) => rate / peak[kind]!) }
}

function spreadOf(values: readonly number[]): Spread {
  const mean = sum(values) / values.length
  const deviation = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length)
  return { deviation, least: Math.min(...values), most: Math.max(...values) }
}

const usedOnly = (used: Resources) => byResource((name) => ({ used: used[name] }))

const ofAvailable = ({ used, available }: { readonly used: Resources; readonly available: Resources }) =>
  byResource((name) => ({ used: used[name], available: available[name] }))

const byResource = <T>(of: (name: ResourceName) => T): Record<ResourceName, T> => ({
  lut: of('lut'),
  lutram: of('lutram'),
  ff: of('ff'),
  bram36: of('bram36'),
  dsp: of('dsp'),
})

const mapValues = <K extends string, T, U>(record: Readonly<Record<K, T>>, of: (value: T, key: K) => U): Record<K, U> =>
  Object.fromEntries(Object.entries<T>(record).map(([key, value]) => [key, of(value, key as K)])) as Record<K, U>

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0)
