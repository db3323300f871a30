// Calls of kernels on rows with gaps between them, which no kernel may write.

import seedrandom from 'seedrandom'
import type { Call, Numbers, Output, Word } from './call.ts'

/** Rows of a tensor: a word of the parameter block, and the bytes from one row to the next. */
export interface Rows<Data extends Word = Word> {
  readonly data: Data
  readonly rowBytes: number
}

export class Calls {
  readonly random: seedrandom.PRNG
  readonly list: Call[] = []

  constructor(seed: string) {
    this.random = seedrandom(seed)
  }

  private noise(bytes: number): Uint8Array {
    return Uint8Array.from({ length: bytes }, () => 256 * this.random())
  }

  /** `data` as `rows` rows with `gap` bytes behind each. */
  input(data: Numbers, rows = 1, gap = 0): Rows<Uint8Array> {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const length = bytes.length / rows
    const spread = this.noise(rows * (length + gap))
    for (let row = 0; row < rows; row++)
      spread.set(bytes.subarray(row * length, (row + 1) * length), row * (length + gap))
    return { data: spread, rowBytes: length + gap }
  }

  /** Where a kernel has to write `data`; of each `pixelBytes` of it, the first `written`. */
  output(data: Numbers, rows = 1, gap = 0, pixelBytes = 4, written = pixelBytes): Rows<Output> {
    const { data: after, rowBytes } = this.input(data, rows, gap)
    const before = this.noise(after.length)
    for (let i = 0; i < after.length; i++) {
      const at = i % rowBytes
      if (at >= rowBytes - gap || at % pixelBytes >= written) after[i] = before[i]!
    }
    return { data: { before, after }, rowBytes }
  }

  call(entry: string, words: readonly Word[], description: string): void {
    this.list.push({ name: `${entry} ${description}`, entry, words })
  }
}
