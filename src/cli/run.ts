import { join } from 'node:path'
import { type Experiment, resolvedYaml, resolveExperiment } from '../config/experiment.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { resultCsv } from '../report/csv.ts'
import type { ResultDocument } from '../report/result.ts'
import { wrapped } from '../report/table.ts'
import { resultText } from '../report/text.ts'
import { checkFolder, resultFiles, writeFolder } from '../report/write.ts'
import { run } from '../run.ts'
import { ChromeTracer } from '../sim/tracer.ts'
import { version } from '../version.ts'
import { InputError } from '../work/input-error.ts'
import { type Command, printJson } from './command.ts'
import { choice, formatOption, formats, single } from './options.ts'
import { OutputFile } from './output-file.ts'
import { Progress } from './progress.ts'

export const runCommand: Command = {
  name: 'run',
  argument: {
    name: 'experiment',
    describe: 'name of one that ships, or YAML file; several run in turn',
    several: true,
  },
  describe: 'Run an experiment: every variant of it beside the baseline',
  options: {
    set: { describe: 'path=value, over what the files say; repeatable', requiresArg: true },
    out: { describe: 'folder for result.json, CSV and the resolved configuration', requiresArg: true },
    trace: { describe: "file for the baseline's activity, unit by unit (JSON for Perfetto)", requiresArg: true },
    quiet: { describe: 'show no progress', type: 'boolean', default: false },
    ...formatOption,
  },
  examples: ['demo', 'cnv-z7020 --set images.file=test_batch.bin --set images.count=100 --out results'],
  handler: (args) => {
    const format = choice('format', formats, args.format)
    const out = args.out === undefined ? undefined : single('out', args.out)
    const set = [args.set ?? []].flat().map(String)
    const references = [args.experiment].flat().map(String)
    const experiments = references.map((reference) =>
      resolveExperiment(reference, { set, machineSchemas: machines, passSchemas: passes }),
    )
    if (args.trace !== undefined && experiments.length > 1)
      throw new InputError('expected one experiment', { key: '--trace' })
    if (out !== undefined) checkFolder(out)
    const trace = args.trace === undefined ? undefined : new OutputFile(single('trace', args.trace), 'trace')
    const documents = experiments.map((experiment) => {
      const folder = out === undefined || experiments.length === 1 ? out : join(out, experiment.name)
      const document = runOne(experiment, folder, trace, args.quiet === true)
      if (format === 'text') process.stdout.write(textOf(document, experiment))
      return document
    })
    trace?.close()
    if (format === 'json') printJson(documents.length === 1 ? documents[0] : documents)
    else if (format === 'csv') process.stdout.write(resultCsv(...documents))
  },
}

/** Runs one experiment, writes files to `out` as its variants are finished, and draws into `trace`. */
function runOne(
  experiment: Experiment,
  out: string | undefined,
  trace: OutputFile | undefined,
  quiet: boolean,
): ResultDocument {
  const tracer = trace === undefined ? undefined : new ChromeTracer((text) => trace.write(text))
  const progress = new Progress(quiet)
  const document = run(experiment, version, {
    progress: (variant, finished, images) => progress.update(() => `${variant}: ${stateOf(finished, images)}`),
    idle: (variant, pass) =>
      process.stderr.write(`bnnsim: notice: variant ${variant}: ${pass} changes nothing in this network\n`),
    ...(tracer === undefined ? {} : { tracer }),
    ...(out === undefined ? {} : { finished: (so) => writeFolder(out, resultFiles(so, resolvedYaml(experiment))) }),
  })
  progress.clear()
  tracer?.close()
  return document
}

const stateOf = (finished: number, images: number): string =>
  images === 1 ? `${Math.floor(100 * finished)} %` : `${Math.floor(finished)} of ${images} images`

const textOf = (document: ResultDocument, { hint }: Experiment): string =>
  `${resultText(document)}${hint === undefined ? '' : `\n${wrapped(hint)}`}`
