// Points of a sweep a second, by the number of workers: 512 points of CNV on the streaming machine, built as it ships.
// Run: npm run build && npx tsx bench/sweep.ts

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bnnsim-bench-'))
const file = join(folder, 'sweep.yaml')
writeFileSync(
  file,
  `extends: cnv-folding
grid:
  machine.folding[0].pe: [16, 32]
`,
)

/** Seconds of one whole process. */
function seconds(jobs: number, name: string): number {
  const out = join(folder, name)
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [main, 'sweep', file, '--jobs', `${jobs}`, '--out', out])
  if (status !== 0) throw new Error(String(stderr))
  return (performance.now() - began) / 1000
}

const points = 2 * 4 ** 4
try {
  // One after the other and again, so that a slow minute of the machine does not meet one of them alone.
  const times = [1, 2].flatMap((round) => [1, 2].map((jobs) => ({ jobs, time: seconds(jobs, `${round}-${jobs}`) })))
  const best = (jobs: number) => Math.min(...times.filter((each) => each.jobs === jobs).map(({ time }) => time))
  for (const jobs of [1, 2])
    console.log(
      `${jobs} workers: ${points} points in ${best(jobs).toFixed(1)} s, ${(points / best(jobs)).toFixed(1)} a second`,
    )
  console.log(`2 workers: ${(best(1) / best(2)).toFixed(2)} times as fast as 1`)
  console.log(`again, from the store: ${seconds(2, '2-2').toFixed(1)} s`)
} finally {
  rmSync(folder, { recursive: true })
}
