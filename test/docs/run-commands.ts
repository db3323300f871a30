// Runs every command that the documentation shows, two at a time, in a scratch folder with stand-ins for the reader's files:
// npx tsx test/docs/run-commands.ts [PART]   (of `PAGE: LINE`; all by default), after npm run build
// A command waits for earlier ones that write what it names. Ends with 1 where one fails, or prints other than is shown.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { isShown, needs, outputsOf, type Shown, shownCommands, writtenFiles } from './commands.ts'
import { root } from './guide.ts'
import { standIns } from './stand-ins.ts'

const AT_ONCE = 2

/** Lines that are not run here, and why. */
const elsewhere: readonly { readonly place?: string; readonly line?: RegExp; readonly reason: string }[] = [
  { place: 'docs/kernels.md', reason: 'test/docs/kernels.test.ts runs it' },
  { place: 'docs/extending.md', reason: 'test/docs/extending.test.ts runs it, with its pass and machine' },
  { place: 'docs/decode-unit.md', reason: 'test/docs/decode-unit.test.ts runs it' },
  { line: /^npm ci && npm run (demo|check)$/, reason: '.ci/run does the same' },
  { line: /^npx vitest run /, reason: 'part of the tests' },
  { line: /^npm install bnnsim$/, reason: 'the package is this clone' },
  { line: /^node simulate\.mjs$/, reason: 'test/package.sh runs docs/examples' },
  { place: 'bnnsim sweep --help', line: /cnv-folding/, reason: 'docs/sweeps.md has it' },
  { place: 'bnnsim explore --help', line: /cnv-/, reason: 'docs/sweeps.md has it' },
  { line: /^bnnsim reproduce( --out claims.*)?$/, reason: 'README.md has it, into another folder' },
]

interface Outcome {
  readonly status: number | null
  readonly seconds: number
  readonly printed: string
  readonly errors: string
}

const part = process.argv[2] ?? ''
const started = performance.now()
const folder = scratch()
let failed = 0
try {
  const { here, listed, strange } = sorted(await shownCommands())
  for (const { place, line, reason } of listed) console.log(`not run   ${line}   (${place}: ${reason})`)
  for (const { place, line } of strange) fail({ place, line }, 'neither a command of bnnsim nor listed with a reason')
  await runAll(here.filter(({ place, line }) => `${place}: ${line}`.includes(part)))
  console.log(`${failed} failed, in ${seconds(started)} s`)
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failed === 0 ? 0 : 1

/** Commands to run, each line once; those that are listed as run elsewhere; and what is neither. */
function sorted(shown: readonly Shown[]) {
  const rest = shown.filter((one) => reasonNot(one) === undefined)
  const ours = rest.filter(({ line }) => line.startsWith('bnnsim '))
  const same = (line: string) => ours.filter((other) => other.line === line)
  return {
    here: [...new Set(ours.map(({ line }) => line))].map(
      (line) => same(line).find(({ output }) => output !== undefined) ?? same(line)[0]!,
    ),
    listed: shown.flatMap((one) => {
      const reason = reasonNot(one)
      return reason === undefined ? [] : [{ ...one, reason }]
    }),
    strange: rest.filter((one) => !ours.includes(one)),
  }
}

function reasonNot({ place, line }: Shown): string | undefined {
  return elsewhere.find((one) => (one.place ?? place) === place && (one.line?.test(line) ?? true))?.reason
}

function fail({ place, line }: Shown, problem: string): void {
  failed++
  console.log(`FAILED    ${line}   (${place}): ${problem}`)
}

/** Folders of the project that commands name, stand-ins, files that a page has its reader write, and `bnnsim`. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-commands-'))
  for (const name of ['configs', 'docs', 'models', 'traces']) symlinkSync(join(root, name), join(folder, name))
  for (const [name, content] of Object.entries(standIns)) writeFileSync(join(folder, name), content())
  for (const [file, text] of writtenFiles()) writeFileSync(join(folder, file), text)
  mkdirSync(join(folder, 'bin'))
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/cli/main.js')}' "$@"\n`
  writeFileSync(join(folder, 'bin/bnnsim'), program, { mode: 0o755 })
  return folder
}

async function runAll(commands: readonly Shown[]): Promise<void> {
  const outcomes: Promise<void>[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < commands.length; i = next++) {
      const shown = commands[i]!
      const before = outcomes.filter((_, j) => needs(shown.line, outputsOf(commands[j]!.line)))
      outcomes[i] = Promise.all(before).then(async () => tell(shown, await run(shown.line)))
      await outcomes[i]
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

function run(line: string): Promise<Outcome> {
  const start = performance.now()
  const PATH = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: { ...process.env, PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let errors = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (piece) => (printed += piece))
  child.stderr.on('data', (piece) => (errors += piece))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, seconds: seconds(start), printed, errors }))
  })
}

function tell(shown: Shown, { status, seconds, printed, errors }: Outcome): void {
  console.log(`${String(seconds).padStart(7)} s ${shown.line}`)
  if (status !== 0) fail(shown, `status ${status}\n${errors}`)
  else if (shown.output !== undefined && !isShown(printed, shown.output))
    fail(shown, `the page shows another output than\n${printed}`)
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}
