import { stringify } from 'csv-stringify/sync'
import { type LayerOperations, removed, rules } from '../opt/kernels/operations.ts'
import { shareSimilar } from '../opt/share-similar.ts'
import { counted } from '../report/table.ts'
import { InputError } from '../work/input-error.ts'
import { type Command, printJson } from './command.ts'
import { parsed } from './compress.ts'
import { measuring, networkAndPictures, pictureOptions } from './measure.ts'
import { networkArgument } from './network-option.ts'
import { choice, formatOption, formats, single } from './options.ts'
import { OutputFile } from './output-file.ts'
import { type Point, Points, variantPasses } from './share-points.ts'
import { picture, type Result, text } from './share-text.ts'
import { type Change, sharedOperations, Variants } from './share-variants.ts'

export const shareCommand: Command = {
  name: 'share',
  argument: networkArgument,
  describe: 'Operations and accuracy when kernels share 2-D results',
  options: {
    distance: {
      describe: 'weights of a similar slice that may change sign, of 9: several numbers',
      default: '1,2',
      requiresArg: true,
    },
    changed: {
      describe: 'share of the weights of a layer that may change sign, 0 to 1: several numbers',
      default: '0.005,0.01,0.02,0.05',
      requiresArg: true,
    },
    loss: { describe: 'percent points of accuracy that the best point may lose', default: 1, requiresArg: true },
    'each-layer': { describe: 'find a change of its own for each layer as well', type: 'boolean', default: false },
    svg: { describe: 'file for a picture of the curve (SVG); none without it', requiresArg: true },
    ...pictureOptions,
    ...formatOption,
  },
  examples: [
    {
      line: 'cnv-cifar10 --images test_batch.bin --limit 1000',
      meaning: 'operations saved for the accuracy lost, over 1000 pictures',
    },
    {
      line: 'cnv-cifar10 --loss 0.5 --images test_batch.bin --limit 100',
      meaning: 'the best point that loses half a percent point at most',
    },
    {
      line: 'cnv-cifar10 --images test_batch.bin --limit 100 --svg share.svg',
      meaning: 'the curve, also as a picture',
    },
  ],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const changes = changesOf(args)
    const loss = decimal('loss', args.loss)
    if (!(loss >= 0)) throw new InputError(`expected 0 or more percent points, got ${loss}`, { key: '--loss' })
    const { network, pictures } = networkAndPictures(args)
    const variants = new Variants(network)
    const svg = args.svg === undefined ? undefined : new OutputFile(single('svg', args.svg), 'svg')
    const labelled = pictures.pictures.some(({ label }) => label !== null)
    let points: Points | undefined
    const finished = await measuring(network, pictures, args.quiet === true, async (measure) => {
      points = new Points(variants, loss, measure)
      await points.exact()
      for (const change of changes) await points.similar(change)
      if (!labelled) return
      for (const distance of new Set(changes.map(({ distance }) => distance))) await points.search(distance)
      if (args['each-layer'] === true) await points.searchLayers(withAll(changes))
    })
    const result = { network, loss, points: points!.all.toSorted(byKind), best: points!.best() }
    if (format === 'csv')
      process.stdout.write(stringify(result.points.map(row), { header: true, columns: [...columns] }))
    else if (format === 'json') printJson(document(result, variants))
    else process.stdout.write(text(result, variants))
    if (finished) {
      svg?.write(picture(result))
      svg?.close()
      return
    }
    process.stderr.write(`bnnsim: stopped after ${counted(result.points.length, 'point')}\n`)
    process.exitCode = 130
  },
}

function changesOf({ distance, changed }: Readonly<Record<string, unknown>>): Change[] {
  const list = (flag: string, given: unknown) =>
    single(flag, given)
      .split(',')
      .map((text) => decimal(flag, text))
  const shares = list('changed', changed)
  const changes = list('distance', distance).flatMap((distance) => shares.map((changed) => ({ distance, changed })))
  for (const change of changes) parsed(shareSimilar.schema, change)
  return changes
}

function decimal(flag: string, given: unknown): number {
  const text = single(flag, given).trim()
  if (text !== '' && Number.isFinite(Number(text))) return Number(text)
  throw new InputError(`expected a number, got '${text}'`, { key: `--${flag}` })
}

/** The changes, and those of each distance that is not limited to a share of the weights. */
const withAll = (changes: readonly Change[]): Change[] => [
  ...changes,
  ...[...new Set(changes.map(({ distance }) => distance))].map((distance) => ({ distance, changed: 1 })),
]

const kinds: readonly Point['slices'][] = ['equal', 'equal, inverse', 'similar', 'layers']

const byKind = (a: Point, b: Point): number =>
  kinds.indexOf(a.slices) - kinds.indexOf(b.slices) ||
  (a.distance ?? 0) - (b.distance ?? 0) ||
  (a.changed ?? a.signs) - (b.changed ?? b.signs)

const columns = [
  'slices',
  'distance',
  'changed',
  'signs',
  'removedResults',
  'removedBits',
  'images',
  'correct',
  'accuracy',
  'lost',
  'error',
] as const

const row = ({ slices, distance, changed, changes, signs, all, images, correct, accuracy, lost, error }: Point) => ({
  slices,
  distance,
  changed,
  ...(changes === undefined ? {} : { changes }),
  signs,
  removedResults: removed('results', all),
  removedBits: removed('bits', all),
  images,
  correct,
  accuracy,
  lost,
  error,
})

const layerRow = (operations: LayerOperations) => ({
  ...operations,
  removedResults: removed('results', operations),
  removedBits: removed('bits', operations),
})

function document({ network, loss, points, best }: Result, { base }: Variants) {
  const { layers, all } = sharedOperations(base)
  return {
    network: network.name,
    source: network.source,
    rules: Object.fromEntries(Object.entries(rules).map(([name, { summary }]) => [name, summary])),
    exact: [...layers, all].map(layerRow),
    points: points.map(row),
    loss,
    best: best.map((point) => ({
      ...row(point),
      passes: variantPasses(point),
      layers: [...point.layers, point.all].map(layerRow),
    })),
  }
}
