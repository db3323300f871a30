import { InputError } from '../work/input-error.ts'
import type { Command } from './command.ts'
import { single } from './options.ts'

export const reportCommand: Command = {
  name: 'report',
  argument: { name: 'folder', describe: 'what --out of run, sweep, explore or reproduce made; or a folder of these' },
  describe: 'Make a page of results: charts and tables in one file',
  options: {
    out: { describe: 'file of the page; by default report.html in the folder', requiresArg: true },
  },
  examples: [
    { line: 'results', meaning: 'results/report.html, and its charts in results/figures' },
    { line: 'results --out cnv.html', meaning: 'the page as cnv.html, charts in figures beside it' },
  ],
  handler: async (args) => {
    // Loaded here: the library of charts would slow down the help of all commands.
    const { reportFolders } = await import('../report/html/documents.ts')
    const { writeReport } = await import('../report/html/folder.ts')
    const page = args.out === undefined ? undefined : single('out', args.out)
    const folders = reportFolders(String(args.folder))
    if (page !== undefined && folders.length > 1)
      throw new InputError(`expected one results folder, got ${folders.length}: without it each gets a page`, {
        key: '--out',
      })
    const failures = folders.flatMap((folder) =>
      failureOf(() => process.stdout.write(`${writeReport(folder, page)}\n`)),
    )
    if (failures.length === folders.length) throw only(failures, String(args.folder))
    for (const { message } of failures) process.stderr.write(`bnnsim: ${message}\n`)
    if (failures.length > 0) process.exitCode = 1
  },
}

/** What a user has wrong that ends `body`. */
function failureOf(body: () => void): InputError[] {
  try {
    body()
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return [error]
  }
}

/** One error for all of a folder's. */
const only = (failures: readonly InputError[], folder: string): InputError =>
  failures.length === 1
    ? failures[0]!
    : new InputError(`no page can be made: ${failures.map(({ message }) => message).join('; ')}`, { file: folder })
