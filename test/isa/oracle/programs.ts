// Whole programs in C, as gcc -O3 compiles them, under qemu and under our execution.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assemble } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import { compiled, runUnderQemu } from './tools.ts'

const folder = new URL('programs/', import.meta.url)
export const programs: readonly string[] = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.c'))

/** Each has a function `compute`, which fills so many bytes from the address it is given. */
const OUT_BYTES = 8192
/** The programs come without a C library. */
const flags = [
  '-O3',
  '-fno-math-errno',
  '-fno-pic',
  '-fno-stack-protector',
  '-fno-tree-loop-distribute-patterns',
  '-ffreestanding',
]

const startText = `
.globl _start
_start:
  ldr x0, =out
  bl compute
  mov x0, #1
  ldr x1, =out
  mov x2, #${OUT_BYTES}
  mov x8, #64
  svc #0
  mov x0, #0
  mov x8, #93
  svc #0
.bss
.balign 16
out: .skip ${OUT_BYTES}
`

export interface Outcome {
  readonly ours: Uint8Array
  readonly qemu: Uint8Array
  readonly instructions: number
}

export function runProgram(name: string): Outcome {
  const text = compiled(readFileSync(new URL(name, folder), 'utf8'), flags)
  const qemu = runUnderQemu({ 'program.s': text, 'start.s': startText }, ['program.s', 'start.s'], [])
  const program = assemble(text, name.replace(/c$/, 's'))
  const execution = new Execution(program)
  execution.setX(0, BigInt(program.end))
  execution.start(program.symbols.get('compute')!)
  const { blocks, trace } = execution
  const accesses = blocks.map(
    ({ first, count }) =>
      program.instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length,
  )
  let instructions = 0
  for (let words = execution.run(); words > 0; words = execution.run())
    for (let at = 0; at < words; at += 1 + accesses[trace[at]!]!) instructions += blocks[trace[at]!]!.count
  return { ours: execution.memory.slice(program.end, program.end + OUT_BYTES), qemu, instructions }
}
