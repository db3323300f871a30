// Seeded small networks on which passes are tried: between them every op kind, both
// kinds of sum, padding and residual connections.

import { macShape, RandomNetwork, randomFloats, randomReal } from '../work/random-network.ts'
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

/** ResNets as trained ones are: masks before signs, ReLU before batch norm, real shortcuts, blur, global averages, biases. */
function shortcuts(seed: string): Sample {
  const normalise = { mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.3, 0.4] }
  const net = new RandomNetwork(
    `shortcuts ${seed}`,
    { channels: 3, height: 8, width: 8 },
    { kind: 'real', ...normalise },
  )
  const channels = 6
  const filled = (value: number): Float32Array => new Float32Array(channels).fill(value)
  const positive = (): Float32Array => randomFloats(net.random, channels, 0.4).map((value) => 0.5 + value)
  const normal = (from: string, fanIn: number): string =>
    net.node(
      {
        kind: 'affine',
        scale: positive().map((value) => value / Math.sqrt(fanIn)),
        offset: randomFloats(net.random, channels),
      },
      [from],
      net.shape(from),
    )
  const binary = (from: string, stride: number): string => {
    const masked = net.node({ kind: 'affine', scale: positive(), offset: filled(0) }, [from], net.shape(from))
    return net.mac(net.threshold(masked), { channels, kernel: 3, stride, pad: 1, padValue: 1 })
  }
  const relu = (from: string): string =>
    net.node({ kind: 'rprelu', shiftX: filled(0), slope: filled(0), shiftY: filled(0) }, [from], net.shape(from))

  const stem = normal(net.mac('input', { channels, kernel: 3, pad: 1, real: true }), 1)
  const halved = normal(net.mac(net.pool(stem, 'average', 2), { channels, real: true }), 1)
  const first = net.rprelu(net.add(normal(binary(stem, 2), 54), halved))
  const second = net.add(normal(relu(binary(first, 1)), 54), first)
  const blur = macShape(net.shape(second), { channels, kernel: 3, stride: 2, pad: 1 })
  const weights = { ...randomReal(net.random, channels, 9, 1), data: randomFloats(net.random, channels * 9, 0.3) }
  const blurred = net.node(
    { kind: 'mac', shape: { ...blur, depthwise: true }, weights, sum: 'dot' },
    [second],
    blur.output,
  )
  const third = net.add(normal(net.mac(net.threshold(normal(blurred, 1)), { channels }), 6), blurred)
  const pooled = net.pool(third, 'average', 2)
  const dense = macShape(net.shape(pooled), { channels: 10 })
  const bias = randomFloats(net.random, 10)
  const scores = net.node(
    { kind: 'mac', shape: dense, weights: randomReal(net.random, 10, 1, channels), sum: 'dot', bias },
    [pooled],
    dense.output,
  )
  return { pixels: net.pixels(), network: net.build(scores) }
}

/** Sums that steps read before they are scaled: pooled, added, joined, bent; bits that are pooled; 2-bit sums. */
function sums(seed: string): Sample {
  const net = new RandomNetwork(`sums ${seed}`, { channels: 3, height: 8, width: 8 }, { kind: 'int8' })
  const conv = (from: string) => net.mac(from, { channels: 8, kernel: 3, pad: 1, padValue: -1 })
  const first = net.threshold(net.pool(conv('input'), 'max', 2), 0, 100)
  const joined = net.concat(conv(first), conv(first))
  const bent = net.rprelu(net.add(joined, joined))
  const second = net.pool(net.concat(net.threshold(joined, 0, 0.5), net.threshold(net.affine(bent, 72))), 'max', 2)
  const two = net.quantise2(net.affine(net.pool(conv(first), 'average', 2), 72))
  const gated = net.gatedMac(two, { channels: 8, kernel: 3, pad: 1 })
  const third = net.concat(second, net.threshold(gated), net.threshold(net.pool(gated, 'max', 1)))
  const matched = net.mac(third, { channels: 12, kernel: 2, sum: 'matches' })
  const last = net.threshold(net.affine(net.pool(matched, 'average', 1), 16))
  return { pixels: net.pixels(), network: net.build(net.mac(last, { channels: 10 })) }
}

export const samples: readonly Sample[] = [
  chain('a'),
  chain('b'),
  residual('a'),
  residual('b'),
  shortcuts('a'),
  sums('a'),
]
