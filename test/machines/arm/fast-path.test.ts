// The fast path gives what the pipeline gives: every cycle, stall and count, on random programs with small caches.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { assemble } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import type { Program } from '../../../src/isa/instruction.ts'
import { figuresOf } from '../../../src/machines/arm/figures.ts'
import { ArmSystem } from '../../../src/machines/arm/system.ts'
import { randomProgram } from './random-program.ts'

const PROGRAMS = 60 // for each core
/** Part of the instructions that at least is replayed. */
const REPLAYED = { 'cortex-a53': 0.12, 'cortex-a72': 0.1, 'neoverse-n1': 0.05 }
const cores = ['cortex-a53', 'cortex-a72', 'neoverse-n1'] as const

/** Caches from those of the core down to ones that hold an eighth of a program's buffer. */
const sizes = ['4 KiB', '8 KiB', '32 KiB']

const configs = new Map(
  cores.flatMap((core) =>
    sizes.map((size) => [
      `${core} ${size}`,
      loadCore(core, { set: [`l1d.bytes.value=${size}`, 'l1d.ways.value=2', 'l2.bytes.value=64 KiB'] }),
    ]),
  ),
)

/** Executes the program once; all systems time it. */
function time(program: Program, systems: readonly ArmSystem[]): void {
  const execution = new Execution(program)
  execution.start(program.symbols.get('main')!)
  for (let words = execution.run(); words > 0; words = execution.run())
    for (const { core } of systems) core.time(execution, words)
  for (const system of systems) system.finish()
}

describe.each(cores)('fast path of %s', (core) => {
  it(`is exact on ${PROGRAMS} random programs, of which it replays much`, () => {
    let replayed = 0
    let instructions = 0
    for (let seed = 0; seed < PROGRAMS; seed++) {
      const random = seedrandom(`${core} ${seed}`)
      const program = assemble(randomProgram(random), `seed-${seed}.s`)
      const config = configs.get(`${core} ${sizes[seed % sizes.length]}`)!
      // Plainly, compiled as soon as can be or never, in turn; fast, as users run it.
      const plainly = new ArmSystem(config, { fast: false, patience: seed % 2 === 0 ? 0 : Infinity })
      const fast = new ArmSystem(config)
      time(program, [plainly, fast])
      const figures = figuresOf(fast)
      expect(figures, `seed ${seed}`).toEqual(figuresOf(plainly))
      replayed += fast.core.replayed
      instructions += figures.instructions
      const { stalls, cycles } = figures
      expect(Object.values(stalls).reduce((sum, count) => sum + count)).toBe(cycles)
    }
    expect(replayed).toBeGreaterThan(REPLAYED[core] * instructions)
  })
})

/** Loops that random programs hardly come upon. */
const loops: Readonly<Record<string, string>> = {
  'prefetches between accesses that are not aligned': 'ldur x1, [x20, #3]\nprfm pldl1keep, [x19]\n'.repeat(7),
  'hundreds of stores': `${'str x1, [x19, #8]\n'.repeat(300)}ldr x2, [x19, #8]\nldur x3, [x19, #4]\n`,
  'a store across two lines, read in part': 'stur q1, [x19, #56]\nldur x2, [x19, #60]\nldr x3, [x20], #64\n',
}

describe.each(cores)('fast path of %s with', (core) => {
  it.each(Object.entries(loops))('%s', (_, body) => {
    const text = `main: adrp x18, buffer
      add x18, x18, :lo12:buffer
      mov x5, #4
    again: mov x19, x18
      mov x20, x18
      mov x4, #60
    loop: ${body}
      add x6, x6, x4
      tbz x6, #2, skip
      add x20, x20, #4
    skip: subs x4, x4, #1
      b.ne loop
      subs x5, x5, #1
      b.ne again
      ret
    .bss
    .balign 64
    buffer: .zero 65536
    `
    const program = assemble(text, 'loop.s')
    const config = configs.get(`${core} 32 KiB`)!
    const [plainly, fast] = [new ArmSystem(config, { fast: false }), new ArmSystem(config)]
    time(program, [plainly, fast])
    expect(figuresOf(fast)).toEqual(figuresOf(plainly))
  })
})
