// Sequences with branches and stores as they were measured on silicon, run on the cores.

import { loadCore } from '../../src/config/core.ts'
import { assemble } from '../../src/isa/assemble.ts'
import { runProgram } from '../../src/machines/arm/program.ts'
import { ArmSystem } from '../../src/machines/arm/system.ts'
import { readCsv } from './arm-reference.ts'

/** A measured sequence as a program has it. A conditional branch that is taken skips an instruction, to be told apart. */
export interface Sequence {
  readonly row: string
  readonly text: string
}

export const sequences: readonly Sequence[] = [
  { row: 'b (pc+4)', text: 'b 1f\n1:' },
  { row: 'b (pc+8)', text: 'b 1f\n nop\n1:' },
  { row: 'b (pc+4) // add (chain)', text: 'add x0, x0, x1\n b 1f\n1:' },
  { row: 'b (pc+4) // add x 2 (chain)', text: 'add x0, x0, x1\n add x0, x0, x1\n b 1f\n1:' },
  { row: 'bl-ret', text: 'bl leaf' },
  { row: 'bl-ret // add (chain)', text: 'add x0, x0, x1\n bl leaf' },
  { row: 'bl-ret // add x 2 (chain)', text: 'add x0, x0, x1\n add x0, x0, x1\n bl leaf' },
  { row: 'cbnz (pc+4; taken)', text: 'cbnz x1, 1f\n nop\n1:' },
  { row: 'cbz (pc+4; not taken)', text: 'cbz x1, 1f\n1:' },
  { row: 'cbz (pc+4; not taken) // add (chain)', text: 'add x0, x0, x1\n cbz x1, 1f\n1:' },
  { row: 'cbz (pc+4; not taken) // add x 2 (chain)', text: 'add x0, x0, x1\n add x0, x0, x1\n cbz x1, 1f\n1:' },
  { row: 'tbz (pc+4; taken)', text: 'tbz x3, #0, 1f\n nop\n1:' },
  { row: 'tbz (pc+4; not taken)', text: 'tbz x1, #0, 1f\n1:' },
  { row: 'tbnz (pc+4; taken)', text: 'tbnz x1, #0, 1f\n nop\n1:' },
  { row: 'tbnz (pc+4; not taken)', text: 'tbnz x3, #0, 1f\n1:' },
  { row: 'adds -> b.eq (pc+4; taken)', text: 'adds x4, x3, x3\n b.eq 1f\n nop\n1:' },
  { row: 'adds -> b.eq (pc+4; not taken)', text: 'adds x4, x1, x3\n b.eq 1f\n1:' },
  { row: 'str -> ldr (ofs = 0 -> ofs = 0)', text: 'str x0, [x2]\n ldr x0, [x2]' },
  { row: 'str -> ldur (ofs = 0 -> ofs = 1)', text: 'str x0, [x2]\n ldur x0, [x2, #1]' },
  { row: 'str.q -> ldr.q (ofs = 0 -> ofs = 0)', text: 'str q0, [x2]\n ldr q0, [x2]' },
  { row: 'str.q -> ldr.q (ofs = 0 -> ofs = 1)', text: 'str q0, [x2]\n ldur q0, [x2, #1]' },
]

const COPIES = 100

/** Cycles of one copy among many, with code in L1 and branches learnt, in a loop. */
export function cyclesOf({ text }: Sequence, core: string): number {
  const config = loadCore(core)
  const cycles = (copies: number, iterations: number): number => {
    const system = new ArmSystem(config)
    runProgram(system, assemble(programOf(text, copies, iterations), 'sequence.s'))
    return system.core.cycles
  }
  const of = (copies: number): number => (cycles(copies, 24) - cycles(copies, 16)) / 8
  return (of(2 * COPIES) - of(COPIES)) / COPIES
}

const programOf = (text: string, copies: number, iterations: number): string => `
        adrp x2, buffer
        mov x1, #1
        mov x3, #0
        mov x29, x30
        mov x19, #${iterations}
loop:
${`${text}\n`.repeat(copies)}
        subs x19, x19, #1
        b.ne loop
        mov x30, x29
        ret
leaf:   ret
        .data
        .balign 4096
buffer: .space 64
`

/** Measured cycles of a sequence on a core. */
export function measuredOf({ row }: Sequence, core: string): number {
  const found = readCsv('measured-instructions.csv').find(({ cpu, name }) => cpu === core && name === row)
  return Number(found?.latency_cyc)
}
