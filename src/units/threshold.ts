// The last stage of a matrix-vector unit: turns one group of sums, one per PE, into
// an output word. Batch normalisation and sign are folded into one comparison per
// channel; without levels the sums themselves leave, as two's complement fields.

import { copyBits } from '../work/bit-range.ts'

export interface ThresholdSpec {
  /** One level per output channel: bit = sum > level. None: the sums are the outputs. */
  readonly levels: Int32Array | null
  /** Bits of one output: 1 with levels, else the width of a sum. */
  readonly bits: number
}

export class Threshold {
  readonly bits: number
  private readonly levels: Int32Array | null
  private readonly field = new Uint32Array(1)

  constructor(spec: ThresholdSpec) {
    this.levels = spec.levels
    this.bits = spec.levels === null ? spec.bits : 1
  }

  /** Writes the outputs of channels `channel` .. `channel + count - 1`, whose sums are in their places, from lane `lane` of `words`. */
  apply(sums: Int32Array, channel: number, count: number, words: Uint32Array, lane: number): void {
    const { levels } = this
    if (levels === null) {
      for (let i = 0; i < count; i++) {
        this.field[0] = sums[channel + i]!
        copyBits(this.field, 0, words, lane * 32 + i * this.bits, this.bits)
      }
      return
    }
    for (let first = 0; first < count; first += 32) {
      let word = 0
      const end = Math.min(32, count - first)
      for (let i = 0, c = channel + first; i < end; i++, c++) if (sums[c]! > levels[c]!) word |= 1 << i
      words[lane + (first >>> 5)] = word
    }
  }
}
