// ReActNet-A (Z. Liu et al., ECCV 2020): MobileNetV1's layout with binary 3x3 and 1x1 convolutions, RSign,
// RPReLU and a shortcut around each. A block that doubles the channels runs two 1x1 convolutions on
// the same bits and concatenates. Padding is 0. Block i has the nodes `block<i>.sign1`, `.conv3x3`, `.bn1`,
// `.add1`, `.rprelu1`, `.sign2`, then `.conv1x1`, `.bn2`, `.add2` (or each of them with a and b, and
// `.concat`) and `.rprelu2`; at stride 2 `.pool` is the shortcut.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { imagenetHead, realBatchNorm, residual, rsign, torchvision } from './imagenet.ts'

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

export function reactNetA(parameters: Parameters): Network {
  const builder = new NetworkBuilder(torchvision.picture, parameters)
  let x = realBatchNorm(builder, builder.realConv('stem', 'input', 32, { kernel: 3, stride: 2, padding: 1 }))
  blocks.forEach(({ out, stride }, i) => {
    x = addBlock(builder, `block${i}`, x, out, stride)
  })
  return builder.finish({
    name: 'reactnet-a',
    source: 'topology of ReActNet-A, seeded weights',
    ...torchvision,
    decision: imagenetHead(builder, x),
  })
}

function addBlock(builder: NetworkBuilder, block: string, input: string, out: number, stride: number): string {
  const channels = builder.shape(input).channels
  const bits = rsign(builder, `${block}.sign1`, input)
  const conv = builder.binaryConv(`${block}.conv3x3`, bits, channels, { kernel: 3, stride, padding: 1 })
  const shortcut = stride === 1 ? input : builder.pool(`${block}.pool`, input, 'average', { kernel: 2 })
  const sum = residual(builder, `${block}.bn1`, `${block}.add1`, conv, shortcut)
  const middle = builder.rprelu(`${block}.rprelu1`, sum)

  const bits2 = rsign(builder, `${block}.sign2`, middle)
  const pointwise = (half: string) => {
    const conv = builder.binaryConv(`${block}.conv1x1${half}`, bits2, channels, { kernel: 1 })
    return residual(builder, `${block}.bn2${half}`, `${block}.add2${half}`, conv, middle)
  }
  const result = out === channels ? pointwise('') : builder.concat(`${block}.concat`, [pointwise('a'), pointwise('b')])
  return builder.rprelu(`${block}.rprelu2`, result)
}
