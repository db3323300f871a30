import { stringify } from 'csv-stringify/sync'
import { compressKernels } from '../opt/compress-kernels.ts'
import { applyPasses, type PassChoice } from '../opt/index.ts'
import { ratiosOf } from '../opt/kernels/ratio.ts'
import { curveSvg } from '../report/curve-svg.ts'
import { column, counted, fixed, numbers, table, wrapped } from '../report/table.ts'
import { workload } from '../work/lower.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { clustering } from './compress.ts'
import { type Measure, measuring, networkAndPictures, pictureOptions } from './measure.ts'
import { networkArgument } from './network-option.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'
import { OutputFile } from './output-file.ts'

/** What is left of a network when so many sequences are kept. */
interface Point {
  readonly keep: number
  /** Bits of a 3x3 kernel in the best grouped code of its layer, and what that makes of the kernels and of all weights. */
  readonly codedBits: number
  readonly ratio: number
  readonly modelRatio: number
  readonly images: number
  readonly correct: number | null
  readonly accuracy: number | null
}

export const clusterCommand: Command = {
  name: 'cluster',
  argument: networkArgument,
  describe: 'Accuracy and size when rare 3x3 kernels become frequent ones',
  options: {
    keep: {
      describe: '3x3 kernels kept in each layer, of 512: several numbers',
      default: '512,256,128,64,32',
      requiresArg: true,
    },
    distance: { describe: 'weights of a kernel that may change, of 9', default: 9, requiresArg: true },
    'real-bits': { describe: 'bits of a real weight, for all weights', default: 32, requiresArg: true },
    svg: { describe: 'file for a picture of the curve (SVG); none without it', requiresArg: true },
    ...pictureOptions,
    ...formatOption,
  },
  examples: [
    {
      line: 'cnv-cifar10 --images test_batch.bin --limit 1000 --svg a.svg',
      meaning: 'the curve over 1000 pictures of CIFAR-10, also as a picture',
    },
    {
      line: 'cnv-cifar10 --keep 128,64 --distance 2 --limit 10',
      meaning: 'two points of it on ten drawn pictures, of milder changes',
    },
  ],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const realBits = whole('real-bits', 1, args['real-bits'])
    const keeps = single('keep', args.keep).split(',')
    const passes = keeps.map((keep) => clustering(keep.trim(), args.distance))
    const { network, pictures } = networkAndPictures(args)
    const svg = args.svg === undefined ? undefined : new OutputFile(single('svg', args.svg), 'svg')
    const points: Point[] = []
    const finished = await measuring(network, pictures, args.quiet === true, async (measure) => {
      for (const pass of passes) points.push(await pointOf(network, pass, realBits, measure))
    })
    if (format === 'csv') process.stdout.write(stringify(points, { header: true, columns: [...columns] }))
    else if (format === 'json') printJson({ network: network.name, source: network.source, points })
    else process.stdout.write(text(network, points))
    if (finished) {
      svg?.write(picture(network, points))
      svg?.close()
      return
    }
    process.stderr.write(`bnnsim: stopped after ${points.length} of ${passes.length} points\n`)
    process.exitCode = 130
  },
}

const columns = ['keep', 'codedBits', 'ratio', 'modelRatio', 'images', 'correct', 'accuracy'] as const

async function pointOf(
  network: Network,
  pass: PassChoice & { readonly options: { readonly keep: number } },
  realBits: number,
  measure: Measure,
): Promise<Point> {
  const clustered = applyPasses(workload(network), [pass])
  const coding = { name: compressKernels.name, options: compressKernels.schema.parse({}) }
  const { all, modelRatio } = ratiosOf(applyPasses(clustered, [coding]), realBits)
  const { images, correct, accuracy } = await measure(`keep ${pass.options.keep}`, clustered)
  return { keep: pass.options.keep, codedBits: all.coded, ratio: all.ratio, modelRatio, images, correct, accuracy }
}

function text(network: Network, points: readonly Point[]): string {
  const cells = (of: (point: Point) => string): string[] => points.map(of)
  const whole = [
    column('kept', '', numbers(points.map(({ keep }) => keep))),
    column(
      'coded',
      'bits',
      cells(({ codedBits }) => fixed(codedBits, 3)),
    ),
    column(
      '3x3 kernels',
      'x smaller',
      cells(({ ratio }) => fixed(ratio, 3)),
    ),
    column(
      'all weights',
      'x smaller',
      cells(({ modelRatio }) => fixed(modelRatio, 3)),
    ),
    column(
      'accuracy',
      '%',
      cells(({ accuracy }) => (accuracy === null ? '-' : fixed(100 * accuracy, 2))),
    ),
  ]
  const pictures = counted(points[0]?.images ?? 0, 'picture')
  const notes = `Bits are of one 3x3 kernel of a pair of channels, in the best grouped code of its layer, without its table. Accuracy of ${pictures}, exact evaluation.`
  return `${wrapped(`${network.name}: ${network.weights} weights; ${network.source}`)}\n${table(whole)}\n${wrapped(notes)}`
}

const picture = (network: Network, points: readonly Point[]): string =>
  curveSvg(
    `${network.name}: rare 3x3 kernels become frequent ones`,
    'sequences kept in each layer',
    points.map(({ keep }) => String(keep)),
    [
      { label: 'accuracy, %', values: points.map(({ accuracy }) => (accuracy === null ? null : 100 * accuracy)) },
      { label: 'bits of a kernel', values: points.map(({ codedBits }) => codedBits) },
    ],
  )
