// What sweep and explore share: flags, progress, files.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ArgumentsCamelCase } from 'yargs'
import { sweepCsv, sweepJson, sweepLines } from '../report/sweep-csv.ts'
import type { SweepDocument } from '../report/sweep-document.ts'
import { sweepText } from '../report/sweep-text.ts'
import { counted, number, wrapped } from '../report/table.ts'
import { checkFolder, writeFolder } from '../report/write.ts'
import { loadSweep, type Sweep } from '../sweep/definition.ts'
import { hasFailed } from '../sweep/request.ts'
import { experimentYaml, sweepYaml } from '../sweep/resolved.ts'
import { Store } from '../sweep/store.ts'
import type { SweepOptions, SweepProgress } from '../sweep/sweep.ts'
import type { Command } from './command.ts'
import { Defects } from './defects.ts'
import { endOnInterrupt } from './interrupt.ts'
import { configNames } from './names.ts'
import { choice, formatOption, formats, single, whole } from './options.ts'
import { Progress } from './progress.ts'

export const sweepArgument = {
  name: 'sweep',
  describe: "name, as 'bnnsim list sweeps' prints them, or YAML file",
  names: configNames('sweeps'),
} as const

export const sweepOptions: Command['options'] = {
  jobs: { describe: 'worker threads; the number of processor cores without it', requiresArg: true },
  out: { describe: 'folder for results and the store; results/NAME without it', requiresArg: true },
  report: { describe: 'write report.html and figures as well', type: 'boolean', default: false },
  resume: { describe: 'take what the store has; --no-resume empties it first', type: 'boolean', default: true },
  quiet: { describe: 'show no progress', type: 'boolean', default: false },
  ...formatOption,
}

/** What was run; and the whole space, where that was run beside it. */
interface Worked {
  readonly document: SweepDocument
  readonly grid?: SweepDocument
}

type Work = (sweep: Sweep, options: SweepOptions, say: (stage: string) => void) => Promise<Worked>

/** Runs `work` on the sweep that `args` name, writes its files and prints it. Exit code 1 where points failed. */
export async function sweepWith(args: ArgumentsCamelCase, work: Work): Promise<void> {
  const format = choice('format', formats, args.format)
  const jobs = args.jobs === undefined ? availableParallelism() : whole('jobs', 1, args.jobs)
  const sweep = loadSweep(single('sweep', args.sweep))
  const out = args.out === undefined ? join('results', sweep.name) : single('out', args.out)
  checkFolder(out, 'sweep.json')
  const store = join(out, 'store')
  const progress = new Progress(args.quiet === true)
  const defects = new Defects()
  const release = endOnInterrupt(jobs, progress, out)
  let rate = new Rate()
  let stage = ''
  const say = (name: string): void => {
    rate = new Rate()
    stage = name
  }
  try {
    const finished = (state: SweepProgress) => {
      defects.hear(state.outcome)
      rate.hear(state)
      progress.update(() => stage + rate.line(state))
    }
    const ready = () => {
      if (args.resume === false) new Store(store).clear()
    }
    const { document, grid } = await work(sweep, { jobs, store, ready, finished }, say)
    progress.clear()
    writeFolder(out, filesOf(document, sweep))
    if (grid !== undefined) writeFolder(out, { 'grid.json': sweepJson(grid), 'grid.csv': sweepCsv(grid) })
    print(document, format, out)
    defects.tell()
    if (args.report === true) await (await import('../report/html/folder.ts')).writeReport(out)
    if (document.points.some(({ error, failures }) => error !== undefined || failures !== undefined))
      process.exitCode = 1
  } finally {
    progress.clear()
    release()
  }
}

const filesOf = (document: SweepDocument, sweep: Sweep): Record<string, string> => ({
  'sweep.json': sweepJson(document),
  'points.csv': sweepCsv(document),
  'points.jsonl': sweepLines(document),
  'sweep.txt': sweepText(document),
  'config.yaml': sweepYaml(sweep),
  'experiment.yaml': experimentYaml(sweep),
})

function print(document: SweepDocument, format: (typeof formats)[number], out: string): void {
  if (format === 'json') process.stdout.write(sweepJson(document))
  else if (format === 'csv') process.stdout.write(sweepCsv(document))
  else process.stdout.write(`${sweepText(document)}${wrapped(`All points: ${join(out, 'points.csv')}, points.jsonl.`)}`)
}

/** Points a second, and the time that is left. */
class Rate {
  private readonly start = performance.now()
  private failed = 0

  hear({ outcome }: SweepProgress): void {
    if (hasFailed(outcome)) this.failed++
  }

  line({ finished, points }: SweepProgress): string {
    const seconds = (performance.now() - this.start) / 1000
    const rate = finished / seconds
    const left = (points - finished) / rate
    const failed = this.failed === 0 ? '' : `, ${number(this.failed)} failed`
    return `${number(finished)} of ${counted(points, 'point')}${failed}, ${rate.toPrecision(3)} a second, ${timeText(left)} left`
  }
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 120) return `${whole} s`
  return whole < 7200 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}
