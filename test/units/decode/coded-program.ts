// Programs that read what a decode unit decodes: random weights in a prefix code as a data section, and the bytes that reading
// them should give.

import type { PRNG } from 'seedrandom'
import { groupedCode } from '../../../src/opt/kernels/grouped.ts'
import { huffmanCode } from '../../../src/opt/kernels/huffman.ts'
import { encode } from '../../../src/work/kernel-code.ts'
import { integer } from './decode-rig.ts'

export interface Coded {
  /** Data under labels that begin with the name: `NAME_descriptor` and so on. */
  readonly data: string
  /** Of all registers, in the order in which they are read. */
  readonly bytes: Uint8Array
}

export interface CodedShape {
  readonly channels: number
  readonly panels: number
  readonly repeats: number
  readonly code: 'huffman' | 'grouped'
  /** 0: all sequences alike; the higher, the more often few of them. */
  readonly skew: number
}

export function randomShape(random: PRNG): CodedShape {
  return {
    channels: [20, 32, 64, 96, 128, 192, 256][integer(random, 0, 6)]!,
    panels: integer(random, 1, 2),
    repeats: integer(random, 1, 3),
    code: random() < 0.5 ? 'huffman' : 'grouped',
    skew: integer(random, 0, 6),
  }
}

/** Alignments differ, and so does the bit at which the stream begins. */
export function coded(name: string, random: PRNG, { channels, panels, repeats, code, skew }: CodedShape): Coded {
  // [panel][output channel][input channel], bit t for tap t
  const weights = Uint16Array.from({ length: panels * 8 * channels }, () => 512 * random() ** (1 + skew))
  const counts = new Uint32Array(512)
  for (const weight of weights) counts[weight]!++
  const made = code === 'huffman' ? huffmanCode(counts) : groupedCode(counts, [2, 4, 6, 9])
  const firstBit = integer(random, 0, 7)
  const stream = shifted(encode(inStream(weights, channels), made).bytes, firstBit)
  const ranges = made.ranges.flatMap(({ word, bits, first }) => [word * 2 ** (32 - bits), bits, first, 0])
  const words = [firstBit, `${name}_symbols`, `${name}_ranges`, made.ranges.length, channels, panels, repeats]
  const align = () => `.balign ${2 ** integer(random, 3, 6)}`
  const data = `
        ${align()}
${name}_descriptor:
        .quad ${[`${name}_stream`, ...words].join(', ')}
        ${align()}
${name}_ranges:
        .word ${ranges.join(', ')}
        ${align()}
${name}_symbols:
        .hword ${[...made.symbols].join(', ')}
        .zero ${2 * (512 - made.symbols.length)}
        .zero ${integer(random, 0, 70)}
${name}_stream:
        .byte ${[...stream].join(', ')}
`
  return { data, bytes: packed(weights, channels, repeats) }
}

/** By panel, then by 128 input channels, then output channel, then input channel. */
function inStream(weights: Uint16Array, channels: number): Uint16Array {
  const ordered: number[] = []
  for (let panel = 0; panel < weights.length; panel += 8 * channels)
    for (let slice = 0; slice < channels; slice += 128)
      for (let row = 0; row < 8; row++)
        for (let c = slice; c < Math.min(slice + 128, channels); c++) ordered.push(weights[panel + row * channels + c]!)
  return Uint16Array.from(ordered)
}

/** Of a slice the bits of an output channel are a string: for each tap those of the input channels, then zeros; 128 of them for each output channel in turn. */
function packed(weights: Uint16Array, channels: number, repeats: number): Uint8Array {
  const registers: string[] = []
  for (let panel = 0; panel < weights.length; panel += 8 * channels) {
    const ofPanel: string[] = []
    for (let slice = 0; slice < channels; slice += 128) {
      const width = Math.min(128, channels - slice)
      const rows = Array.from({ length: 8 }, (_, row) => {
        const from = panel + row * channels + slice
        const sequences = [...weights.subarray(from, from + width)]
        const taps = Array.from({ length: 9 }, (_, tap) => sequences.map((one) => (one >> tap) & 1).join(''))
        return padded(taps.map((bits) => padded(bits, 32)).join(''), 128)
      })
      for (let at = 0; at < rows[0]!.length; at += 128) ofPanel.push(...rows.map((row) => row.slice(at, at + 128)))
    }
    for (let repeat = 0; repeat < repeats; repeat++) registers.push(...ofPanel)
  }
  const bits = registers.join('')
  return Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    Number.parseInt([...bits.slice(8 * i, 8 * i + 8)].reverse().join(''), 2),
  )
}

const padded = (bits: string, unit: number): string => bits.padEnd(unit * Math.ceil(bits.length / unit), '0')

function shifted(bytes: Uint8Array, by: number): Uint8Array {
  return Uint8Array.from(
    { length: bytes.length + 1 },
    (_, i) => ((bytes[i - 1] ?? 0) << (8 - by)) | ((bytes[i] ?? 0) >> by),
  )
}

/** Instructions that write the address of a label into a register. */
export const address = (register: string, label: string): string =>
  `adrp ${register}, ${label}\n add ${register}, ${register}, :lo12:${label}`
