// What a decode unit gives (docs/decode-unit.md): weights of 3x3 binary kernels, decoded and packed into 128-bit registers.
//
// A descriptor is 64-bit words:
//   0 stream       address of codewords, the first bit the most significant of a byte
//   8 firstBit     of the first byte, at which the first codeword begins
//  16 symbols      address of the indirection table: uint16 each, bit t the weight at tap t
//  24 ranges       address of 16 bytes for each range of codewords, in their order: uint32 the first codeword, as the first
//                  bits of 32; uint32 its bits; uint32 the place of its symbol; uint32 0
//  32 rangeCount
//  40 channels     of the input
//  48 panels       of 8 output channels
//  56 repeats      times that each panel is given before the next one
// Codewords come by panel, then by slice of 128 input channels (the last may have fewer), output channel, input channel.
// Registers come by panel, repeat, slice, then 16 bytes of each of the 8 output channels at a time: an output channel of a
// slice is the bits of its input channels for each tap, in whole words of 32 bits, filled up with zeros to 16 bytes.

import { InputError } from '../../work/input-error.ts'
import { LONGEST } from '../../work/kernel-code.ts'
import { SEQUENCES, TAPS } from '../../work/sequences.ts'
import { LOWEST_ADDRESS, type Program } from '../instruction.ts'
import type { Decoding, DecodingSlice } from '../stream.ts'
import { DECODED_AT } from './layout.ts'

export const DESCRIPTOR_BYTES = 64
const RANGE_BYTES = 16
/** Output channels of a panel. */
const PANEL = 8
/** Input channels of a slice: bits of a register. */
const SLICE = 128
const REGISTER_BYTES = 16
const MOST_CHANNELS = 65_536
const MOST_RANGES = 512

interface Range {
  readonly word: number
  readonly bits: number
  readonly first: number
}

type Fail = (problem: string) => never
type Descriptor = ReturnType<Decoder['descriptorAt']>

/** What has been decoded, and where that stands. */
interface Job {
  readonly lengths: Uint8Array
  readonly places: Uint16Array
  symbolCount: number
  readonly at: { bit: number; sequence: number; out: number }
}

/** Imported functions of an execution, and what they began. */
export class Decoder {
  readonly decodings: Decoding[] = []

  private readonly program: Program
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly memoryEnd: number
  private packed = new Uint8Array(0) // by panel
  private panelBytes = 0
  private repeats = 0
  private at = 0 // in `packed`
  private repeated = 0 // times that the panel has been given

  constructor(program: Program, memory: ArrayBuffer, memoryEnd: number) {
    this.program = program
    this.bytes = new Uint8Array(memory)
    this.view = new DataView(memory)
    this.memoryEnd = memoryEnd
  }

  /** Of `decstart`: instruction, and address of a descriptor. */
  readonly start = (instruction: number, address: number): number => {
    const fail = (problem: string): never => this.fail(instruction, problem)
    const found = this.descriptorAt(address >>> 0, fail)
    const { panels, widths, panelBytes } = found
    const sequences = panels * PANEL * widths.reduce((sum, width) => sum + width, 0)
    const { stream, firstBit } = found
    if (8 * stream + firstBit + sequences > 8 * this.memoryEnd) this.endless(found, fail)
    const job = {
      lengths: new Uint8Array(sequences),
      places: new Uint16Array(sequences),
      symbolCount: 0,
      at: { bit: 8 * stream + firstBit, sequence: 0, out: 0 },
    }
    this.packed = new Uint8Array(panels * panelBytes)
    this.panelBytes = panelBytes
    this.repeats = found.repeats
    this.at = 0
    this.repeated = 0
    const panelBits = new Float64Array(panels + 1)
    panelBits[0] = firstBit
    for (let panel = 0; panel < panels; panel++) {
      for (const width of widths) this.decodeSlice(width, found, job, fail)
      panelBits[panel + 1] = job.at.bit - 8 * stream
    }
    const slices = widths.map((width): DecodingSlice => {
      return { sequences: PANEL * width, registers: (PANEL * sliceDepth(width)) / REGISTER_BYTES }
    })
    const { lengths, places, symbolCount } = job
    this.decodings.push({ ...found.places, lengths, places, symbolCount, panelBits, slices, repeats: found.repeats })
    return 0
  }

  /** Decodes and packs the next slice, of `width` input channels. */
  private decodeSlice(width: number, found: Descriptor, job: Job, fail: Fail): void {
    const { at, lengths, places } = job
    for (let i = 0; i < PANEL * width; i++, at.sequence++) {
      const next = this.window(at.bit)
      const range = rangeOf(found.ranges, next) ?? fail(`finds no codeword for sequence ${at.sequence}`)
      const place = range.first + (next >>> (LONGEST - range.bits)) - (range.word >>> (LONGEST - range.bits))
      if (place >= SEQUENCES) fail(`finds place ${place} for sequence ${at.sequence}, expected below ${SEQUENCES}`)
      lengths[at.sequence] = range.bits
      places[at.sequence] = place
      job.symbolCount = Math.max(job.symbolCount, place + 1)
      at.bit += range.bits
      if (at.bit > 8 * this.memoryEnd) this.endless(found, fail)
      const symbol = this.view.getUint16(found.symbols + 2 * place, true)
      this.pack(symbol, at.out, width, Math.floor(i / width), i % width)
    }
    at.out += PANEL * sliceDepth(width)
  }

  private endless({ stream }: Descriptor, fail: Fail): never {
    return fail(`finds no end of the stream at ${hex(stream)}`)
  }

  /** Of `decread`: brings the next register to DECODED_AT. */
  readonly read = (instruction: number): number => {
    if (this.at === this.packed.length)
      this.fail(instruction, this.packed.length === 0 ? 'comes before any decstart' : 'finds nothing left to decode')
    this.bytes.set(this.packed.subarray(this.at, this.at + REGISTER_BYTES), DECODED_AT)
    this.at += REGISTER_BYTES
    if (this.at % this.panelBytes !== 0) return 0
    this.repeated++
    if (this.repeated < this.repeats) this.at -= this.panelBytes
    else this.repeated = 0
    return 0
  }

  /** The descriptor at `address`, checked. */
  private descriptorAt(address: number, fail: Fail) {
    const words = Array.from({ length: DESCRIPTOR_BYTES / 8 }, (_, i) =>
      Number(this.view.getBigUint64(address + 8 * i, true)),
    )
    const within = (
      name: string,
      at: number,
      low: number,
      high: number,
      text: (n: number) => string = String,
    ): number => {
      const value = words[at]!
      if (value >= low && value <= high) return value
      return fail(`expected ${name} from ${text(low)} to ${text(high)}, got ${text(value)}`)
    }
    const inside = (name: string, at: number, bytes: number): number =>
      within(name, at, LOWEST_ADDRESS, this.memoryEnd - bytes, hex)
    const rangeBytes = RANGE_BYTES * within('rangeCount', 4, 1, MOST_RANGES)
    const stream = inside('stream', 0, 1)
    const symbols = inside('symbols', 2, 2 * SEQUENCES)
    const ranges = inside('ranges', 3, rangeBytes)
    const channels = within('channels', 5, 1, MOST_CHANNELS)
    const widths = Array.from({ length: Math.ceil(channels / SLICE) }, (_, i) => Math.min(SLICE, channels - i * SLICE))
    return {
      places: { descriptor: address, ranges, rangeBytes, symbols, stream },
      stream,
      firstBit: within('firstBit', 1, 0, 7),
      symbols,
      ranges: this.rangesAt(ranges, rangeBytes / RANGE_BYTES, fail),
      widths,
      panels: within('panels', 6, 1, MOST_CHANNELS / PANEL),
      repeats: within('repeats', 7, 1, 2 ** 31),
      panelBytes: widths.reduce((sum, width) => sum + PANEL * sliceDepth(width), 0),
    }
  }

  /** Sets the bits of a sequence: of output channel `row` and input channel `channel` of the slice at `out`. */
  private pack(symbol: number, out: number, width: number, row: number, channel: number): void {
    const bytes = tapBytes(width)
    for (let tap = 0, byte = channel >> 3; tap < TAPS; tap++, byte += bytes)
      if ((symbol >> tap) & 1) {
        const step = out + (byte >> 4) * PANEL * REGISTER_BYTES
        this.packed[step + row * REGISTER_BYTES + (byte & 15)]! |= 1 << (channel & 7)
      }
  }

  private rangesAt(address: number, count: number, fail: (problem: string) => never): Range[] {
    const ranges = Array.from({ length: count }, (_, i): Range => {
      const word = (field: number) => this.view.getUint32(address + RANGE_BYTES * i + 4 * field, true)
      return { word: word(0), bits: word(1), first: word(2) }
    })
    const wrong = ranges.findIndex(
      ({ bits, word }, i) => bits < 1 || bits > LONGEST || (i > 0 && word < ranges[i - 1]!.word),
    )
    if (wrong < 0) return ranges
    return fail(`expected ranges by codeword, of 1 to ${LONGEST} bits; range ${wrong} is not`)
  }

  /** The 32 bits from bit `at` on; zeros behind the end of memory. */
  private window(at: number): number {
    const byte = Math.floor(at / 8)
    const shift = at - 8 * byte
    const end = this.memoryEnd
    const of = (i: number) => (byte + i < end ? this.bytes[byte + i]! : 0)
    const four = (of(0) << 24) | (of(1) << 16) | (of(2) << 8) | of(3)
    return ((four << shift) | (of(4) >>> (8 - shift))) >>> 0
  }

  private fail(instruction: number, problem: string): never {
    const { file = this.program.file, line, text } = this.program.instructions[instruction]!
    throw new InputError(`'${text}' ${problem}`, { file, line })
  }
}

/** Bytes of a tap of one output channel, and of all its taps, filled up. */
const tapBytes = (width: number): number => 4 * Math.ceil(width / 32)
const sliceDepth = (width: number): number => REGISTER_BYTES * Math.ceil((TAPS * tapBytes(width)) / REGISTER_BYTES)

function rangeOf(ranges: readonly Range[], next: number): Range | undefined {
  for (let i = ranges.length - 1; i >= 0; i--) if (next >= ranges[i]!.word) return ranges[i]
  return undefined
}

const hex = (value: number): string => `0x${value.toString(16)}`
