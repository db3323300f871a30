// Speed of the ARM cores on loops whose data are in L1: `npx tsx bench/arm.ts [core]...`. Millions of instructions a second
// of user time, the median of five runs: as `bnnsim asm --loop` runs them, execution included, and of timing alone.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type CoreConfig, loadCore } from '../src/config/core.ts'
import { assemble } from '../src/isa/assemble.ts'
import { Execution } from '../src/isa/execute.ts'
import { runProgram } from '../src/machines/arm/program.ts'
import { ArmSystem } from '../src/machines/arm/system.ts'

const ROUNDS = 5
/** Instructions of a run, about: enough that its beginning does not matter. */
const PLAIN = 10e6
const FAST = 200e6

const each = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')
const ld1 = 'ld1 {v0.16b-v3.16b}, [x0], #64\nld1 {v4.16b-v7.16b}, [x1], #64'
const ldr = `${each(8, (i) => `ldr q${i}, [x${i >> 2}, #${16 * (i % 4)}]`)}\nadd x0, x0, #64\nadd x1, x1, #64`
const eorCnt = `${each(4, (i) => `eor v${i}.16b, v${i}.16b, v${i + 4}.16b`)}\n${each(4, (i) => `cnt v${i}.16b, v${i}.16b`)}`
const half = (first: number): string =>
  [
    each(8, (i) => `eor v${8 + i}.16b, v${first + (i >> 2)}.16b, v${4 + (i % 4)}.16b`),
    each(8, (i) => `cnt v${8 + i}.16b, v${8 + i}.16b`),
    each(8, (i) => `add v${16 + 4 * first + i}.16b, v${16 + 4 * first + i}.16b, v${8 + i}.16b`),
  ].join('\n')
const add = each(4, (i) => `add v${16 + i}.16b, v${16 + i}.16b, v${i}.16b`)
const uadalp = each(4, (i) => `uadalp v${16 + i}.8h, v${i}.16b`)

/** Loops of the reference, where there are any, else like ones. */
const kernels = (
  [
    ['k1_xnor_acc8', '.Lk1', `${ld1}\n${eorCnt}\n${add}`],
    ['k1o_xnor_acc8_ldr', '.Lk1o', `${ldr}\n${eorCnt}\n${add}`],
    ['k2_xnor_uadalp', '.Lk2', `${ld1}\n${eorCnt}\n${uadalp}`],
    ['k4_bgemm4x4', '.Lk4', `${ld1}\n${half(0)}\n${half(2)}`],
  ] as const
).map(([name, label, body]) => {
  const file = fileURLToPath(new URL(`../../shared/reference/arm/kernels/${name}.s`, import.meta.url))
  const own = `${label}:\n${body}\nsubs x2, x2, #1\nb.ne ${label}\n`
  return { name, label, program: assemble(existsSync(file) ? readFileSync(file, 'utf8') : own, `${name}.s`) }
})

type Kernel = (typeof kernels)[number]

/** Median over the rounds of `run`, which returns the instructions it took, after one that is not counted. */
function rate(run: () => number): string {
  run()
  const rates = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    const instructions = run()
    return instructions / process.cpuUsage(before).user
  })
  return rates.sort((a, b) => a - b)[ROUNDS >> 1]!.toFixed(1)
}

const iterationsOf = ({ program }: Kernel, instructions: number): number =>
  Math.ceil(instructions / program.instructions.length)

/** Executed and timed. */
function whole(config: CoreConfig, kernel: Kernel, fast: boolean): number {
  const iterations = iterationsOf(kernel, fast ? FAST : PLAIN)
  const system = new ArmSystem(config, { fast })
  runProgram(system, kernel.program, { loop: { label: kernel.label, iterations } })
  return system.core.executedCounts().instructions
}

/** One trace of a few thousand iterations, timed again and again. */
function timing(config: CoreConfig, kernel: Kernel, fast: boolean): string {
  const execution = new Execution(kernel.program, { loop: { label: kernel.label, iterations: 4000 } })
  const words = execution.run()
  const system = new ArmSystem(config, { fast })
  const stream = { ...kernel.program, trace: execution.trace, next: execution.trace[0]! }
  system.core.time(stream, words)
  const { instructions } = system.core.executedCounts()
  const times = Math.ceil((fast ? FAST : PLAIN) / instructions)
  return rate(() => {
    for (let i = 0; i < times; i++) system.core.time(stream, words)
    return times * instructions
  })
}

const cores = process.argv.length > 2 ? process.argv.slice(2) : ['cortex-a53', 'cortex-a72', 'neoverse-n1']
console.log('core, kernel: plain, fast; timing alone: plain, fast (M instructions/s)')
for (const core of cores) {
  const config = loadCore(core)
  for (const kernel of kernels) {
    const rates = [
      rate(() => whole(config, kernel, false)),
      rate(() => whole(config, kernel, true)),
      timing(config, kernel, false),
      timing(config, kernel, true),
    ]
    console.log(`${core.padEnd(12)} ${kernel.name.padEnd(18)} ${rates.map((each) => each.padStart(8)).join('')}`)
  }
}
