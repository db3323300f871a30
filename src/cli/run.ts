import { join } from 'node:path'
import { type Experiment, resolvedYaml, resolveExperiment } from '../config/experiment.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { resultCsv } from '../report/csv.ts'
import type { ResultDocument } from '../report/result.ts'
import { Samples } from '../report/stats-samples.ts'
import { wrapped } from '../report/table.ts'
import { resultText } from '../report/text.ts'
import { checkFolder, resultFiles, writeFolder } from '../report/write.ts'
import { run } from '../run.ts'
import { ChromeTracer } from '../sim/tracer.ts'
import { version } from '../version.ts'
import { InputError } from '../work/input-error.ts'
import { type Command, printJson } from './command.ts'
import { configNames } from './names.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'
import { OutputFile } from './output-file.ts'
import { Progress } from './progress.ts'

export const runCommand: Command = {
  name: 'run',
  argument: {
    name: 'experiment',
    describe: "name, as 'bnnsim list experiments' prints them, or YAML file; several run in turn",
    several: true,
    names: configNames('experiments'),
  },
  describe: 'Run an experiment: every variant of it beside the baseline',
  options: {
    set: {
      describe: 'PATH=VALUE over what the files say, such as machine.clock="150 MHz"; repeatable',
      requiresArg: true,
    },
    out: {
      describe: 'folder for result.json, CSV, text, statistics and the resolved configuration; none without it',
      requiresArg: true,
    },
    report: { describe: 'also a page of charts and tables in the folder of --out', type: 'boolean', default: false },
    interval: { describe: 'cycles after which stats.txt has a dump, again and again; needs --out', requiresArg: true },
    trace: { describe: "file for the baseline's activity, unit by unit (JSON for Perfetto)", requiresArg: true },
    quiet: { describe: 'show no progress', type: 'boolean', default: false },
    ...formatOption,
  },
  examples: [
    { line: 'demo', meaning: 'a trained CIFAR-10 network on a small FPGA, one drawn picture' },
    {
      line: 'cnv-z7020 --set images.file=test_batch.bin --set images.count=100',
      meaning: '100 pictures of CIFAR-10: latency, rate, energy and accuracy',
    },
    {
      line: 'demo --set machine.clock="150 MHz" --out results',
      meaning: 'another clock; what is printed also as files in results',
    },
    { line: 'gao2021 --format csv', meaning: 'every variant of a published optimisation, one line for each layer' },
  ],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const out = args.out === undefined ? undefined : single('out', args.out)
    const set = [args.set ?? []].flat().map(String)
    const references = [args.experiment].flat().map(String)
    const experiments = references.map((reference) =>
      resolveExperiment(reference, { set, machineSchemas: machines, passSchemas: passes }),
    )
    if (args.trace !== undefined && experiments.length > 1)
      throw new InputError('expected one experiment', { key: '--trace' })
    const interval = args.interval === undefined ? undefined : whole('interval', 1, args.interval)
    if (interval !== undefined && out === undefined)
      throw new InputError('expected --out as well: stats.txt is written there', { key: '--interval' })
    if (args.report === true && out === undefined)
      throw new InputError('expected --out as well: the page is written there', { key: '--report' })
    // Loaded on demand: the library of charts takes longer to load than the rest of the command.
    const { writeReport } = args.report === true ? await import('../report/html/folder.ts') : {}
    if (out !== undefined) checkFolder(out, 'result.json')
    const trace = args.trace === undefined ? undefined : new OutputFile(single('trace', args.trace), 'trace')
    const documents = experiments.map((experiment) => {
      const folder = out === undefined || experiments.length === 1 ? out : join(out, experiment.name)
      const document = runOne(experiment, folder, { trace, interval, quiet: args.quiet === true })
      if (folder !== undefined) writeReport?.(folder)
      if (format === 'text') process.stdout.write(textOf(document, experiment))
      return document
    })
    trace?.close()
    if (format === 'json') printJson(documents.length === 1 ? documents[0] : documents)
    else if (format === 'csv') process.stdout.write(resultCsv(...documents))
  },
}

/** Runs one experiment, writes files to `out` as its variants are finished, and draws into `trace`. */
export function runOne(
  experiment: Experiment,
  out: string | undefined,
  { trace, interval, quiet }: { trace?: OutputFile | undefined; interval?: number | undefined; quiet: boolean },
): ResultDocument {
  const tracer = trace === undefined ? undefined : new ChromeTracer((text) => trace.write(text))
  const samples = interval === undefined ? undefined : new Samples(interval)
  const progress = new Progress(quiet)
  const files = (so: ResultDocument) => resultFiles(so, resolvedYaml(experiment), samples?.dumps)
  const document = run(experiment, version, {
    progress: (variant, finished, images) => progress.update(() => `${variant}: ${stateOf(finished, images)}`),
    idle: (variant, pass) =>
      process.stderr.write(`bnnsim: notice: variant ${variant}: ${pass} changes nothing in this network\n`),
    tracer,
    samples,
    ...(out === undefined ? {} : { finished: (so) => writeFolder(out, files(so)) }),
  })
  progress.clear()
  tracer?.close()
  return document
}

const stateOf = (finished: number, images: number): string =>
  images === 1 ? `${Math.floor(100 * finished)} %` : `${Math.floor(finished)} of ${images} images`

const textOf = (document: ResultDocument, { hint }: Experiment): string =>
  `${resultText(document)}${hint === undefined ? '' : `\n${wrapped(hint)}`}`
