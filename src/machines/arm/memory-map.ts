// Where everything lies in the memory of the ARM machine: what never changes (weights, tables, parameter blocks), and
// activations, whose places are given to others once nobody reads them any more.

import { InputError } from '../../work/input-error.ts'
import type { Shape } from '../../work/tensor.ts'

/** How a value is stored: a bit, a 32-bit float, or an integer of 8, 16 or 32 bits for each element. */
export type Storage = 'bits' | 'f32' | 'i32' | 'i16' | 'i8'

/** Storages of integers, by bits of a fixed-point number. */
export const storageOf = { 8: 'i8', 16: 'i16', 32: 'i32' } as const

/** Bytes of a number. */
export const sizeOf = { f32: 4, i32: 4, i16: 2, i8: 1 } as const

/** A border of pixels around a tensor, that convolutions and pools read; `word` fills it, 32 bits at a time. */
export interface Border {
  readonly before: number
  readonly after: number
  readonly word: number
}

/** A tensor in memory: pixels of `pixelBytes`, row by row; of an image row's first pixel to the next row's, `rowBytes`. */
export interface Buffer {
  readonly storage: Storage
  readonly shape: Shape
  /** Of its first pixel, which the border precedes. */
  readonly address: number
  readonly pixelBytes: number
  readonly rowBytes: number
  readonly border: Border
}

export interface Contents {
  readonly address: number
  readonly bytes: Uint8Array
}

/** Output channels that a kernel computes at once: numbers fill up the last panel. */
export const PANEL = 8

/** Bytes of a pixel: whole words of bits, whole panels of numbers, whose last channels hold anything. */
export const pixelBytesOf = (storage: Storage, channels: number): number =>
  storage === 'bits' ? 4 * Math.ceil(channels / 32) : sizeOf[storage] * roundUp(channels, PANEL)

export const noBorder: Border = { before: 0, after: 0, word: 0 }

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit

/** Lines of a cache, and what vector loads like. */
const ALIGNMENT = 64

/** Room for what never changes: addresses only, memory is used where something is written. */
const FIXED_BYTES = 2 ** 28

interface Range {
  readonly from: number
  readonly to: number
}

export class MemoryMap {
  /** What memory holds at first, beyond zeros. */
  readonly contents: Contents[] = []

  private fixedEnd: number
  private readonly activations: number
  private free: Range[] = [] // by address
  private activationsEnd: number
  private readonly bordered = new Map<string, Buffer[]>()

  /** From the address `start` on. */
  constructor(start: number) {
    this.fixedEnd = roundUp(start, ALIGNMENT)
    this.activations = this.fixedEnd + FIXED_BYTES
    this.activationsEnd = this.activations
  }

  /** Address behind all. */
  get end(): number {
    return this.activationsEnd
  }

  /** Address of what never changes. */
  place(data: ArrayBufferView): number {
    const address = this.fixedEnd
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    this.fixedEnd = roundUp(address + bytes.length, ALIGNMENT)
    if (this.fixedEnd > this.activations)
      throw new InputError(`expected weights and tables of at most ${FIXED_BYTES / 2 ** 20} MiB together`)
    this.contents.push({ address, bytes })
    return address
  }

  /** Room for a tensor. */
  allocate(storage: Storage, shape: Shape, pixelBytes: number, border: Border): Buffer {
    if (border.before + border.after > 0) return this.allocateBordered(storage, shape, pixelBytes, border)
    const rowBytes = shape.width * pixelBytes
    const address = this.take(shape.height * rowBytes)
    return { storage, shape, address, pixelBytes, rowBytes, border }
  }

  /** Nobody reads it any more. Its border stays as it is: only a buffer of the same form takes its place. */
  release(buffer: Buffer): void {
    if (buffer.border.before + buffer.border.after > 0) this.bordered.get(formOf(buffer))!.push(buffer)
    else this.give(buffer.address, buffer.shape.height * buffer.rowBytes)
  }

  /** Room for `bytes`, until they are given back. */
  take(bytes: number): number {
    const size = roundUp(bytes, ALIGNMENT)
    const at = this.free.findIndex(({ from, to }) => to - from >= size)
    if (at < 0) {
      const last = this.free.at(-1)
      const from = last?.to === this.activationsEnd ? last.from : this.activationsEnd
      if (from < this.activationsEnd) this.free.pop()
      this.activationsEnd = from + size
      return from
    }
    const { from, to } = this.free[at]!
    this.free.splice(at, 1, ...(to - from > size ? [{ from: from + size, to }] : []))
    return from
  }

  give(address: number, bytes: number): void {
    const ranges = [...this.free, { from: address, to: address + roundUp(bytes, ALIGNMENT) }]
    ranges.sort((a, b) => a.from - b.from)
    this.free = []
    for (const range of ranges) {
      const last = this.free.at(-1)
      if (last?.to === range.from) this.free[this.free.length - 1] = { from: last.from, to: range.to }
      else this.free.push(range)
    }
  }

  private allocateBordered(storage: Storage, shape: Shape, pixelBytes: number, border: Border): Buffer {
    const { before, after, word } = border
    const rowBytes = (before + shape.width + after) * pixelBytes
    const form = { storage, shape, address: 0, pixelBytes, rowBytes, border }
    const list = this.bordered.get(formOf(form)) ?? []
    this.bordered.set(formOf(form), list)
    const known = list.pop()
    if (known !== undefined) return { ...known, storage, shape }
    const bytes = (before + shape.height + after) * rowBytes
    // Where nothing else has been: an earlier step would write over the border.
    const from = this.activationsEnd
    this.activationsEnd = from + roundUp(bytes, ALIGNMENT)
    const filled = new Uint8Array(new Uint32Array(Math.ceil(bytes / 4)).fill(word).buffer)
    const first = before * (rowBytes + pixelBytes)
    // Channels that fill up a pixel are part of no border.
    for (let y = 0; y < shape.height; y++)
      filled.fill(0, first + y * rowBytes, first + y * rowBytes + shape.width * pixelBytes)
    this.contents.push({ address: from, bytes: filled })
    return { ...form, address: from + first }
  }
}

const formOf = ({ shape: { height, width }, pixelBytes, border: { before, after, word } }: Buffer): string =>
  [height, width, pixelBytes, before, after, word].join()
