import { stringify } from 'csv-stringify/sync'
import type { z } from 'zod'
import { codedAssembly } from '../machines/arm/coded-assembly.ts'
import { loadNetwork } from '../model/load.ts'
import { clusterKernels } from '../opt/cluster-kernels.ts'
import { codedKernels, compressKernels } from '../opt/compress-kernels.ts'
import { applyPasses, type PassChoice, passesText } from '../opt/index.ts'
import { type Ratios, ratiosOf } from '../opt/kernels/ratio.ts'
import { column, fixed, numbers, table, wrapped } from '../report/table.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { workload } from '../work/lower.ts'
import type { Network } from '../work/network.ts'
import { complaint } from '../work/schema-complaint.ts'
import type { Workload } from '../work/workload.ts'
import { type Command, printJson } from './command.ts'
import { networkArgument, seedOption, weightsOption } from './network-option.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'
import { OutputFile } from './output-file.ts'

const codes = ['huffman', 'limited', 'grouped'] as const
const owners = ['layer', 'network'] as const

export const compressCommand: Command = {
  name: 'compress',
  argument: networkArgument,
  describe: 'Code the 3x3 binary kernels of a network: how much smaller',
  options: {
    code: { describe: 'huffman, limited or grouped', default: 'grouped', requiresArg: true, names: () => codes },
    longest: { describe: 'bits of the longest codeword of a limited code (12)', requiresArg: true },
    groups: { describe: 'bits of index of each group, such as 4,5,6,8,9; the best without it', requiresArg: true },
    tables: {
      describe: 'whose code: one for each layer, or one for the network',
      default: 'layer',
      requiresArg: true,
      names: () => owners,
    },
    keep: { describe: 'cluster first: sequences kept (256, where only --distance is given)', requiresArg: true },
    distance: { describe: 'of clustering: weights of a kernel that may change (1)', requiresArg: true },
    ...weightsOption,
    'real-bits': { describe: 'bits of a real weight, for the whole model', default: 32, requiresArg: true },
    ...seedOption,
    layer: { describe: 'the layer that --assembly writes', requiresArg: true },
    assembly: { describe: "file for a layer's coded kernels as assembly data", requiresArg: true },
    ...formatOption,
  },
  examples: [
    { line: 'cnv-cifar10', meaning: 'bits of a kernel of each layer in the best grouped code' },
    { line: 'reactnet-a --code huffman --real-bits 8', meaning: 'Huffman codes; the whole model with reals of 8 bits' },
    {
      line: 'cnv-cifar10 --keep 64 --distance 2',
      meaning: 'after clustering, which changes two weights of a kernel at most',
    },
    {
      line: 'cnv-cifar10 --layer conv1 --assembly weights.s',
      meaning: "a layer's codewords and tables, for an assembly program",
    },
  ],
  handler: (args) => {
    const format = choice('format', formats, args.format)
    const realBits = whole('real-bits', 1, args['real-bits'])
    const code = choice('code', codes, args.code)
    const tables = choice('tables', owners, args.tables)
    const longest = args.longest === undefined ? {} : { longest: whole('longest', 1, args.longest) }
    const groups =
      args.groups === undefined
        ? {}
        : {
            groups: single('groups', args.groups)
              .split(',')
              .map((bits) => whole('groups', 0, bits.trim())),
          }
    const passes = [
      ...(args.keep === undefined && args.distance === undefined ? [] : [clustering(args.keep, args.distance)]),
      { name: compressKernels.name, options: parsed(compressKernels.schema, { code, tables, ...longest, ...groups }) },
    ]
    const weights = args.weights === undefined ? {} : { weightsFile: single('weights', args.weights) }
    const seed = whole('seed', 0, args.seed)
    const network = loadNetwork(String(args.network), { seed, ...weights })
    const work = workload(network)
    const assembly = assemblyOption(args, work)
    const coded = blaming(args, () => applyPasses(work, passes))
    const ratios = ratiosOf(coded, realBits)
    const origin = `${network.weights} weights${network.weights === 'seeded' ? ` of seed ${seed}` : ''}; ${network.source}`
    const about = `${network.name}: ${origin}. ${passesText(passes)}.`
    assembly?.file.write(assemblyOf(coded, assembly.layer, about))
    assembly?.file.close()
    if (format === 'csv') process.stdout.write(stringify([...ratios.layers, ratios.all], { header: true }))
    else if (format === 'json')
      printJson({
        network: network.name,
        source: network.source,
        weights: network.weights,
        passes,
        realBits,
        ...ratios,
      })
    else process.stdout.write(text(network, passes, realBits, ratios))
  },
}

/** What `body` gives; what a layer's sequences do not fit is the flag that says how they are coded. */
function blaming<T>(args: Readonly<Record<string, unknown>>, body: () => T): T {
  const flag = ['groups', 'longest'].find((name) => args[name] !== undefined)
  try {
    return body()
  } catch (error) {
    if (!(error instanceof InputError) || flag === undefined) throw error
    throw new InputError(error.message, { key: `--${flag}` })
  }
}

/** `--assembly FILE --layer NAME`, of a layer with kernels to code. */
function assemblyOption(args: Readonly<Record<string, unknown>>, { layers, network }: Workload) {
  const refused = (problem: string, key = '--layer') => new InputError(problem, { key })
  if (args.assembly === undefined) {
    if (args.layer === undefined) return undefined
    throw refused('expected with --assembly only')
  }
  const coded = layers.filter(codedKernels).map(({ name }) => name)
  if (coded.length === 0) throw refused(`${network.name} has no layer of bits with 3x3 kernels`, '--assembly')
  const expected = `; expected ${coded.join(', ')}`
  if (args.layer === undefined) throw refused(`missing${expected}`)
  const layer = single('layer', args.layer)
  if (!layers.some(({ name }) => name === layer))
    throw refused(`no layer '${layer}'${didYouMean(layer, coded) || expected}`)
  if (!coded.includes(layer)) throw refused(`'${layer}' is no layer of bits with 3x3 kernels${expected}`)
  return { layer, file: new OutputFile(single('assembly', args.assembly), 'assembly') }
}

function assemblyOf({ layers }: Workload, name: string, about: string): string {
  const { weights } = layers.find((layer) => layer.name === name)!
  if (weights.encoding !== 'coded') throw new Error(`layer ${name} is not coded`)
  return codedAssembly(weights.weights, weights.code, `Layer ${name} of ${about}`)
}

export function clustering(keep: unknown, distance: unknown) {
  const given = {
    ...(keep === undefined ? {} : { keep: whole('keep', 1, keep) }),
    ...(distance === undefined ? {} : { distance: whole('distance', 1, distance) }),
  }
  return { name: clusterKernels.name, options: parsed(clusterKernels.schema, given) }
}

/** A pass's options from flags of the same names. */
export function parsed<T>(schema: z.ZodType<T>, given: object): T {
  const { data, error } = schema.safeParse(given)
  if (error === undefined) return data as T
  const { path, problem } = complaint(schema, error.issues, given)
  throw new InputError(problem, { key: `--${String(path[0])}` })
}

function text(
  network: Network,
  passes: readonly PassChoice[],
  realBits: number,
  { layers, all, modelBits, codedModelBits, modelRatio }: Ratios,
): string {
  const title = wrapped(`${network.name}: ${network.weights} weights; ${network.source}`)
  if (layers.length === 0) return `${title}It has no binary 3x3 kernels.\n`
  const rows = [...layers, all]
  const columns = [
    { label: 'layer', unit: '', words: true, cells: rows.map(({ layer }) => layer) },
    column('kernels', '3x3', numbers(rows.map(({ sequences }) => sequences))),
    column('distinct', '', numbers(rows.map(({ distinct }) => distinct))),
    column(
      'entropy',
      'bits',
      rows.map(({ entropy }) => fixed(entropy, 3)),
    ),
    column(
      'coded',
      'bits',
      rows.map(({ coded }) => fixed(coded, 3)),
    ),
    column('table', 'bytes', numbers(rows.map(({ tableBits }) => Math.ceil(tableBits / 8)))),
    column(
      'ratio',
      'x',
      rows.map(({ ratio }) => fixed(ratio, 3)),
    ),
  ]
  const [before, after] = numbers([modelBits / 8000, codedModelBits / 8000])
  const smaller = modelRatio >= 1
  const times = `${fixed(smaller ? modelRatio : 1 / modelRatio, 3)} times ${smaller ? 'less' : 'more: coding does not pay'}`
  const seeded =
    ' Kernels of seeded weights are drawn as often as trained small networks have them: what is saved is that of their histogram.'
  const notes =
    'Bits are of one 3x3 kernel of a pair of channels, which has nine; entropy is the least that a code of its own for each layer, or one for all, could take. ' +
    'Ratio: nine bits for each, over stream and table. ' +
    `All weights of the network, reals of ${realBits} bits: ${before} kB, coded ${after} kB, ${times}.` +
    (network.weights === 'seeded' ? seeded : '')
  return `${title}${wrapped(passesText(passes))}\n${table(columns)}\n${wrapped(notes)}`
}
