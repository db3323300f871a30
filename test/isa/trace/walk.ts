// Seeded random programs and walks through them: streams of blocks without an execution.

import seedrandom from 'seedrandom'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Block, Instruction, Program } from '../../../src/isa/instruction.ts'
import type { BlockStream } from '../../../src/isa/stream.ts'

const plain = [
  'add x1, x2, #8',
  'ldr q0, [x1], #16',
  'ldp x3, x4, [x5]',
  'str w6, [x7, #4]',
  'cnt v0.16b, v0.16b',
  'ld1 {v1.16b, v2.16b}, [x9]',
  'eor v3.16b, v0.16b, v1.16b',
  'prfm pldl1keep, [x1, #64]',
  'nop',
]
const branches = ['b.ne L', 'cbz x1, L', 'tbnz w2, #3, L', 'b L', 'bl L', 'b.lo L']

export function randomProgram(seed: string): Program {
  const random = seedrandom(seed)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const count = 5 + Math.floor(random() * 60)
  const lines = Array.from({ length: count }, (_, i) => {
    const branch = pick(branches).replace(/L$/, `.L${Math.floor(random() * count)}`)
    return `.L${i}: ${random() < 0.2 ? branch : pick(plain)}\n`
  })
  return assemble(`${lines.join('')}b .L0\n`, `${seed}.s`, { textBase: 0x400000 })
}

/** Goes through the blocks of a program as branches happen to fall, for at least `steps` instructions. */
export class RandomWalk implements BlockStream {
  readonly instructions: readonly Instruction[]
  readonly blocks: readonly Block[]
  readonly trace = new Int32Array(1 << 12)
  next: number

  private readonly random: () => number
  private readonly at: ReadonlyMap<number, number>
  private left: number

  constructor(program: Program, seed: string, steps: number) {
    this.instructions = program.instructions
    this.blocks = program.blocks
    this.random = seedrandom(seed)
    this.left = steps
    this.at = new Map(program.blocks.map(({ first }, i) => [program.instructions[first]!.address, i]))
    this.next = Math.floor(this.random() * program.blocks.length)
  }

  run(): number {
    let words = 0
    while (this.next >= 0 && words < this.trace.length / 2) words = this.record(words)
    return words
  }

  private record(start: number): number {
    let words = start
    const { first, count } = this.blocks[this.next]!
    this.trace[words++] = this.next
    for (const { memory } of this.instructions.slice(first, first + count))
      if (memory !== null) this.trace[words++] = Math.floor(this.random() * 2 ** 32)
    this.left -= count
    this.next = this.left > 0 ? this.after(this.instructions[first + count - 1]!) : -1
    return words
  }

  private after({ branch, address }: Instruction): number {
    const falls = branch === null || (branch.kind === 'conditional' && this.random() < 0.5)
    return this.at.get(falls ? address + 4 : branch.target!)!
  }
}

export type Executed = readonly [address: number, access: number | null, begins: boolean]

/** What was executed, instruction by instruction: address, access, and whether it begins a block. */
export async function executed(
  stream: Pick<BlockStream, 'instructions' | 'blocks' | 'trace' | 'next'> & {
    run(): number | Promise<number>
  },
): Promise<Executed[]> {
  const all: Executed[] = []
  let expected: number | null = null
  for (let words = await stream.run(); words > 0; words = await stream.run()) {
    if (expected !== null && stream.trace[0] !== expected) throw new Error(`${expected} was to come next`)
    for (let at = 0; at < words; ) {
      const { first, count } = stream.blocks[stream.trace[at++]!]!
      for (const [i, { address, memory }] of stream.instructions.slice(first, first + count).entries())
        all.push([address, memory === null ? null : stream.trace[at++]! >>> 0, i === 0])
    }
    expected = stream.next
  }
  if (expected !== null && expected !== -1) throw new Error(`${expected} was to come next`)
  return all
}
