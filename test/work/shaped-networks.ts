// Random networks with the shapes of known ones.

import type { Network } from '../../src/work/network.ts'
import { RandomNetwork } from './random-network.ts'

export interface Sample {
  readonly network: Network
  readonly pixels: Uint8Array
}

/** FINN's CNV for CIFAR-10: six valid 3x3 convolutions, two pools, three dense layers. */
export function cnvShaped(): Sample {
  const net = new RandomNetwork('cnv-shaped', { channels: 3, height: 32, width: 32 }, { kind: 'int8' })
  let at = net.threshold(net.mac('input', { channels: 64, kernel: 3 }), 0, 100)
  const hidden = (channels: number, kernel: number): void => {
    const fanIn = net.shape(at).channels * kernel ** 2
    at = net.threshold(net.mac(at, { channels, kernel, sum: 'matches' }), fanIn / 2, Math.sqrt(fanIn))
  }
  hidden(64, 3)
  at = net.pool(at, 'max', 2)
  hidden(128, 3)
  hidden(128, 3)
  at = net.pool(at, 'max', 2)
  hidden(256, 3)
  hidden(256, 3)
  hidden(512, 1)
  hidden(512, 1)
  return { pixels: net.pixels(), network: net.build(net.mac(at, { channels: 10, sum: 'matches' })) }
}

/** ReActNet-A: a real stem, thirteen blocks of a 3x3 and a 1x1 binary convolution, a real classifier. */
export function reactNetShaped(): Sample {
  const normalise = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }
  const picture = { channels: 3, height: 224, width: 224 }
  const net = new RandomNetwork('reactnet-shaped', picture, { kind: 'real', ...normalise })
  let at = net.affine(net.mac('input', { channels: 32, kernel: 3, stride: 2, pad: 1, real: true }), 1)
  const channels = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
  const strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
  for (const [block, width] of channels.entries()) {
    const inside = net.shape(at).channels
    const stride = strides[block]!
    const conv = (kernel: number, step: number, shortcut: string): string => {
      const sums = net.mac(net.threshold(at), { channels: inside, kernel, stride: step, pad: kernel >> 1 })
      return net.add(net.affine(sums, inside * kernel ** 2), shortcut)
    }
    at = net.rprelu(conv(3, stride, stride === 1 ? at : net.pool(at, 'average', 2)))
    at = net.rprelu(width === inside ? conv(1, 1, at) : net.concat(conv(1, 1, at), conv(1, 1, at)))
  }
  return {
    pixels: net.pixels(),
    network: net.build(net.mac(net.pool(at, 'average', 7), { channels: 1000, real: true })),
  }
}
