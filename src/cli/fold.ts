import { z } from 'zod'
import { header, isPath, listConfigs, loadConfig } from '../config/load.ts'
import { type FoldReport, foldReport, streaming } from '../machines/streaming/index.ts'
import { type StreamingSpec, specSchema } from '../machines/streaming/spec.ts'
import { styleNames } from '../machines/streaming/styles.ts'
import { loadNetwork } from '../model/load.ts'
import { loadPictures } from '../model/pictures.ts'
import { type Column, percent, table } from '../report/table.ts'
import { encode } from '../work/evaluate.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { workload } from '../work/lower.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { configNames } from './names.ts'
import { networkArgument } from './network-option.ts'
import { choice, single, textOrJson, whole } from './options.ts'

/** Images of the two streams with which a plan is tried out. */
const TRIAL = [32, 64] as const

export const foldCommand: Command = {
  name: 'fold',
  argument: networkArgument,
  describe: 'Choose PE and SIMD of each layer for a rate, and try them out',
  options: {
    device: {
      describe: "FPGA, as 'bnnsim list devices' prints them, or YAML file",
      default: 'xc7z020',
      requiresArg: true,
      names: configNames('devices'),
    },
    fps: { describe: 'images a second to reach; this or --max', requiresArg: true },
    max: { describe: 'the highest rate that fits the device', type: 'boolean', default: false },
    clock: { describe: "such as '200 MHz'; that of the machine's file when left out", requiresArg: true },
    machine: {
      describe: 'streaming machine to take all else from; one that ships for the device when left out',
      requiresArg: true,
      names: configNames('machines'),
    },
    style: {
      describe: "timing of the units: rtl or hls; that of the machine's file when left out",
      requiresArg: true,
      names: () => styleNames,
    },
    ...textOrJson,
  },
  examples: [
    {
      line: 'cnv-cifar10 --device xc7z045 --fps 10000',
      meaning: 'PE and SIMD of each layer for 10,000 images a second',
    },
    {
      line: 'cnv-cifar10 --device xc7z020 --max --clock "150 MHz"',
      meaning: 'the highest rate that fits a small FPGA at another clock',
    },
  ],
  handler: (args) => {
    const format = choice('format', ['text', 'json'], args.format)
    const network = loadNetwork(String(args.network))
    const { spec, plan, trial } = byFlag(args.max === true, () => planFor(network, specOf(args)))
    if (format === 'text') process.stdout.write(text(network, spec, plan, trial))
    else {
      const { device, clock, style } = spec
      printJson({ network: network.name, device: device.name, clockHz: clock, style, ...plan, simulated: trial })
    }
  },
}

/** What `work` gives; its InputErrors name the flag of `bnnsim fold` that the entry came from. */
function byFlag<T>(max: boolean, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError) || error.place.file !== undefined || error.place.key === undefined) throw error
    const { key } = error.place
    const flag = key.replace(/^--set folding(\.fps)?$|^machine\.folding(\.fps)?$/, max ? '--max' : '--fps')
    throw new InputError(error.message.slice(`${key}: `.length), { key: flag.replace(/^--set /, '--') })
  }
}

interface Planned {
  readonly spec: StreamingSpec
  readonly plan: FoldReport
  readonly trial: Trial
}

/**
 * A plan for the highest rate, or one that reaches its rate when tried out: windows, ports and back-pressure can make
 * a stream slower than its slowest layer, so a plan that falls short is made anew for a higher rate.
 */
function planFor(network: Network, spec: StreamingSpec): Planned {
  const { folding } = spec
  if (folding === 'max' || Array.isArray(folding)) return tried(network, spec)
  let best = tried(network, spec)
  for (let attempt = 0; attempt < ATTEMPTS && best.trial.imagesPerSecond < folding.fps; attempt++) {
    const next = higher(
      network,
      spec,
      Math.ceil((folding.fps * folding.fps * 1.01) / best.trial.imagesPerSecond) * (attempt + 1),
    )
    if (next === null) break
    best = next
  }
  if (best.trial.imagesPerSecond >= folding.fps) return best
  const reached = `reaches ${count(best.trial.imagesPerSecond)} images/s when simulated`
  throw new InputError(`no plan was found for ${count(folding.fps)} images/s; the last one ${reached}`, {
    key: '--fps',
  })
}

const ATTEMPTS = 4

function tried(network: Network, spec: StreamingSpec): Planned {
  return { spec, plan: foldReport(workload(network), spec), trial: tryOut(network, spec) }
}

/** Null where the device or the network allows no such rate. */
function higher(network: Network, spec: StreamingSpec, fps: number): Planned | null {
  try {
    return tried(network, { ...spec, folding: { fps } })
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function specOf(args: Readonly<Record<string, unknown>>): StreamingSpec {
  if ((args.fps === undefined) === (args.max !== true))
    throw new InputError('expected either --fps N or --max', { key: '--fps' })
  const folding = args.max === true ? 'max' : `{ fps: ${whole('fps', 1, args.fps)} }`
  const device = deviceName(single('device', args.device))
  const machine = args.machine === undefined ? shippedFor(device) : single('machine', args.machine)
  const set = [`device=${device}`, `folding=${folding}`]
  if (args.clock !== undefined) set.push(`clock=${single('clock', args.clock)}`)
  if (args.style !== undefined) set.push(`style=${single('style', args.style)}`)
  return loadConfig('machines', machine, machineFile, { set }).spec
}

/** A machine file that must be of this kind. */
const machineFile = specSchema
  .extend({ ...header, kind: z.literal('streaming') })
  .transform(({ name: _name, title: _title, kind: _kind, ...spec }): { spec: StreamingSpec } => ({ spec }))

/** The machine that ships for a device, so that a plan gets its clock. */
const shippedFor = (device: string): string =>
  listConfigs('machines')
    .filter(({ kind }) => kind === streaming.kind)
    .map(({ name }) => name)
    .find((name) => {
      const { spec } = loadConfig('machines', name, machineFile)
      return spec.device.name === device && spec.folding === 'max'
    }) ?? 'streaming-z7020'

function deviceName(given: string): string {
  if (isPath(given)) return given
  const names = listConfigs('devices').map(({ name }) => name)
  const name = given.toLowerCase()
  if (names.includes(name)) return name
  throw new InputError(`expected one of ${names.join(', ')}, got '${given}'${didYouMean(name, names)}`, {
    key: '--device',
  })
}

interface Trial {
  readonly latencyCycles: number
  /** In the second half of the longer stream. */
  readonly interval: number
  readonly imagesPerSecond: number
}

function tryOut(network: Network, spec: StreamingSpec): Trial {
  const { pictures } = loadPictures('drawn', network.picture, { count: 1 })
  const inputs = pictures.map(({ pixels }) => encode(network, pixels))
  const machine = streaming.lower(workload(network), spec)
  const [short, long] = TRIAL.map((images) => machine.run({ inputs, images }))
  const interval = (long!.totalCycles - short!.totalCycles) / (TRIAL[1] - TRIAL[0])
  return { latencyCycles: long!.latencyCycles, interval, imagesPerSecond: spec.clock / interval }
}

const resources = ['lut', 'ff', 'bram36', 'dsp'] as const

const count = (value: number): string => Math.round(value).toLocaleString('en')

function text(network: Network, spec: StreamingSpec, plan: FoldReport, trial: Trial): string {
  const column = (label: string, of: (layer: FoldReport['layers'][number]) => number): Column => ({
    label,
    unit: '',
    cells: plan.layers.map((layer) => count(of(layer))),
  })
  const columns = [
    { label: 'layer', unit: '', words: true, cells: plan.layers.map(({ name }) => name) },
    column('PE', ({ pe }) => pe),
    column('SIMD', ({ simd }) => simd),
    column('cycles', ({ cycles }) => cycles),
    column('LUT', ({ resources }) => resources.lut),
    column('FF', ({ resources }) => resources.ff),
    column('BRAM36', ({ resources }) => resources.bram36),
  ]
  const used = resources
    .map((key) => `${count(plan.used[key])} of ${count(plan.available[key])} ${key.toUpperCase()}`)
    .join(', ')
  const ceilings = resources
    .map((key) => `${percent(spec.device.ceilings[key].value)} % ${key.toUpperCase()}`)
    .join(', ')
  const yaml = plan.layers.map(({ pe, simd, fifo }) => `  - { pe: ${pe}, simd: ${simd}, fifo: ${fifo} }`)
  return [
    `${network.name} on ${spec.device.name} at ${spec.clock / 1e6} MHz, style ${spec.style}`,
    '',
    table(columns),
    `Slowest layer: ${count(plan.interval)} cycles an image, ${count(plan.imagesPerSecond)} images/s at most.`,
    `Simulated: ${count(trial.interval)} cycles an image, ${count(trial.imagesPerSecond)} images/s; the first of a stream takes ${count(trial.latencyCycles)} cycles.`,
    `Used: ${used}.`,
    `Ceilings: ${ceilings}.`,
    '',
    'For a machine file:',
    'folding:',
    ...yaml,
    '',
  ].join('\n')
}
