// Listens on a stream and puts the words of each frame together into the tensor of a
// network node, so that what the hardware computed can be compared with what it should.

import type { Unit } from '../../sim/kernel.ts'
import { lanesOf, type WordTarget, type WordWriter } from '../../sim/stream.ts'
import { copyBits } from '../../work/bit-range.ts'
import { bitTensor, intTensor, type Tensor, wordsOf } from '../../work/tensor.ts'
import type { Tap } from './netlist.ts'

/** Elements of a frame, in arrival order: pixel by pixel, channels first, padding channels last. */
class Frame {
  private readonly tap: Tap
  private readonly field = new Uint32Array(1)
  private tensor: Tensor
  private element = 0

  constructor(tap: Tap) {
    this.tap = tap
    this.tensor = this.empty()
  }

  /** Adds the elements of a word; returns the tensor if they complete it. */
  add(words: Uint32Array, lane: number, width: number): Tensor | null {
    const { bits, rows, size } = this.tap
    for (let bit = 0; bit < width; bit += bits) {
      this.put(words, lane * 32 + bit, Math.floor(this.element / rows), this.element % rows)
      this.element++
    }
    if (this.element < rows * size ** 2) return null
    const whole = this.tensor
    this.tensor = this.empty()
    this.element = 0
    return whole
  }

  private put(words: Uint32Array, bit: number, pixel: number, channel: number): void {
    const { bits, channels } = this.tap
    if (channel >= channels) return
    if (this.tensor.kind === 'bits')
      copyBits(words, bit, this.tensor.words, pixel * wordsOf(channels) * 32 + channel, 1)
    else {
      copyBits(words, bit, this.field, 0, bits)
      this.tensor.data[pixel * channels + channel] = signed(this.field[0]!, bits)
    }
  }

  private empty(): Tensor {
    const { channels, size, bits } = this.tap
    const shape = { channels, height: size, width: size }
    return bits === 1 ? bitTensor(shape) : intTensor(shape)
  }
}

/** A stream's writing end that also hands each completed frame to `listen`, with its ordinal. */
export class TappedTarget implements WordTarget, WordWriter {
  readonly width: number

  private readonly frame: Frame
  private readonly target: WordTarget
  private readonly listen: (ordinal: number, tensor: Tensor) => void
  private writer: WordWriter | null = null
  private ordinal = 0

  constructor(target: WordTarget, tap: Tap, listen: (ordinal: number, tensor: Tensor) => void) {
    this.width = target.width
    this.target = target
    this.frame = new Frame(tap)
    this.listen = listen
  }

  writtenBy(unit: Unit): WordWriter {
    this.writer = this.target.writtenBy(unit)
    return this
  }

  get writable(): boolean {
    return this.writer!.writable
  }

  push(words: Uint32Array, lane: number): void {
    this.writer!.push(words, lane)
    const tensor = this.frame.add(words, lane, this.width)
    if (tensor !== null) this.listen(this.ordinal++, tensor)
  }
}

/** Scores are two's complement, wider fields than one bit. */
const signed = (field: number, bits: number): number => (bits === 1 ? field : (field << (32 - bits)) >> (32 - bits))

/** Fields of a frame's words as they were written to memory: `count` elements of `bits` bits. */
export function fieldsOf(words: Uint32Array, width: number, bits: number, count: number): number[] {
  const field = new Uint32Array(1)
  return Array.from({ length: count }, (_, i) => {
    const bit = i * bits
    copyBits(words, Math.floor(bit / width) * lanesOf(width) * 32 + (bit % width), field, 0, bits)
    return signed(field[0]!, bits)
  })
}
