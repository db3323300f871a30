// QuickNet (T. Bannink et al., MLSys 2021; Larq Zoo 1.0): four sections of binary 3x3 convolutions, each with ReLU,
// batch norm and a shortcut, padded with +1; depthwise blur pooling and a real 1x1 convolution between sections.
// 'Same' padding at stride 2 adds its pixel after. Section s, block b gives `section<s>.<b>.sign`, `.conv`, `.relu`,
// `.bn`, `.add`; the transition into section s `section<s>.relu`, `.blur`, `.expand`, `.expand.bn`.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { imagenetHead, larq, realBatchNorm, sign } from './imagenet.ts'

export interface QuickNet {
  readonly name: string
  readonly filters: readonly number[]
  readonly blocks: readonly number[]
}

export const quickNets: readonly QuickNet[] = [
  { name: 'quicknet-small', filters: [32, 64, 256, 512], blocks: [4, 4, 4, 4] },
  { name: 'quicknet', filters: [64, 128, 256, 512], blocks: [4, 4, 4, 4] },
  { name: 'quicknet-large', filters: [64, 128, 256, 512], blocks: [6, 8, 12, 6] },
]

const halving = { kernel: 3, stride: 2, padding: { before: 0, after: 1 } } as const
/** Mean of ReLU of a standard normal variable, 1 / sqrt(2 pi): seeded batch norms take it back. */
const reluMean = 0.4
const blur = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16)

export function quickNet({ name, filters, blocks }: QuickNet, parameters: Parameters): Network {
  const builder = new NetworkBuilder(larq.picture, parameters)
  let x = addStem(builder, filters[0]!)
  filters.forEach((out, i) => {
    const section = `section${i + 1}`
    if (i > 0) x = addTransition(builder, section, x, out)
    for (let block = 1; block <= blocks[i]!; block++) x = addBlock(builder, `${section}.${block}`, x)
  })
  return builder.finish({
    name,
    source: 'topology of QuickNet in Larq Zoo, seeded weights',
    ...larq,
    decision: imagenetHead(builder, builder.relu('relu', x)),
  })
}

function addStem(builder: NetworkBuilder, out: number): string {
  const conv = realBatchNorm(builder, builder.realConv('stem', 'input', out / 4, halving))
  const depthwise = builder.depthwise('stem.depthwise', builder.relu('stem.relu', conv), halving)
  return realBatchNorm(builder, builder.realConv('stem.expand', realBatchNorm(builder, depthwise), out, { kernel: 1 }))
}

function addTransition(builder: NetworkBuilder, section: string, input: string, out: number): string {
  const blurred = builder.depthwise(`${section}.blur`, builder.relu(`${section}.relu`, input), halving, blur)
  return realBatchNorm(builder, builder.realConv(`${section}.expand`, blurred, out, { kernel: 1 }))
}

function addBlock(builder: NetworkBuilder, block: string, input: string): string {
  const bits = sign(builder, `${block}.sign`, input)
  const { channels } = builder.shape(input)
  const conv = builder.binaryConv(`${block}.conv`, bits, channels, { kernel: 3, padding: 1, padValue: 1 })
  const relu = builder.relu(`${block}.relu`, conv)
  const bn = builder.batchNorm(`${block}.bn`, relu, Math.sqrt(channels * 9), -reluMean)
  return builder.sum(`${block}.add`, [bn, input])
}
