// ResNet-18 with one binary 3x3 convolution per shortcut: Bi-Real Net (Z. Liu et al., ECCV 2018) and ReActNet's
// version of it, which adds RSign and RPReLU. Stage s, block b gives `stage<s>.<b>.sign`, `.conv`, `.bn`, `.add` and
// (ReActNet) `.rprelu`; the first block of stages 2 to 4 has the shortcut `.pool`, `.down`, `.down.bn`,
// with `.down.sign` before where the 1x1 convolution is binary, as in A&B BNN (Ma et al., CVPR 2024). Normaliser-free
// blocks have `.mask` before `.sign`, and `.scale` and `.down.scale` for `.bn` and `.down.bn`. Padding is 0.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { imagenetHead, rsign, sign, torchvision } from './imagenet.ts'
import { batchNormalised, type Normalisation, normaliserFree } from './normalisation.ts'

export interface ResNet18 {
  readonly name: string
  readonly source: string
  /** RSign and RPReLU. */
  readonly react: boolean
  /** Weights of the 1x1 convolutions in the shortcuts. */
  readonly shortcut: 'real' | 'binary'
  readonly normalisation: Normalisation
}

export const resNets18: readonly ResNet18[] = [
  {
    name: 'bireal-18',
    source: 'topology of Bi-Real Net 18, seeded weights',
    react: false,
    shortcut: 'real',
    normalisation: batchNormalised,
  },
  {
    name: 'reactnet-18',
    source: 'topology of ReActNet-18, seeded weights',
    react: true,
    shortcut: 'real',
    normalisation: batchNormalised,
  },
  {
    name: 'reactnet-18-binary-shortcut',
    source: 'topology of ReActNet-18 with binary shortcuts as in A&B BNN, seeded weights',
    react: true,
    shortcut: 'binary',
    normalisation: batchNormalised,
  },
  // The released code feeds the shortcuts' binary 1x1 convolutions reals. Here they read bits, as binary layers do.
  {
    name: 'reactnet-18-nf',
    source: 'topology of normaliser-free ReActNet-18 of A&B BNN, seeded weights',
    react: true,
    shortcut: 'binary',
    normalisation: normaliserFree,
  },
]

const BLOCKS = 4 // of each stage

export function resNet18(variant: ResNet18, parameters: Parameters): Network {
  const builder = new NetworkBuilder(torchvision.picture, parameters)
  const conv = builder.realConv('stem', 'input', 64, { kernel: 7, stride: 2, padding: 3 })
  const stem = variant.normalisation.real(builder, conv)
  let x = builder.pool('stem.pool', stem, 'max', { kernel: 3, stride: 2, padding: 1 })
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 1; block <= BLOCKS; block++) {
      const down = stage > 1 && block === 1
      // A down-sampled shortcut brings its values' variance back to 1; its block still reads those of the stage before.
      const sums = down ? BLOCKS : block - 1
      x = addBlock(builder, variant, { block: `stage${stage}.${block}`, input: x, out: 32 << stage, down, sums })
    }
  }
  const { name, source } = variant
  return builder.finish({ name, source, ...torchvision, decision: imagenetHead(builder, x) })
}

interface Block {
  readonly block: string
  readonly input: string
  /** Channels. */
  readonly out: number
  /** Stride 2. */
  readonly down: boolean
  /** Residual sums in what the block reads. */
  readonly sums: number
}

function addBlock(builder: NetworkBuilder, variant: ResNet18, { block, input, out, down, sums }: Block): string {
  const { react, normalisation } = variant
  const toBits = react ? rsign : sign
  const stride = down ? 2 : 1
  const bits = toBits(builder, `${block}.sign`, normalisation.mask(builder, block, '', input, sums))
  const conv = builder.binaryConv(`${block}.conv`, bits, out, { kernel: 3, stride, padding: 1 })
  const shortcut = down ? addDownsampling(builder, variant, block, input, out) : input
  const main = normalisation.main(builder, block, '', conv, 9 * builder.shape(input).channels)
  const sum = builder.sum(`${block}.add`, [main, shortcut])
  return react ? builder.rprelu(`${block}.rprelu`, sum) : sum
}

function addDownsampling(
  builder: NetworkBuilder,
  { shortcut, normalisation }: ResNet18,
  block: string,
  input: string,
  out: number,
): string {
  const pool = builder.pool(`${block}.pool`, input, 'average', { kernel: 2 })
  if (shortcut === 'real')
    return normalisation.real(builder, builder.realConv(`${block}.down`, pool, out, { kernel: 1 }))
  const bits = rsign(builder, `${block}.down.sign`, pool)
  const conv = builder.binaryConv(`${block}.down`, bits, out, { kernel: 1 })
  return normalisation.shortcut(builder, conv, builder.shape(input).channels)
}
