// One binary 3x3 convolution in the least that makes a network of it, for comparison with published times of layers alone:
// a real 1x1 convolution and sign before it; behind it batch norm, a shortcut from the picture, pool and classifier. The
// shortcut's convolution comes between the binary one and its batch norm, so that layer `conv` is nothing but the former.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { numbered } from './classes.ts'
import { residual, sign } from './imagenet.ts'

export interface SingleLayer {
  readonly name: string
  /** Pixels of the input, each way. */
  readonly size: number
  /** In and out. */
  readonly channels: number
  readonly stride: number
}

/** Those that daBNN has published times of (J. Zhang et al., ACM Multimedia 2019). */
export const singleLayers: readonly SingleLayer[] = [
  { name: 'layer-3x3-56x64', size: 56, channels: 64, stride: 1 },
  { name: 'layer-3x3-28x128', size: 28, channels: 128, stride: 1 },
  { name: 'layer-3x3-14x256', size: 14, channels: 256, stride: 1 },
  { name: 'layer-3x3-14x256-s2', size: 14, channels: 256, stride: 2 },
  { name: 'layer-3x3-7x512', size: 7, channels: 512, stride: 1 },
]

/** The two kinds of layers that hold most weights of ReActNet-A. */
export const reactnetLayers: readonly SingleLayer[] = [
  { name: 'layer-3x3-14x512', size: 14, channels: 512, stride: 1 },
  { name: 'layer-3x3-7x1024', size: 7, channels: 1024, stride: 1 },
]

const classes = numbered(10) // of the drawn digits

export function singleLayer({ name, size, channels, stride }: SingleLayer, parameters: Parameters): Network {
  const picture = { channels: 1, height: size, width: size }
  const builder = new NetworkBuilder(picture, parameters)
  const bits = sign(builder, 'first.sign', builder.realConv('first', 'input', channels, { kernel: 1 }))
  const conv = builder.binaryConv('conv', bits, channels, { kernel: 3, stride, padding: 1 })
  const shortcut = builder.realConv('shortcut', 'input', channels, { kernel: 1, stride })
  const add = residual(builder, 'bn', 'add', conv, shortcut)
  const pooled = builder.pool('pool', add, 'average', { kernel: builder.shape(add).height })
  return builder.finish({
    name,
    source: 'one layer, seeded weights',
    picture,
    encoding: { kind: 'real', mean: [0.5], deviation: [0.5] },
    classes,
    decision: { rule: 'argmax', scores: builder.realDense('fc', pooled, classes.length) },
  })
}
