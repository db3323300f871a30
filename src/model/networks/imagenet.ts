// What the ImageNet networks have in common: their pictures, their two ends, and
// the binary residual step.

import type { Decision, Encoding } from '../../work/network.ts'
import { filled, type NetworkBuilder } from '../builder.ts'
import { imagenetPicture, numbered } from './classes.ts'

const classes = numbered(1000)

/** Pictures normalised with the channel means and deviations of ImageNet, as PyTorch's models are trained. */
export const torchvision = {
  picture: imagenetPicture,
  encoding: { kind: 'real', mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } satisfies Encoding,
  classes,
} as const

/** Pictures scaled to -1..1, as Larq Zoo's models are trained. */
export const larq = {
  picture: imagenetPicture,
  encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } satisfies Encoding,
  classes,
} as const

/** Batch norm of a real convolution with seeded weights, whose outputs have a deviation of about 1. */
export const realBatchNorm = (builder: NetworkBuilder, conv: string): string => builder.batchNorm(`${conv}.bn`, conv, 1)

/** bit = x >= 0. */
export const sign = (builder: NetworkBuilder, name: string, from: string): string =>
  builder.threshold(name, from, filled(builder.shape(from).channels, 0), true)

/** ReActNet's sign with a learned shift: bit = x >= level[c]. */
export function rsign(builder: NetworkBuilder, name: string, from: string): string {
  const level = builder.parameters.reals(name, builder.shape(from).channels, { mean: 0, deviation: 0.1 })
  return builder.threshold(name, from, level, true)
}

/** Batch norm of the binary convolution `conv`, then the addition of the shortcut. */
export function residual(builder: NetworkBuilder, bn: string, add: string, conv: string, shortcut: string): string {
  return builder.sum(add, [builder.binaryBatchNorm(bn, conv), shortcut])
}

/** Global average pooling and the classifier. */
export function imagenetHead(builder: NetworkBuilder, from: string): Decision {
  const pooled = builder.pool('pool', from, 'average', { kernel: builder.shape(from).height })
  return { rule: 'argmax', scores: builder.realDense('fc', pooled, classes.length) }
}
