// Pictures and class names of the data sets that the networks are for.

import type { Shape } from '../../work/tensor.ts'

export const cifarPicture: Shape = { channels: 3, height: 32, width: 32 }
export const mnistPicture: Shape = { channels: 1, height: 28, width: 28 }
export const imagenetPicture: Shape = { channels: 3, height: 224, width: 224 }

export const cifarClasses: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]

export const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => String(i))
