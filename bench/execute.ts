// Speed of functional execution, trace included, on one core: `npx tsx bench/execute.ts [file.s label]...`.
// Without arguments, the kernels below: one loop each, as `bnnsim asm --loop` runs it.

import { readFileSync } from 'node:fs'
import { assemble } from '../src/isa/assemble.ts'
import { Execution } from '../src/isa/execute.ts'

const loads = 'ld1 {v0.16b-v3.16b}, [x0], #64\nld1 {v4.16b-v7.16b}, [x1], #64\n'
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const each = (count: number, line: (i: number) => string): string => range(count).map(line).join('\n')
const close = '\nsubs x2, x2, #1\nb.ne loop\n'

const kernels: readonly (readonly [name: string, text: string, label: string])[] = [
  ['integers', `loop:\nadd x0, x0, #1\neor x1, x1, x0\nadd x3, x3, x1, lsl #3\norr x4, x4, x3${close}`, 'loop'],
  [
    'xnor, 8-bit sums',
    `loop:\n${loads}${each(4, (i) => `eor v${i}.16b, v${i}.16b, v${i + 4}.16b\ncnt v${i}.16b, v${i}.16b`)}\n` +
      `${each(4, (i) => `add v${i + 16}.16b, v${i + 16}.16b, v${i}.16b`)}${close}`,
    'loop',
  ],
  [
    'xnor, 16-bit sums',
    `loop:\n${loads}${each(4, (i) => `eor v${i}.16b, v${i}.16b, v${i + 4}.16b\ncnt v${i}.16b, v${i}.16b`)}\n` +
      `${each(4, (i) => `uadalp v${i + 16}.8h, v${i}.16b`)}${close}`,
    'loop',
  ],
  [
    'binary GEMM 4x4',
    `loop:\n${loads}${each(16, (i) => `eor v${8 + (i % 8)}.16b, v${i >> 2}.16b, v${4 + (i % 4)}.16b\ncnt v${8 + (i % 8)}.16b, v${8 + (i % 8)}.16b\nadd v${16 + i}.16b, v${16 + i}.16b, v${8 + (i % 8)}.16b`)}${close}`,
    'loop',
  ],
]

/** Millions of instructions a second, the best of five, of a loop of `iterations`. */
function speed(text: string, file: string, label: string): { rate: number; instructions: number } {
  const program = assemble(text, file)
  let best = 0
  let instructions = 0
  for (let round = 0; round < 5; round++) {
    const execution = new Execution(program, { loop: { label, iterations: 2_000_000 } })
    const counts = program.blocks.map(({ count }) => count)
    const accesses = program.blocks.map(
      ({ first, count }) =>
        program.instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length,
    )
    instructions = 0
    const start = performance.now()
    for (let words = execution.run(); words > 0; words = execution.run())
      for (let at = 0; at < words; at += 1 + accesses[execution.trace[at]!]!)
        instructions += counts[execution.trace[at]!]!
    best = Math.max(best, instructions / (performance.now() - start) / 1000)
  }
  return { rate: best, instructions }
}

const files = process.argv.slice(2)
const given = range(files.length / 2).map((i) => {
  const [file, label] = [files[2 * i]!, files[2 * i + 1]!]
  return [file, readFileSync(file, 'utf8'), label] as const
})
for (const [name, text, label] of given.length > 0 ? given : kernels) {
  const { rate, instructions } = speed(text, name, label)
  console.log(`${name.padEnd(20)} ${(instructions / 1e6).toFixed(0)} M instructions at ${rate.toFixed(0)} M/s`)
}
