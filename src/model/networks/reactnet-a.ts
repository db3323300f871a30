// ReActNet-A (Z. Liu et al., ECCV 2020): MobileNetV1's layout with binary 3x3 and 1x1 convolutions, RSign,
// RPReLU and a shortcut around each. A block that doubles the channels runs two 1x1 convolutions on
// the same bits and concatenates. Padding is 0. Block i has the nodes `block<i>.sign1`, `.conv3x3`, `.bn1`,
// `.add1`, `.rprelu1`, `.sign2`, then `.conv1x1`, `.bn2`, `.add2` (or each of them with a and b, and
// `.concat`) and `.rprelu2`; at stride 2 `.pool` is the shortcut. In the normaliser-free network of A&B BNN (Ma et al.,
// CVPR 2024) blocks have `.mask1` and `.mask2` before the signs, and `.scale1` and `.scale2` for `.bn1` and `.bn2`.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { imagenetHead, rsign, torchvision } from './imagenet.ts'
import { batchNormalised, type Normalisation, normaliserFree } from './normalisation.ts'

export interface ReactNetA {
  readonly name: string
  readonly source: string
  readonly normalisation: Normalisation
}

export const reactNetsA: readonly ReactNetA[] = [
  { name: 'reactnet-a', source: 'topology of ReActNet-A, seeded weights', normalisation: batchNormalised },
  {
    name: 'reactnet-a-nf',
    source: 'topology of normaliser-free ReActNet-A of A&B BNN, seeded weights',
    normalisation: normaliserFree,
  },
]

const blocks = [
  { out: 64, stride: 1 },
  { out: 128, stride: 2 },
  { out: 128, stride: 1 },
  { out: 256, stride: 2 },
  { out: 256, stride: 1 },
  { out: 512, stride: 2 },
  { out: 512, stride: 1 },
  { out: 512, stride: 1 },
  { out: 512, stride: 1 },
  { out: 512, stride: 1 },
  { out: 512, stride: 1 },
  { out: 1024, stride: 2 },
  { out: 1024, stride: 1 },
]

export function reactNetA({ name, source, normalisation }: ReactNetA, parameters: Parameters): Network {
  const builder = new NetworkBuilder(torchvision.picture, parameters)
  const stem = builder.realConv('stem', 'input', 32, { kernel: 3, stride: 2, padding: 1 })
  let x = normalisation.real(builder, stem)
  let sums = 0 // residual sums since the variance of values was last taken for 1
  blocks.forEach(({ out, stride }, i) => {
    x = addBlock(builder, normalisation, { block: `block${i}`, input: x, out, stride, sums })
    sums = stride === 1 ? sums + 2 : 0
  })
  return builder.finish({ name, source, ...torchvision, decision: imagenetHead(builder, x) })
}

interface Block {
  readonly block: string
  readonly input: string
  /** Channels. */
  readonly out: number
  readonly stride: number
  /** Residual sums in what the block reads. */
  readonly sums: number
}

function addBlock(builder: NetworkBuilder, normalisation: Normalisation, options: Block): string {
  const { block, input, out, stride, sums } = options
  const { channels } = builder.shape(input)
  const bits = rsign(builder, `${block}.sign1`, normalisation.mask(builder, block, '1', input, sums))
  const conv = builder.binaryConv(`${block}.conv3x3`, bits, channels, { kernel: 3, stride, padding: 1 })
  const shortcut = stride === 1 ? input : builder.pool(`${block}.pool`, input, 'average', { kernel: 2 })
  const main = normalisation.main(builder, block, '1', conv, 9 * channels)
  const middle = builder.rprelu(`${block}.rprelu1`, builder.sum(`${block}.add1`, [main, shortcut]))

  const bits2 = rsign(builder, `${block}.sign2`, normalisation.mask(builder, block, '2', middle, sums + 1))
  const pointwise = (half: string) => {
    const conv = builder.binaryConv(`${block}.conv1x1${half}`, bits2, channels, { kernel: 1 })
    return builder.sum(`${block}.add2${half}`, [normalisation.main(builder, block, `2${half}`, conv, channels), middle])
  }
  const result = out === channels ? pointwise('') : builder.concat(`${block}.concat`, [pointwise('a'), pointwise('b')])
  return builder.rprelu(`${block}.rprelu2`, result)
}
