// Listens on a stream and puts the words of each frame together into the tensor of a
// network node, so that what the hardware computed can be compared with what it should.

import type { Unit } from '../../sim/kernel.ts'
import { lanesOf, type WordTarget, type WordWriter } from '../../sim/stream.ts'
import { copyBits } from '../../work/bit-range.ts'
import { bitTensor, intTensor, realTensor, type Tensor, wordsOf } from '../../work/tensor.ts'
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
    const { bits, channels, real } = this.tap
    if (channel >= channels) return
    if (this.tensor.kind === 'bits')
      copyBits(words, bit, this.tensor.words, pixel * wordsOf(channels) * 32 + channel, 1)
    else {
      copyBits(words, bit, this.field, 0, bits)
      this.tensor.data[pixel * channels + channel] = numberOf(this.field, bits, real)
    }
  }

  private empty(): Tensor {
    const { channels, size, bits, real } = this.tap
    const shape = { channels, height: size, width: size }
    return bits === 1 ? bitTensor(shape) : real ? realTensor(shape) : intTensor(shape)
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

/** The value of a field: a bit, two's complement of more bits, or a float32. */
function numberOf(field: Uint32Array, bits: number, real: boolean): number {
  if (real) return new Float32Array(field.buffer)[0]!
  return bits === 1 ? field[0]! : (field[0]! << (32 - bits)) >> (32 - bits)
}

/** How a frame's result is written: elements, the bits of each, and whether they are float32 patterns. */
export interface ResultFormat {
  readonly outputs: number
  readonly outputBits: number
  readonly real: boolean
}

/** Elements of a frame's words as they were written to memory. */
export function fieldsOf(words: Uint32Array, width: number, { outputs, outputBits, real }: ResultFormat): number[] {
  const field = new Uint32Array(1)
  return Array.from({ length: outputs }, (_, i) => {
    const bit = i * outputBits
    copyBits(words, Math.floor(bit / width) * lanesOf(width) * 32 + (bit % width), field, 0, outputBits)
    return numberOf(field, outputBits, real)
  })
}
