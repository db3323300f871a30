// ResNet-18 with one binary 3x3 convolution per shortcut: Bi-Real Net (Z. Liu et al., ECCV 2018) and ReActNet's
// version of it, which adds RSign and RPReLU. Stage s, block b gives `stage<s>.<b>.sign`, `.conv`, `.bn`, `.add` and
// (ReActNet) `.rprelu`; the first block of stages 2 to 4 has the shortcut `.pool`, `.down`, `.down.bn`,
// with `.down.sign` before where the 1x1 convolution is binary, as in A&B BNN (Ma et al., CVPR 2024). Padding is 0.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { imagenetHead, realBatchNorm, residual, rsign, sign, torchvision } from './imagenet.ts'

export interface ResNet18 {
  readonly name: string
  readonly source: string
  /** RSign and RPReLU. */
  readonly react: boolean
  /** Weights of the 1x1 convolutions in the shortcuts. */
  readonly shortcut: 'real' | 'binary'
}

export const resNets18: readonly ResNet18[] = [
  { name: 'bireal-18', source: 'topology of Bi-Real Net 18, seeded weights', react: false, shortcut: 'real' },
  { name: 'reactnet-18', source: 'topology of ReActNet-18, seeded weights', react: true, shortcut: 'real' },
  {
    name: 'reactnet-18-binary-shortcut',
    source: 'topology of ReActNet-18 with binary shortcuts as in A&B BNN, seeded weights',
    react: true,
    shortcut: 'binary',
  },
]

export function resNet18(variant: ResNet18, parameters: Parameters): Network {
  const builder = new NetworkBuilder(torchvision.picture, parameters)
  const stem = realBatchNorm(builder, builder.realConv('stem', 'input', 64, { kernel: 7, stride: 2, padding: 3 }))
  let x = builder.pool('stem.pool', stem, 'max', { kernel: 3, stride: 2, padding: 1 })
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 1; block <= 4; block++) {
      x = addBlock(builder, variant, `stage${stage}.${block}`, x, 32 << stage, stage > 1 && block === 1)
    }
  }
  const { name, source } = variant
  return builder.finish({ name, source, ...torchvision, decision: imagenetHead(builder, x) })
}

function addBlock(
  builder: NetworkBuilder,
  variant: ResNet18,
  block: string,
  input: string,
  out: number,
  down: boolean,
): string {
  const toBits = variant.react ? rsign : sign
  const stride = down ? 2 : 1
  const bits = toBits(builder, `${block}.sign`, input)
  const conv = builder.binaryConv(`${block}.conv`, bits, out, { kernel: 3, stride, padding: 1 })
  const shortcut = down ? addDownsampling(builder, variant, block, input, out) : input
  const sum = residual(builder, `${block}.bn`, `${block}.add`, conv, shortcut)
  return variant.react ? builder.rprelu(`${block}.rprelu`, sum) : sum
}

function addDownsampling(
  builder: NetworkBuilder,
  variant: ResNet18,
  block: string,
  input: string,
  out: number,
): string {
  const pool = builder.pool(`${block}.pool`, input, 'average', { kernel: 2 })
  if (variant.shortcut === 'real') {
    return realBatchNorm(builder, builder.realConv(`${block}.down`, pool, out, { kernel: 1 }))
  }
  const bits = rsign(builder, `${block}.down.sign`, pool)
  const conv = builder.binaryConv(`${block}.down`, bits, out, { kernel: 1 })
  return builder.binaryBatchNorm(`${conv}.bn`, conv)
}
