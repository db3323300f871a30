// Speed of the DRAM controller on one core: `npx tsx bench/dram.ts`. Traces of the DRAM reference, and random reads
// ever further apart; median and best of the runs after some to warm up, in seconds of the process's own (user) time.
//
// A model that ticks spends on every cycle what ours spends on one in which commands compete: its speed is the
// cycles a second of the saturated random trace. Sparse traffic is compared with that.

import { loadMemory } from '../src/config/memory.ts'
import { Replay } from '../src/mem/dram/replay.ts'
import { blockOf, bulk, type Row, random } from '../test/mem/dram/traces.ts'

const REQUESTS = 100_000
const WARM_UPS = 4
const RUNS = 11

const spec = loadMemory('ddr3-1600-order-b')

const saturated = ['random_sat', 'stream_sat', 'stream_rd_sat'].map((name): [string, Row[]] => [
  name,
  bulk[name]!(REQUESTS),
])
const sparse = [60, 600, 6000, 60_000].map((gap): [string, Row[]] => [`random_rd_g${gap}`, random(REQUESTS, gap, true)])

let ticking = 0
for (const [name, rows] of [...saturated, ...sparse]) {
  const block = blockOf(rows)
  const seconds: number[] = []
  let cycles = 0
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const start = process.cpuUsage().user
    const replay = new Replay(spec)
    replay.play(block)
    cycles = replay.finish().totalCycles
    if (run >= 0) seconds.push((process.cpuUsage().user - start) / 1e6)
  }
  seconds.sort((a, b) => a - b)
  const median = seconds[RUNS >> 1]!
  if (name === 'random_sat') ticking = cycles / median
  const times = sparse.some(([each]) => each === name) ? `  ${(cycles / median / ticking).toFixed(0)} x ticking` : ''
  console.log(
    `${name.padEnd(16)} ${rate(REQUESTS / median, 'k', 1e3)} requests/s (best ${rate(REQUESTS / seconds[0]!, 'k', 1e3).trim()})` +
      `  ${rate(cycles / median, 'M', 1e6)} cycles/s${times}`,
  )
}

function rate(perSecond: number, unit: string, scale: number): string {
  return `${(perSecond / scale).toFixed(1).padStart(8)} ${unit}`
}
