// Brings pictures, and weights that are not on the chip, over the memory port ahead of time: into the half of their buffer
// that is not in use.

import type { Dma } from '../../mem/dma.ts'

const HALVES = 2

export class Feed {
  private readonly dma: Dma
  private readonly images: number
  private readonly pictureBits: number
  private readonly weightBits: readonly number[] // of each layer whose weights come over the port, in order
  private readonly arrived: () => void
  private picturesAsked = 0
  private pictures = 0
  private asked = 0
  private there = 0
  /** Blocks of weights that are needed no more. */
  used = 0

  /** `arrived` is called whenever something is there. */
  constructor(dma: Dma, images: number, pictureBits: number, weightBits: readonly number[], arrived: () => void) {
    this.dma = dma
    this.images = images
    this.pictureBits = pictureBits
    this.weightBits = weightBits
    this.arrived = arrived
  }

  start(): void {
    this.askPicture()
    this.askWeights()
  }

  hasPicture(image: number): boolean {
    return this.pictures > image
  }

  /** The next picture has its buffer. */
  askPicture(): void {
    if (this.picturesAsked === this.images) return
    this.picturesAsked++
    this.dma.read(this.pictureBits, () => {
      this.pictures++
      this.arrived()
    })
  }

  /** Whether the weights that are used next are there. */
  get hasWeights(): boolean {
    return this.there > this.used
  }

  /** Asks for what the free half of the buffer takes. */
  askWeights(): void {
    const { weightBits } = this
    while (this.asked - this.used < HALVES && this.asked < weightBits.length * this.images) {
      const bits = weightBits[this.asked % weightBits.length]!
      this.asked++
      this.dma.read(bits, () => {
        this.there++
        this.arrived()
      })
    }
  }
}
