import { evaluateImages } from '../model/eval.ts'
import { predictionsCsv } from '../report/csv.ts'
import type { EvaluationResult } from '../report/eval-text.ts'
import { evalText } from '../report/text.ts'
import type { Network } from '../work/network.ts'
import { type Command, printJson } from './command.ts'
import { evaluatePasses } from './eval-passes.ts'
import { stopOnInterrupt } from './interrupt.ts'
import { networkAndPictures, pictureOptions } from './measure.ts'
import { networkArgument } from './network-option.ts'
import { choice, type Format, formatOption, formats } from './options.ts'
import { passesIn, passOption } from './pass-option.ts'
import { Progress } from './progress.ts'

export const evalCommand: Command = {
  name: 'eval',
  argument: networkArgument,
  describe: 'Evaluate a network exactly on pictures: scores and accuracy',
  options: {
    ...pictureOptions,
    ...passOption,
    ...formatOption,
  },
  examples: [
    {
      line: 'cnv-cifar10 --images test_batch.bin --limit 100',
      meaning: 'accuracy on the first 100 pictures of CIFAR-10',
    },
    { line: 'cnv-cifar10 --limit 10 --format csv', meaning: 'class and scores of ten drawn pictures, one line each' },
    { line: 'fracbnn-resnet20 --pass clip8 fraction=5', meaning: 'after a pass: which classes change, what saturates' },
  ],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const passes = passesIn(args.pass)
    const { network, pictures } = networkAndPictures(args)
    const progress = new Progress(args.quiet === true)
    const stop = stopOnInterrupt()
    const stopped = stop.requested
    const show = (done: number, total: number, what = '') => progress.update(() => `${what}${done} of ${total} images`)
    const result: EvaluationResult =
      passes.length === 0
        ? await evaluateImages(network, pictures, { stopped, onProgress: show })
        : await evaluatePasses(network, pictures, passes, {
            stopped,
            onProgress: (what, done, total) => show(done, total, `${what}: `),
            idle: (pass) => process.stderr.write(`bnnsim: notice: ${pass} changes nothing in this network\n`),
          })
    progress.clear()
    stop.release()
    print(result, format, network)
    const all = pictures.pictures.length
    if (result.images === all && (result.unchanged?.images ?? all) === all) return
    process.stderr.write(`bnnsim: stopped after ${result.images} of ${all} images\n`)
    process.exitCode = 130
  },
}

function print(result: EvaluationResult, format: Format, network: Network): void {
  if (format === 'json') printJson(result)
  else process.stdout.write(format === 'csv' ? predictionsCsv(result) : evalText(result, network.name, network.classes))
}
