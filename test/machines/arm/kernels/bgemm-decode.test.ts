// bgemm-decode.s: what it makes of a coded stream is what bgemm-lce.s makes of the same weights in memory.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { includeBeside } from '../../../../src/isa/assemble/include.ts'
import { assemble } from '../../../../src/isa/assemble.ts'
import { Execution } from '../../../../src/isa/execute.ts'
import type { Program } from '../../../../src/isa/instruction.ts'
import { lookupOf, slicedDepth, slicedPanels, slicedSequences } from '../../../../src/machines/arm/weights-coded.ts'
import { groupedCode } from '../../../../src/opt/kernels/grouped.ts'
import { encode } from '../../../../src/work/kernel-code.ts'
import type { BinaryWeights } from '../../../../src/work/network.ts'
import { histogram, withSequences } from '../../../../src/work/sequences.ts'
import type { Numbers } from './call.ts'
import { keptExecuted } from './registers.ts'

const programs = Object.fromEntries(
  ['lce', 'decode'].map((set) => {
    const file = fileURLToPath(new URL(`../../../../src/machines/arm/kernels/bgemm-${set}.s`, import.meta.url))
    return [set, assemble(readFileSync(file, 'utf8'), file, { include: includeBeside })]
  }),
) as Record<'lce' | 'decode', Program>

/** Above the instructions and the stack. */
const DATA = 0x100_0000
const MEMORY = DATA + 0x4_0000

/** Memory of a call: puts data one behind the other, random bytes between them. */
function memoryOf(program: Program, seed: string) {
  const execution = new Execution(program, { memoryBytes: MEMORY })
  const random = seedrandom.alea(seed)
  execution.memory.set(
    Uint8Array.from({ length: MEMORY - DATA }, () => 256 * random()),
    DATA,
  )
  let end = DATA
  const put = ({ buffer, byteOffset, byteLength }: Numbers | BigUint64Array): number => {
    const at = end
    execution.memory.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    end = 64 * Math.ceil((end + byteLength + 16) / 64)
    return at
  }
  return { execution, put, putWords: (words: readonly number[]) => put(BigUint64Array.from(words, BigInt)) }
}

interface Case {
  readonly kind: 'i32' | 'f32' | 'bits'
  readonly channels: number
  readonly panels: number
  readonly pixels: number
}

const cases: readonly Case[] = [
  { kind: 'i32', channels: 32, panels: 2, pixels: 7 },
  { kind: 'i32', channels: 64, panels: 1, pixels: 1 },
  { kind: 'f32', channels: 96, panels: 2, pixels: 4 },
  { kind: 'f32', channels: 128, panels: 3, pixels: 9 },
  { kind: 'bits', channels: 192, panels: 2, pixels: 6 },
  { kind: 'bits', channels: 20, panels: 4, pixels: 3 },
  { kind: 'i32', channels: 300, panels: 1, pixels: 10 },
]

/** The output of the call and whether it kept registers; `set` says where weights come from. */
function outputOf(set: 'lce' | 'decode', { kind, channels, panels, pixels }: Case): { out: Uint8Array; kept: boolean } {
  const random = seedrandom.alea(`${kind} ${channels}`)
  const rows = 8 * panels
  const values = Uint16Array.from({ length: rows * channels }, () => 512 * random() ** 3)
  const plain: BinaryWeights = { kind: 'binary', rows, taps: 9, channels, words: new Uint32Array() }
  const weights = withSequences(plain, values)
  const depth = slicedDepth(channels)
  const { execution, put, putWords } = memoryOf(programs[set], `${kind} ${channels} memory`)
  const pixelBits = Uint8Array.from({ length: pixels * depth }, () => 256 * random())

  const code = groupedCode(histogram(values))
  const tables = lookupOf(code)
  const coded = put(encode(slicedSequences(weights, code.symbols[0]!), code).bytes)
  const repeats = (pixels >> 2) + (pixels & 3)
  const ranges = [put(tables.symbols), put(tables.ranges), code.ranges.length]
  const descriptor = putWords([coded, 0, ...ranges, channels, panels, repeats])
  const packed = put(slicedPanels(weights))

  const outBytes = kind === 'bits' ? panels + 3 : 32 * panels + 16
  const length = outBytes * pixels + 64
  const out = put(new Uint8Array(length).fill(0xa5))
  const reals = () => put(Float32Array.from({ length: rows }, () => 4 * random() - 2))
  const levels = put(Int16Array.from({ length: rows }, () => 40 * random() - 20))
  const bases = Int16Array.from({ length: 3 * rows }, () => 8 * depth + 9 * random())
  const classes = Uint8Array.from({ length: pixels }, () => 3 * random())
  const block = putWords([
    ...[put(pixelBits), depth, depth, pixels, set === 'lce' ? packed : descriptor, panels],
    ...[put(classes), put(bases), 2 * rows, 2, out, outBytes, kind === 'bits' ? levels : reals(), reals(), 0],
  ])
  const kept = keptExecuted(execution, `bgemm_${set}_${kind}`, block, DATA)
  return { out: execution.memory.slice(out, out + length), kept }
}

describe.each(cases)('bgemm_decode_$kind of $channels channels, $panels panels, $pixels pixels', (shape) => {
  it('gives what bgemm_lce gives, and keeps registers', () => {
    const { out, kept } = outputOf('decode', shape)
    const wanted = outputOf('lce', shape)
    expect(out).toEqual(wanted.out)
    expect(kept).toBe(true)
    expect(new Set(out).size).toBeGreaterThan(2)
  })
})
