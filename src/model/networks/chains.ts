// The chains: CNV, LFC and TFC of FINN (Y. Umuroglu et al., FPGA 2017), BinaryNet (M. Courbariaux et al.,
// 2016) and VGG-Small. The last two pad with -1 where their papers pad with 0, which is no bit; the first
// layer's padding is 0 all the same, as its inputs are integers.

import type { Chain, ChainLayer } from '../chain.ts'
import { cifarClasses, cifarPicture, mnistPicture, numbered } from './classes.ts'

interface Convolution {
  readonly out: number
  readonly pool?: boolean
}

function chainLayers(convolutions: readonly Convolution[], padding: 0 | 1, dense: readonly number[]): ChainLayer[] {
  const window = { kernel: 3, padding, padValue: padding === 0 ? 0 : -1 } as const
  return [
    ...convolutions.map(({ out, pool = false }, i) => ({ name: `conv${i}`, out, window, thresholds: true, pool })),
    ...dense.map((out, i) => ({
      name: `fc${convolutions.length + i}`,
      out,
      thresholds: i < dense.length - 1,
      pool: false,
    })),
  ]
}

const twice = (out: number): Convolution[] => [{ out }, { out, pool: true }]

const cifar = { picture: cifarPicture, encoding: { kind: 'int8' }, classes: cifarClasses } as const
const mnist = { picture: mnistPicture, encoding: { kind: 'bit' }, classes: numbered(10) } as const

const cnv = chainLayers([...twice(64), ...twice(128), { out: 256 }, { out: 256 }], 0, [512, 512, 10])
const lfc = chainLayers([], 0, [1024, 1024, 1024, 10]).map((layer) => ({ ...layer, thresholds: true }))
const vgg = [...twice(128), ...twice(256), ...twice(512)]

export const chains: readonly Chain[] = [
  { name: 'cnv-w1a1', source: 'topology of FINN CNV W1A1, seeded weights', ...cifar, layers: cnv },
  { name: 'lfc-w1a1', source: 'topology of FINN LFC W1A1, seeded weights', ...mnist, layers: lfc },
  {
    name: 'tfc-w1a1',
    source: 'topology of FINN TFC W1A1, seeded weights',
    ...mnist,
    layers: chainLayers([], 0, [64, 64, 64, 10]),
  },
  {
    name: 'binarynet-cifar10',
    source: 'topology of BinaryNet for CIFAR-10 with padding -1, seeded weights',
    ...cifar,
    layers: chainLayers(vgg, 1, [1024, 1024, 10]),
  },
  {
    name: 'vgg-small',
    source: 'topology of VGG-Small with padding -1, seeded weights',
    ...cifar,
    layers: chainLayers(vgg, 1, [10]),
  },
]
