import { evaluateImages, type ImageEvaluation } from '../model/eval.ts'
import { loadNetwork } from '../model/load.ts'
import { loadPictures, mustFit } from '../model/pictures.ts'
import { predictionsCsv } from '../report/csv.ts'
import { evalText } from '../report/text.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { stopOnInterrupt } from './interrupt.ts'
import { choice, type Format, formatOption, formats, single, whole } from './options.ts'
import { Progress } from './progress.ts'

export const evalCommand: Command = {
  name: 'eval',
  argument: { name: 'network', describe: 'name, or model file (JSON manifest)' },
  describe: 'Evaluate a network exactly on pictures: class and scores of each, accuracy',
  options: {
    images: { describe: "CIFAR-10 binary, IDX, PPM or PGM file, or 'drawn'", default: 'drawn', requiresArg: true },
    limit: { describe: 'pictures to take from the first', requiresArg: true },
    weights: { describe: 'model file with weights for the network named', requiresArg: true },
    seed: { describe: 'seed of random weights and of drawn pictures', default: 1, requiresArg: true },
    quiet: { describe: 'show no progress', type: 'boolean', default: false },
    ...formatOption,
  },
  examples: ['cnv-cifar10 --images test_batch.bin --limit 100 --format csv'],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const limit = args.limit === undefined ? undefined : whole('limit', 1, args.limit)
    const seed = whole('seed', 0, args.seed)
    const weights = args.weights === undefined ? {} : { weightsFile: single('weights', args.weights) }
    const network = loadNetwork(String(args.network), { seed, ...weights })
    const count = limit === undefined ? {} : { count: limit }
    const images = single('images', args.images)
    const pictures = loadPictures(images, network.picture, { ...count, seed })
    mustFit(network, pictures, '--images', images)
    const progress = new Progress(args.quiet === true)
    const stop = stopOnInterrupt()
    const result = await evaluateImages(network, pictures, {
      stopped: stop.requested,
      onProgress: (done, total) => progress.update(() => `${done} of ${total} images`),
    })
    progress.clear()
    stop.release()
    print(result, format, network)
    if (result.images === pictures.pictures.length) return
    process.stderr.write(`bnnsim: stopped after ${result.images} of ${pictures.pictures.length} images\n`)
    process.exitCode = 130
  },
}

function print(result: ImageEvaluation, format: Format, network: Network): void {
  if (format === 'json') printJson(result)
  else process.stdout.write(format === 'csv' ? predictionsCsv(result) : evalText(result, network.name, network.classes))
}
