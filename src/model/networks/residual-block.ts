// Three equal binary convolutions with a shortcut around each, as Bi-Real Net chains them, in the least that makes a network of
// them: real 1x1 convolution before, pool and classifier behind. Layer `conv2` begins and ends as in a whole network: with
// what the one before has left in the caches, and with its sum and the sign that the next one reads.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { numbered } from './classes.ts'
import { realBatchNorm, residual, sign } from './imagenet.ts'

export interface ResidualBlock {
  readonly name: string
  readonly kernel: 1 | 3
  /** Pixels, each way. */
  readonly size: number
  readonly channels: number
}

/** Sizes of the four stages of ResNet-18. */
const stages = [
  { size: 56, channels: 64 },
  { size: 28, channels: 128 },
  { size: 14, channels: 256 },
  { size: 7, channels: 512 },
]

export const residualBlocks: readonly ResidualBlock[] = ([3, 1] as const).flatMap((kernel) =>
  stages.map(({ size, channels }) => {
    return { name: `block-${kernel}x${kernel}-${size}x${channels}`, kernel, size, channels }
  }),
)

const classes = numbered(10) // of the drawn digits

export function residualBlock({ name, kernel, size, channels }: ResidualBlock, parameters: Parameters): Network {
  const picture = { channels: 1, height: size, width: size }
  const builder = new NetworkBuilder(picture, parameters)
  let x = realBatchNorm(builder, builder.realConv('first', 'input', channels, { kernel: 1 }))
  for (const i of [1, 2, 3]) {
    const bits = sign(builder, `sign${i}`, x)
    const conv = builder.binaryConv(`conv${i}`, bits, channels, { kernel, padding: (kernel - 1) / 2 })
    x = residual(builder, `bn${i}`, `add${i}`, conv, x)
  }
  const pooled = builder.pool('pool', x, 'average', { kernel: size })
  return builder.finish({
    name,
    source: 'three residual layers, seeded weights',
    picture,
    encoding: { kind: 'real', mean: [0.5], deviation: [0.5] },
    classes,
    decision: { rule: 'argmax', scores: builder.realDense('fc', pooled, classes.length) },
  })
}
