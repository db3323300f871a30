// Which statistics figures become, and how gem5's format names, counts and describes them.

import type { layerFigures, variantFigures } from './figures.ts'

/** As gem5 writes units (its src/base/stats/units.hh). */
type Base = 'Count' | 'Cycle' | 'Second' | 'Byte' | 'Joule' | 'Ratio' | 'Unspecified'
export type Unit = Base | `(${Base}/${Base})`

export interface Statistic {
  /** `{}` is what stands in braces in the figure's key; behind `::` it is an element of a vector. */
  readonly name: string
  readonly unit: Unit
  readonly description: string
  /** The figure is of one image: times the images, it is of the run. */
  readonly perImage?: true
  /** Elements of the vector are parts of a whole: shares are shown, and their total. */
  readonly parts?: true
}

/** A statistic, or why a figure is none. */
export type StatisticsOf<Figures> = Readonly<Record<keyof Figures, Statistic | string>>

const inText = 'text: result.json and config.yaml have it'

const stat = (name: string, unit: Unit, description: string): Statistic => ({ name, unit, description })
const total = (name: string, unit: Unit, description: string): Statistic => ({
  ...stat(name, unit, description),
  perImage: true,
})
const parts = (name: string, unit: Unit, description: string): Statistic => ({
  ...total(name, unit, description),
  parts: true,
})

const common = {
  'perCycle.{operation}': stat('perCycle::{}', '(Count/Cycle)', 'Operations in a cycle, on average'),
  'ofPeak.{operation}': stat('ofPeak::{}', 'Ratio', 'The same as part of the most that the machine can do'),
  'operations.{operation}': total('operations::{}', 'Count', 'Operations by kind'),
  'memory.{level}.reads': total('mem.{}.reads', 'Count', 'Read accesses'),
  'memory.{level}.writes': total('mem.{}.writes', 'Count', 'Write accesses'),
  'memory.{level}.bytesRead': total('mem.{}.bytesRead', 'Byte', 'Bytes read'),
  'memory.{level}.bytesWritten': total('mem.{}.bytesWritten', 'Byte', 'Bytes written'),
} as const

/** In the order in which they are written. */
export const variantStatistics = {
  totalSeconds: stat('simSeconds', 'Second', 'Number of seconds simulated'),
  totalCycles: stat('simCycles', 'Cycle', 'Number of cycles simulated'),
  clockHz: stat('simFreq', '(Cycle/Second)', 'Clock of the machine'),
  images: stat('simImages', 'Count', 'Images finished'),
  simulatedImages: stat('simulatedImages', 'Count', 'Images that passed value by value'),
  cyclesPerImage: stat('cyclesPerImage', '(Cycle/Count)', 'Cycles that an image takes on average'),
  intervalCycles: stat('intervalCycles', 'Cycle', 'Cycles from one result to the next'),
  latencyCycles: stat('latencyCycles', 'Cycle', "Cycles to the first image's result"),
  latencySeconds: stat('latencySeconds', 'Second', "Time to the first image's result"),
  imagesPerSecond: stat('imagesPerSecond', '(Count/Second)', 'Images in a second'),
  speedup: stat('speedup', 'Ratio', 'How many times faster than the baseline an image is'),
  lossy: stat('lossy', 'Unspecified', '1 where a pass may change what the network computes'),
  'spread.cycles.deviation': stat('spread.cycles.deviation', 'Cycle', 'Standard deviation of the cycles of an image'),
  'spread.cycles.least': stat('spread.cycles.least', 'Cycle', 'Fewest cycles of an image'),
  'spread.cycles.most': stat('spread.cycles.most', 'Cycle', 'Most cycles of an image'),
  'spread.neededMacs.deviation': stat(
    'spread.neededMacs.deviation',
    'Count',
    'Standard deviation of the multiply-accumulates that an image needed',
  ),
  'spread.neededMacs.least': stat('spread.neededMacs.least', 'Count', 'Fewest that an image needed'),
  'spread.neededMacs.most': stat('spread.neededMacs.most', 'Count', 'Most that an image needed'),
  'outside.layers': stat('outside.layers', 'Count', 'Layers left to a host'),
  'outside.steps': stat('outside.steps', 'Count', 'Other steps left to a host'),
  'outside.macs': stat('outside.macs', 'Ratio', 'Their part of the multiply-accumulates'),
  'accuracy.images': stat('accuracy.images', 'Count', 'Images whose class was compared with a label'),
  'accuracy.pictures': stat('accuracy.pictures', 'Count', 'Different pictures among them'),
  'accuracy.correct': stat('accuracy.correct', 'Count', 'Images of them whose class is their label'),
  'checked.tensors': stat('checked.tensors', 'Count', 'Tensors compared with the golden evaluation'),
  'checked.values': stat('checked.values', 'Count', 'Values in them'),
  'checked.mismatches': stat('checked.mismatches', 'Count', 'Values of them that differ'),
  'checked.deviation': stat('checked.deviation', 'Ratio', 'Largest difference of a score, of the largest score'),
  'peak.{operation}': stat('peak::{}', '(Count/Cycle)', 'Operations that the machine can do in a cycle'),
  ...common,
  'energy.{component}': parts('energy::{}', 'Joule', 'Energy by component, dynamic and static'),
  'staticEnergy.{component}': parts('staticEnergy::{}', 'Joule', 'Part of it that flows whatever the machine does'),
  'resources.lut.used': stat('resources.lut.used', 'Count', 'Look-up tables taken'),
  'resources.lutram.used': stat('resources.lutram.used', 'Count', 'Look-up tables taken as memory'),
  'resources.ff.used': stat('resources.ff.used', 'Count', 'Flip-flops taken'),
  'resources.bram36.used': stat('resources.bram36.used', 'Count', 'Block RAMs of 36 Kib taken'),
  'resources.dsp.used': stat('resources.dsp.used', 'Count', 'DSP slices taken'),
  'resources.lut.available': stat('resources.lut.available', 'Count', 'Look-up tables of the device'),
  'resources.lutram.available': stat('resources.lutram.available', 'Count', 'Those that can be memory'),
  'resources.ff.available': stat('resources.ff.available', 'Count', 'Flip-flops of the device'),
  'resources.bram36.available': stat('resources.bram36.available', 'Count', 'Block RAMs of the device'),
  'resources.dsp.available': stat('resources.dsp.available', 'Count', 'DSP slices of the device'),
  name: 'in the name of simVariant',
  machine: inText,
  energyTable: inText,
  'design.{choice}': inText,
  passes: inText,
  'resources.device': inText,
  energyPerImageJoules: 'energy::total over simImages',
} as const satisfies StatisticsOf<typeof variantFigures>

/** The name of the layer and a dot stand before each. */
export const layerStatistics = {
  cycles: total('cycles', 'Cycle', 'Cycles as the layer sees them'),
  busy: total('busy', 'Cycle', 'Cycles in which its leading unit worked'),
  'stalls.{reason}': parts('stalls::{}', 'Cycle', 'Cycles in which it did not'),
  ...common,
  'energy.{component}': parts('energy::{}', 'Joule', 'Dynamic energy by component'),
  'resources.lut.used': stat('resources.lut.used', 'Count', 'Look-up tables taken'),
  'resources.lutram.used': stat('resources.lutram.used', 'Count', 'Look-up tables taken as memory'),
  'resources.ff.used': stat('resources.ff.used', 'Count', 'Flip-flops taken'),
  'resources.bram36.used': stat('resources.bram36.used', 'Count', 'Block RAMs of 36 Kib taken'),
  'resources.dsp.used': stat('resources.dsp.used', 'Count', 'DSP slices taken'),
  name: 'before the dot',
  energyPerImageJoules: 'energy::total over simImages',
} as const satisfies StatisticsOf<typeof layerFigures>
