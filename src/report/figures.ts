// Every figure that a result has: reports take headings and units from here, CSV its
// columns, and docs/results.md is made of it. Keys are paths in the JSON document; a part
// in braces stands for any name of that kind, `[]` for the entries of a list.

import { outside, spread } from './machine-figures.ts'
import { resources } from './resource-figures.ts'

export interface Figure {
  readonly unit: string
  readonly meaning: string
  /** How it is computed. */
  readonly how: string
  readonly shown?: Shown
}

/** How tables for people head a figure: in `unit`, of which one of the figure's own is `scale`. */
export interface Shown {
  readonly label: string
  readonly unit: string
  readonly scale: number
}

export type Figures = Readonly<Record<string, Figure>>

const none = ''

export const documentFigures = {
  format: { unit: none, meaning: 'Format and version of the document.', how: 'Always `bnnsim-result/1`.' },
  experiment: { unit: none, meaning: 'Name of the experiment.', how: 'As configured.' },
  title: { unit: none, meaning: 'What the experiment is about; absent where it has no title.', how: 'As configured.' },
  network: { unit: none, meaning: 'Name of the network.', how: 'As loaded.' },
  weights: {
    unit: none,
    meaning:
      "Where its weights are from: `trained` or `seeded` where they are the network's own, else the model file's name.",
    how: 'As configured.',
  },
  pictures: {
    unit: none,
    meaning: 'Name of the image file; `drawn` for pictures that bnnsim draws.',
    how: 'As configured.',
  },
  machine: { unit: none, meaning: 'Name of the machine of the first variant.', how: 'As configured.' },
  energyTable: { unit: none, meaning: 'Name of the energy table of the first variant.', how: 'As configured.' },
  seed: { unit: none, meaning: 'Seed of drawn pictures and of seeded weights.', how: 'As configured.' },
  version: { unit: none, meaning: 'Version of bnnsim that made the result.', how: 'From the package.' },
} as const satisfies Figures

const common = {
  'perCycle.{operation}': {
    unit: 'operations/cycle',
    meaning: 'Operations of one kind in a cycle, on average, of which the machine can do a known number at most.',
    how: '`operations` over `cycles` of a layer, or over `cyclesPerImage`.',
  },
  'ofPeak.{operation}': {
    unit: 'ratio',
    meaning: 'The same as part of the most that the machine can do.',
    how: '`perCycle` / `peak`.',
    shown: { label: 'of peak', unit: '%', scale: 100 },
  },
  'operations.{operation}': {
    unit: 'operations',
    meaning:
      'Operations of one kind for one image: on FPGA machines as the hardware carries them out, padded rows included; on ARM machines those that the network asks for, and executed instructions with the products that they computed.',
    how: 'Counted over the whole run, divided by `images`.',
  },
  'memory.{level}.reads': {
    unit: 'accesses',
    meaning: 'Read accesses of one memory level for one image.',
    how: 'Counted over the whole run, divided by `images`.',
  },
  'memory.{level}.writes': {
    unit: 'accesses',
    meaning: 'Write accesses of one memory level for one image.',
    how: 'Counted over the whole run, divided by `images`.',
  },
  'memory.{level}.bytesRead': {
    unit: 'bytes',
    meaning: 'Bytes read from one memory level for one image.',
    how: 'Bits that each access moves, over 8, summed over the whole run, divided by `images`.',
  },
  'memory.{level}.bytesWritten': {
    unit: 'bytes',
    meaning: 'Bytes written to one memory level for one image.',
    how: 'Bits that each access moves, over 8, summed over the whole run, divided by `images`.',
  },
} as const satisfies Figures

export const variantFigures = {
  name: {
    unit: none,
    meaning: 'Name of the variant; `baseline` has no passes.',
    how: 'As configured.',
    shown: { label: 'variant', unit: '', scale: 1 },
  },
  machine: {
    unit: none,
    meaning: 'Name of the machine.',
    how: 'As configured.',
    shown: { label: 'machine', unit: '', scale: 1 },
  },
  energyTable: {
    unit: none,
    meaning: 'Name of the energy table.',
    how: 'As configured.',
    shown: { label: 'energy table', unit: '', scale: 1 },
  },
  'design.{choice}': {
    unit: none,
    meaning:
      'What the machine is made of: for ARM machines core, memory, kernels, fusion, what decodes coded weights, and bytes of a block of rows; for PE arrays channels x pixels x bits, bits skipped as one, how rows are driven, convolvers of a lane, and where weights lie. Changed entries within these do not show.',
    how: 'As configured.',
  },
  passes: {
    unit: none,
    meaning: 'The passes that were applied, in order, with all of their options; empty for the baseline.',
    how: 'As configured.',
  },
  lossy: {
    unit: none,
    meaning:
      'Whether one of them may change what the network computes: values are compared with what it computes then.',
    how: 'As the passes declare.',
  },
  clockHz: {
    unit: 'Hz',
    meaning: 'Clock of the machine, whose cycles all figures count.',
    how: 'As configured.',
    shown: { label: 'clock', unit: 'MHz', scale: 1e-6 },
  },
  images: { unit: 'images', meaning: 'Images of the run.', how: 'As configured.' },
  simulatedImages: {
    unit: 'images',
    meaning: 'Images that passed value by value; the timing of the others repeats a proven steady state exactly.',
    how: 'Counted.',
  },
  cyclesPerImage: {
    unit: 'cycles',
    meaning: 'Cycles that an image of the run takes on average, filling the pipeline included.',
    how: '`totalCycles` / `images`.',
    shown: { label: 'cycles', unit: 'per image', scale: 1 },
  },
  intervalCycles: {
    unit: 'cycles',
    meaning: 'Cycles from one result to the next once the stream flows; null for a single image.',
    how: 'That of the steady state where the stream reached one, else the mean over the second half of the images.',
    shown: { label: 'interval', unit: 'cycles', scale: 1 },
  },
  ...outside,
  ...spread('cycles', 'cycles', 'Cycles from the start of the first layer to the end of the last'),
  ...spread('neededMacs', 'operations', 'Multiply-accumulates that its results needed'),
  latencyCycles: {
    unit: 'cycles',
    meaning: "Cycles from the start to the first image's result.",
    how: 'Counted.',
  },
  latencySeconds: {
    unit: 's',
    meaning: "Time from the start to the first image's result.",
    how: '`latencyCycles` / `clockHz`.',
    shown: { label: 'latency', unit: 'µs', scale: 1e6 },
  },
  totalCycles: { unit: 'cycles', meaning: 'Cycles from the start to the last result.', how: 'Counted.' },
  totalSeconds: {
    unit: 's',
    meaning: 'Time from the start to the last result.',
    how: '`totalCycles` / `clockHz`.',
  },
  imagesPerSecond: {
    unit: 'images/s',
    meaning: 'Rate of the run, filling the pipeline included: the more images, the less that weighs.',
    how: '`images` / `totalSeconds`.',
    shown: { label: 'rate', unit: 'images/s', scale: 1 },
  },
  speedup: {
    unit: 'ratio',
    meaning: 'How many times faster than the baseline an image is; 1 for the baseline.',
    how: "The baseline's `cyclesPerImage` / `clockHz` over the variant's.",
    shown: { label: 'speedup', unit: 'x', scale: 1 },
  },
  energyPerImageJoules: {
    unit: 'J',
    meaning: 'Energy of one image, dynamic and static, of everything that the energy table prices, and of the device.',
    how: 'Counts of the run x energy per action, plus static power x `totalSeconds`, divided by `images`.',
    shown: { label: 'energy', unit: 'µJ/image', scale: 1e6 },
  },
  'energy.{component}': {
    unit: 'J',
    meaning: 'Energy of one component for one image, dynamic and static; they sum to `energyPerImageJoules`.',
    how: 'As `energyPerImageJoules`, for one component.',
  },
  'staticEnergy.{component}': {
    unit: 'J',
    meaning: 'Part of `energy` that flows whatever the machine does, for components that draw power all the time.',
    how: 'Static power x `totalSeconds` / `images`.',
  },
  'accuracy.images': {
    unit: 'images',
    meaning: 'Images whose class was compared with a label.',
    how: 'Counts those of `images` that have a label.',
  },
  'accuracy.pictures': {
    unit: 'pictures',
    meaning: 'Different pictures among these images: with more images than pictures, they repeat.',
    how: 'Counted.',
  },
  'accuracy.correct': {
    unit: 'images',
    meaning: 'Images of these whose class is their label; null without labels.',
    how: 'Counted; the class left the machine or, of pictures that no simulated image showed, is evaluated exactly.',
    shown: { label: 'accuracy', unit: 'correct', scale: 1 },
  },
  'checked.tensors': {
    unit: 'tensors',
    meaning: 'Tensors inside and at the end of the machine that were compared with golden evaluation.',
    how: 'Counts each layer output of each of `simulatedImages`.',
  },
  'checked.values': { unit: 'values', meaning: 'Values in these tensors.', how: 'Counted.' },
  'checked.mismatches': {
    unit: 'values',
    meaning: 'Values of these that differ; anything but 0 is a defect of the simulator.',
    how: 'Compared with the same value of the golden evaluation, given the values before it: bit for bit, but for sums of reals and what follows from them before the next compared tensor, which may differ by 1e-5 of the largest value.',
  },
  'checked.deviation': {
    unit: none,
    meaning: 'Largest difference of a score from golden evaluation of the whole network, as part of the largest score.',
    how: '0 unless sums of reals were rounded in another order; a bit that this flips makes later ones differ by more than rounding.',
  },
  ...common,
  'peak.{operation}': {
    unit: 'operations/cycle',
    meaning: 'Operations of one kind that the machine can do in a cycle.',
    how: "ARM cores: 128 binary MACs over the least time that the core's pipes need for their eor, cnt and add.",
  },
  'resources.device': { unit: none, meaning: 'Device that the design is for.', how: 'As configured.' },
  ...resources('used', 'Taken by the whole design.', 'Estimated from geometry and folding, rounded up.'),
  ...resources('available', 'How many the device has.', 'From the table of the device.'),
} as const satisfies Figures

export const layerFigures = {
  name: {
    unit: none,
    meaning: 'Name of the layer, or `input` and `output` for what moves images in and results out.',
    how: 'From the network.',
    shown: { label: 'layer', unit: '', scale: 1 },
  },
  cycles: {
    unit: 'cycles',
    meaning: 'Cycles of an image as the layer sees them; where layers take turns, those of the layer.',
    how: '`busy` + the sum of `stalls`, over the whole run, divided by `images`.',
    shown: { label: 'cycles', unit: 'per image', scale: 1 },
  },
  busy: {
    unit: 'cycles',
    meaning: "Cycles in which the layer's leading unit worked, for one image.",
    how: 'Counted by the unit over the whole run, divided by `images`.',
    shown: { label: 'busy', unit: 'cycles', scale: 1 },
  },
  'stalls.{reason}': {
    unit: 'cycles',
    meaning: 'Cycles in which the unit did not work, by reason, for one image.',
    how: 'Counted by the unit over the whole run, divided by `images`.',
    shown: { label: 'main stall', unit: '', scale: 1 },
  },
  energyPerImageJoules: {
    unit: 'J',
    meaning: 'Dynamic energy of the layer for one image; static power belongs to no layer.',
    how: 'Counts of the layer x energy per action, divided by `images`.',
    shown: { label: 'energy', unit: 'µJ', scale: 1e6 },
  },
  'energy.{component}': {
    unit: 'J',
    meaning: 'Dynamic energy of one component in the layer for one image.',
    how: 'As `energyPerImageJoules`, for one component.',
  },
  ...common,
  ...resources('used', 'Taken by the layer, where each has hardware of its own.', 'As for the whole, not rounded.'),
} as const satisfies Figures

/** Every entry of the result document with the whole path as key. */
export const resultFigures: Figures = {
  ...documentFigures,
  ...under('variants[].', variantFigures),
  ...under('variants[].layers[].', layerFigures),
}

function under(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([key, figure]) => [prefix + key, figure]))
}

/** Matches the paths that `key` describes; its group is the name in braces. */
export function pathPattern(key: string): RegExp {
  const [before, after] = key.split(/\{\w+\}/).map((part) => part.replaceAll(/[.[\]]/g, '\\$&'))
  return new RegExp(after === undefined ? `^${before}$` : `^${before}(.+)${after}$`)
}
