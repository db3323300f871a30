// What the model formats share: a JSON manifest beside a binary file of raw
// little-endian values, read without trusting either.

import { createHash } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { binaryWeightsFromRows } from '../work/bits.ts'
import { type Document, errorAt, type Path } from '../work/document.ts'
import { InputError } from '../work/input-error.ts'
import type { BinaryWeights } from '../work/network.ts'
import { readBytes } from './files.ts'

/** Keys of every manifest: the binary file, by plain name in the manifest's own folder, its size and checksum. */
export const binKeys = {
  name: z.string().min(1),
  source: z.string(),
  bit_meaning: z.string().optional(),
  bit_order: z.string().optional(),
  bin: z.string().regex(/^[^/\\]+$/, 'expected a file name without folders'),
  bin_bytes: z.int().min(1),
  bin_md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected 32 hexadecimal digits')
    .optional(),
  weight_bits: z.int().min(1),
}

export interface BinKeys {
  readonly bin: string
  readonly bin_bytes: number
  readonly bin_md5?: string | undefined
  readonly weight_bits: number
}

export interface BitRows {
  readonly offset: number
  readonly rows: number
  readonly bytesPerRow: number
  readonly channels: number
  readonly taps: number
}

/** The binary file of a manifest, read section by section; every section is claimed once and within the file. */
export class BinFile {
  readonly #document: Document
  readonly #bytes: Uint8Array
  readonly #claimed: { readonly from: number; readonly to: number; readonly path: Path }[] = []

  /** Throws InputError at the manifest's key that the file does not match. */
  constructor(document: Document, keys: BinKeys) {
    this.#document = document
    const file = path.join(path.dirname(document.file), keys.bin)
    this.#bytes = readBytes(file)
    if (this.#bytes.length !== keys.bin_bytes) {
      throw new InputError(
        `expected ${keys.bin_bytes} bytes (bin_bytes of ${document.file}), got ${this.#bytes.length}`,
        {
          file,
        },
      )
    }
    const md5 = createHash('md5').update(this.#bytes).digest('hex')
    if (keys.bin_md5 !== undefined && keys.bin_md5 !== md5) {
      throw new InputError(`expected md5 ${keys.bin_md5} (bin_md5 of ${document.file}), got ${md5}`, { file })
    }
  }

  binary(section: BitRows, path: Path): BinaryWeights {
    const { offset, rows, bytesPerRow, channels, taps } = section
    this.#claim(offset, rows * bytesPerRow, path)
    return binaryWeightsFromRows(this.#bytes, offset, rows, bytesPerRow, channels, taps)
  }

  integers(offset: number, count: number, path: Path): Int32Array {
    const view = this.#claim(offset, count * 4, path)
    return Int32Array.from({ length: count }, (_, i) => view.getInt32(i * 4, true))
  }

  /** Finite float32 values. */
  reals(offset: number, count: number, path: Path): Float32Array {
    const view = this.#claim(offset, count * 4, path)
    const values = Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true))
    const odd = values.findIndex((value) => !Number.isFinite(value))
    if (odd >= 0) throw errorAt(this.#document, path, `expected finite numbers, value ${odd} is ${values[odd]}`)
    return values
  }

  /** Throws InputError when two sections overlap. */
  close(): void {
    const sections = this.#claimed.toSorted((a, b) => a.from - b.from)
    sections.slice(1).forEach((section, i) => {
      const before = sections[i]!
      if (section.from < before.to) {
        throw errorAt(
          this.#document,
          section.path,
          `expected a section of its own, got bytes ${section.from} to ${section.to - 1}, which another section ` +
            `(line ${this.#document.locate(before.path)}: ${before.from} to ${before.to - 1}) has too`,
        )
      }
    })
  }

  #claim(offset: number, length: number, path: Path): DataView {
    if (offset + length > this.#bytes.length) {
      throw errorAt(
        this.#document,
        [...path, 'offset'],
        `expected ${length} bytes from ${offset}, but the file ends at ${this.#bytes.length}`,
      )
    }
    this.#claimed.push({ from: offset, to: offset + length, path })
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + offset, length)
  }
}

/** Throws InputError at `path` unless `got` is `expected`; numbers and lists of numbers. */
export function mustEqual(document: Document, path: Path, got: unknown, expected: unknown, why: string): void {
  const [text, wanted] = [JSON.stringify(got), JSON.stringify(expected)]
  if (text !== wanted) throw errorAt(document, path, `expected ${wanted} (${why}), got ${text}`)
}
