import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type ReproductionDocument, reproductionJson } from '../report/reproduction-document.ts'
import { checkFolder, writeFolder } from '../report/write.ts'
import { reproductionCsv } from '../reproduce/csv.ts'
import { loadPaper, paperIds } from '../reproduce/paper.ts'
import { reproduce } from '../reproduce/reproduce.ts'
import { reproductionText } from '../reproduce/text.ts'
import { InputError } from '../work/input-error.ts'
import type { Command } from './command.ts'
import { Defects } from './defects.ts'
import { endOnInterrupt } from './interrupt.ts'
import { configNames } from './names.ts'
import { choice, type Format, formatOption, formats, single, whole } from './options.ts'
import { Progress } from './progress.ts'

export const reproduceCommand: Command = {
  name: 'reproduce',
  argument: {
    name: 'paper',
    describe: 'ids, or YAML files with claims; all that ship by default',
    optional: true,
    several: true,
    names: configNames('reproduction'),
  },
  describe: 'Claims of papers, what comes out here, and why they differ',
  options: {
    out: { describe: 'folder for the table, a picture of each claim, and the store', requiresArg: true },
    report: { describe: 'write report.html into that folder as well', type: 'boolean', default: false },
    data: { describe: "folder of trained weights and pictures, or 'none'", requiresArg: true },
    jobs: { describe: 'worker threads; the number of processor cores without it', requiresArg: true },
    quiet: { describe: 'show no progress', type: 'boolean', default: false },
    ...formatOption,
  },
  examples: [
    { line: '--out claims', meaning: 'every claim of every paper; run again, it goes on' },
    { line: 'finn2017 gao2021 --format csv', meaning: 'two papers, a line for each claim' },
    { line: '--out claims --report', meaning: 'with a page that shows them in a browser' },
  ],
  handler: async (args) => {
    const format = choice('format', formats, args.format)
    const jobs = args.jobs === undefined ? availableParallelism() : whole('jobs', 1, args.jobs)
    const out = args.out === undefined ? undefined : single('out', args.out)
    if (args.report === true && out === undefined)
      throw new InputError('expected with --out, the folder that it is written to', { key: '--report' })
    const data = args.data === undefined ? undefined : single('data', args.data)
    const papers = idsOf(args.paper).map((id) => loadPaper(id, data))
    if (out !== undefined) checkFolder(out, 'reproduction.json')
    const progress = new Progress(args.quiet === true)
    const defects = new Defects()
    const release = endOnInterrupt(jobs, progress, out)
    try {
      const document = await reproduce(papers, {
        jobs,
        ...(out === undefined ? {} : { store: join(out, 'store') }),
        finished: (outcome) => defects.hear(outcome),
        progress: (finished, all, what) => progress.update(() => `${finished} of ${all} done; under way: ${what}`),
      })
      progress.clear()
      if (out !== undefined) await writeAll(document, out, args.report === true)
      process.stdout.write(texts[format](document))
      defects.tell()
      if (document.failures.length > 0) process.exitCode = 1
    } finally {
      progress.clear()
      release()
    }
  },
}

/** Each once. */
function idsOf(given: unknown): readonly string[] {
  const ids = [given ?? []].flat().map(String)
  return ids.length === 0 ? paperIds() : [...new Set(ids)]
}

const texts: Readonly<Record<Format, (document: ReproductionDocument) => string>> = {
  text: reproductionText,
  json: reproductionJson,
  csv: reproductionCsv,
}

async function writeAll(document: ReproductionDocument, out: string, page: boolean): Promise<void> {
  // Loaded here: the library of charts would slow down the help of all commands.
  const { reproductionReport } = await import('../report/html/reproduction-report.ts')
  const { writePictures } = await import('../report/html/folder.ts')
  const report = reproductionReport(document)
  writePictures(report, out)
  writeFolder(out, {
    'reproduction.json': texts.json(document),
    'reproduction.csv': texts.csv(document),
    'reproduction.txt': texts.text(document),
    ...(page ? { 'report.html': report.html } : {}),
  })
}
