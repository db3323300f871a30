// decode.s: streams of every kind of code, from their beginning and from a panel in the middle, against the weights that they
// were made of, and as under qemu.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { lookupOf, slicedPanels, slicedSequences } from '../../../../src/machines/arm/weights-coded.ts'
import { codeOf } from '../../../../src/opt/kernels/code.ts'
import { groupedCode } from '../../../../src/opt/kernels/grouped.ts'
import { huffmanCode, limitedCode } from '../../../../src/opt/kernels/huffman.ts'
import { encode, type KernelCode } from '../../../../src/work/kernel-code.ts'
import type { BinaryWeights } from '../../../../src/work/network.ts'
import { histogram, sequencesOf, withSequences } from '../../../../src/work/sequences.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind } from './call.ts'

/** What may be read behind a stream. */
const BEHIND = 16

/** One symbol of 1 bit, and 511 that take 32: they begin with different bits. */
const longest = (): KernelCode =>
  codeOf(
    Uint16Array.from({ length: 512 }, (_, place) => (place * 77) % 512),
    [
      { bits: 1, word: 0, first: 0, size: 1 },
      { bits: 32, word: 0x8000_0000, first: 1, size: 11 },
      { bits: 12, word: 0xff0, first: 12, size: 9 },
      { bits: 32, word: 0xffff_f000, first: 21, size: 491 },
    ],
  )

const codes: Readonly<Record<string, (counts: Uint32Array) => KernelCode>> = {
  grouped: groupedCode,
  'groups of up to 14 bits': (counts) => groupedCode(counts, [0, 1, 2, 3, 4, 9]),
  'limited to 10 bits': (counts) => limitedCode(counts, 10),
  'limited to 12 bits': (counts) => limitedCode(counts, 12),
  Huffman: huffmanCode,
  'up to 32 bits': longest,
}

const sizes: readonly (readonly [rows: number, channels: number])[] = [
  [8, 32],
  [13, 64],
  [8, 96],
  [24, 128],
  [9, 192],
  [16, 256],
  [17, 20],
  [3, 1],
  [8, 300],
]

/** Random weights in which some sequences are frequent; all are, where `skew` is 0. */
function weightsOf(seed: string, rows: number, channels: number, skew: number): BinaryWeights {
  const random = seedrandom.alea(seed)
  const sequences = Uint16Array.from({ length: rows * channels }, () => (512 * random() ** (1 + skew) * 1.001) & 511)
  return withSequences({ kind: 'binary', rows, taps: 9, channels, words: new Uint32Array() }, sequences)
}

/** Decodes all panels, and those from `first` on. */
function callsOf(name: string, weights: BinaryWeights, make: (counts: Uint32Array) => KernelCode): Call[] {
  const { channels } = weights
  const panels = Math.ceil(weights.rows / 8)
  const code = make(histogram(slicedSequences(weights, 0)))
  const sequences = slicedSequences(weights, code.symbols[0]!)
  const { bytes } = encode(sequences, code)
  const stream = new Uint8Array(bytes.length + BEHIND).fill(0xa5)
  stream.set(bytes)
  const { symbols, ranges, lookup } = lookupOf(code)
  const filled = new Uint16Array(8 * panels * channels).fill(code.symbols[0]!)
  filled.set(sequencesOf(weights))
  const packed = slicedPanels(withSequences({ ...weights, rows: 8 * panels }, filled))
  return [...new Set([0, panels >> 1, panels - 1])].map((first) => {
    const before = encode(sequences.subarray(0, 8 * channels * first), code).bits
    const after = packed.subarray((packed.length / panels) * first)
    const out = { before: new Uint8Array(after.length).fill(0xa5), after }
    const start = { of: stream, byte: before >> 3 }
    const tables = [symbols, ranges, code.ranges.length]
    const words = [start, before & 7, ...tables, channels, panels - first, lookup, out]
    return { name: `${name}, ${channels} channels, from panel ${first}`, entry: 'decode_kernels', words }
  })
}

const calls = Object.entries(codes).flatMap(([name, make]) =>
  sizes.flatMap(([rows, channels], i) =>
    callsOf(name, weightsOf(`${name} ${i}`, rows, channels, make === longest ? 0 : 4 * (i % 3)), make),
  ),
)

describe('decode_kernels', () => {
  it('gives the weights that were coded, writes nothing else, and keeps registers', () => {
    expect(problems('decode', calls)).toEqual([])
  })

  it('has codewords of more than 11 bits to decode', () => {
    const lookups = calls.map(({ words }) => words[7] as Uint16Array)
    expect(lookups.some((lookup) => lookup.includes(0))).toBe(true)
    expect(lookups.some((lookup) => !lookup.includes(0))).toBe(true)
  })

  it('reads no more than 16 bytes behind the stream, and nothing behind its tables', () => {
    const some = calls.filter((call) => call.name.includes(' 20 channels, from panel 2'))
    expect(some).toHaveLength(Object.keys(codes).length)
    expect(readsBehind('decode', some)).toEqual([])
  })

  it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('decode', calls)).toEqual([])
  })
})
