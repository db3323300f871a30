import { resultCsv } from '../report/csv.ts'
import { resultText } from '../report/text.ts'
import { checkFolder } from '../report/write.ts'
import { loadSweep } from '../sweep/definition.ts'
import { Trees } from '../sweep/evaluate.ts'
import { requestOf, runSweep } from '../sweep/sweep.ts'
import { InputError } from '../work/input-error.ts'
import { type Command, printJson } from './command.ts'
import { choice, formats, single, whole } from './options.ts'
import { runOne } from './run.ts'
import { sweepArgument, sweepOptions, sweepWith } from './sweep-files.ts'

export const sweepCommand: Command = {
  name: 'sweep',
  argument: sweepArgument,
  describe: 'Run an experiment at many points of a space',
  options: {
    ...sweepOptions,
    point: { describe: 'run this point alone, and tell all of it, as run does', requiresArg: true },
  },
  examples: [
    { line: 'cnv-folding', meaning: 'PE and SIMD of CNV on an FPGA: latency, area, energy, and their front' },
    { line: 'my-sweep.yaml --jobs 4 --out results/mine', meaning: 'a sweep of your own; run again, it goes on' },
    { line: 'cnv-folding --point 1023', meaning: 'one point, layer by layer' },
  ],
  handler: async (args) => {
    if (args.point === undefined) await sweepWith(args, async (...of) => ({ document: await runSweep(of[0], of[1]) }))
    else await onePoint(args)
  },
}

/** Runs one point as an experiment of its own. */
async function onePoint(args: Parameters<Command['handler']>[0]): Promise<void> {
  const format = choice('format', formats, args.format)
  const out = args.out === undefined ? undefined : single('out', args.out)
  if (args.report === true && out === undefined) throw new InputError('expected --out as well', { key: '--report' })
  const sweep = loadSweep(single('sweep', args.sweep))
  const point = whole('point', 0, args.point)
  const { size } = sweep.space
  if (point >= size) throw new InputError(`expected a point below ${size}, got ${point}`, { key: '--point' })
  const experiment = new Trees().experiment(requestOf(sweep, point))
  if (out !== undefined) checkFolder(out, 'result.json')
  const document = runOne(experiment, out, { quiet: args.quiet === true })
  if (format === 'json') printJson(document)
  else process.stdout.write(format === 'csv' ? resultCsv(document) : resultText(document))
  if (args.report === true && out !== undefined) (await import('../report/html/folder.ts')).writeReport(out)
}
