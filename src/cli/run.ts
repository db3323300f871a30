import { resolvedYaml, resolveExperiment } from '../config/experiment.ts'
import { machines } from '../machines/index.ts'
import { passes } from '../opt/index.ts'
import { resultCsv } from '../report/csv.ts'
import { wrapped } from '../report/table.ts'
import { resultText } from '../report/text.ts'
import { resultFiles, writeFolder } from '../report/write.ts'
import { run } from '../run.ts'
import { ChromeTracer } from '../sim/tracer.ts'
import { version } from '../version.ts'
import { type Command, printJson } from './command.ts'
import { choice, formatOption, formats, single } from './options.ts'
import { OutputFile } from './output-file.ts'
import { Progress } from './progress.ts'

export const runCommand: Command = {
  name: 'run',
  argument: { name: 'experiment', describe: 'name of one that ships, or YAML file' },
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
    const experiment = resolveExperiment(String(args.experiment), {
      set,
      machineSchemas: machines,
      passSchemas: passes,
    })
    const trace = args.trace === undefined ? undefined : new OutputFile(single('trace', args.trace), 'trace')
    const tracer = trace === undefined ? undefined : new ChromeTracer((text) => trace.write(text))
    const progress = new Progress(args.quiet === true)
    const document = run(experiment, version, {
      progress: (variant, finished, images) => progress.update(() => `${variant}: ${finished} of ${images} images`),
      ...(tracer === undefined ? {} : { tracer }),
      ...(out === undefined ? {} : { finished: (so) => writeFolder(out, resultFiles(so, resolvedYaml(experiment))) }),
    })
    progress.clear()
    tracer?.close()
    trace?.close()
    if (format === 'json') printJson(document)
    else if (format === 'csv') process.stdout.write(resultCsv(document))
    else
      process.stdout.write(
        `${resultText(document)}${experiment.hint === undefined ? '' : `\n${wrapped(experiment.hint)}`}`,
      )
  },
}
