// Sizes of convolutions that kernels are tried on.

export interface Shape {
  /** Words of 32 bits of an input pixel. */
  readonly words: number
  readonly kernel: number
  readonly stride: number
  /** Of the output. */
  readonly width: number
  readonly height: number
  readonly channels: number
}

export const shape = (
  words: number,
  kernel: number,
  stride: number,
  width: number,
  height: number,
  channels: number,
) => ({
  ...{ words, kernel, stride, width, height, channels },
})
