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

  /** Writes the outputs of channels `channel` .. `channel + n - 1` (n = sums.length) from lane `lane` of `words`. */
  apply(sums: Int32Array, channel: number, words: Uint32Array, lane: number): void {
    for (let pe = 0; pe < sums.length; pe++) {
      this.field[0] = this.levels === null ? sums[pe]! : sums[pe]! > this.levels[channel + pe]! ? 1 : 0
      copyBits(this.field, 0, words, lane * 32 + pe * this.bits, this.bits)
    }
  }
}
