// Seeded small networks on which passes are tried: between them every op kind, both
// kinds of sum, padding and residual connections.

import { RandomNetwork } from '../work/random-network.ts'
import type { Sample } from '../work/shaped-networks.ts'

/** Convolutions and a dense layer over bits, as FINN's networks are built. */
function chain(seed: string): Sample {
  const net = new RandomNetwork(`chain ${seed}`, { channels: 3, height: 12, width: 12 }, { kind: 'int8' })
  const first = net.threshold(net.mac('input', { channels: 16, kernel: 3 }), 0, 100)
  const second = net.threshold(net.mac(first, { channels: 16, kernel: 3, sum: 'matches' }), 72, 6)
  const pooled = net.pool(second, 'max', 2)
  const third = net.threshold(net.mac(pooled, { channels: 40, kernel: 4, sum: 'matches' }), 128, 8)
  return { pixels: net.pixels(), network: net.build(net.mac(third, { channels: 10, sum: 'matches' })) }
}

/** A real stem, padded binary convolutions around shortcuts, a gated convolution, a real classifier. */
function residual(seed: string): Sample {
  const normalise = { mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.3, 0.4] }
  const picture = { channels: 3, height: 8, width: 8 }
  const net = new RandomNetwork(`residual ${seed}`, picture, { kind: 'real', ...normalise })
  const stem = net.affine(net.mac('input', { channels: 12, kernel: 3, pad: 1, real: true }), 1)
  const conv = net.mac(net.threshold(stem), { channels: 12, kernel: 3, pad: 1 })
  const block = net.rprelu(net.add(net.affine(conv, 108), stem))
  const pointwise = net.mac(net.threshold(block), { channels: 12, pad: 0 })
  const joined = net.concat(block, net.add(net.affine(pointwise, 12), block))
  const gated = net.gatedMac(net.quantise2(joined), { channels: 20, kernel: 3, pad: 1 })
  const pooled = net.pool(net.affine(gated, 216), 'average', 8)
  return { pixels: net.pixels(), network: net.build(net.mac(pooled, { channels: 10, real: true })) }
}

export const samples: readonly Sample[] = [chain('a'), chain('b'), residual('a'), residual('b')]
