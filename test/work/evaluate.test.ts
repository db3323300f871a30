import { describe, expect, it } from 'vitest'
import { decide, encode, evaluate, golden } from '../../src/work/evaluate.ts'
import { InputError } from '../../src/work/input-error.ts'
import { workload } from '../../src/work/lower.ts'
import type { Network } from '../../src/work/network.ts'
import type { Tensor } from '../../src/work/tensor.ts'
import { naiveSums } from './naive.ts'
import { RandomNetwork } from './random-network.ts'
import { cnvShaped, type Sample } from './shaped-networks.ts'

/** Every op kind, a residual connection, and steps before the first layer. */
function everyKind(seed: string): Sample {
  const mean = { mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.3, 0.4] }
  const net = new RandomNetwork(seed, { channels: 3, height: 12, width: 12 }, { kind: 'real', ...mean })
  const stem = net.affine(net.mac(net.pool('input', 'max', 2), { channels: 12, kernel: 3, pad: 1, real: true }), 1)
  const binary = net.mac(net.threshold(stem), { channels: 12, kernel: 3, pad: 1 })
  const block = net.rprelu(net.add(net.affine(binary, 108), stem))
  const gated = net.gatedMac(net.quantise2(net.concat(block, stem)), { channels: 20, kernel: 3, pad: 1 })
  const flat = net.threshold(net.affine(net.pool(gated, 'average', 2), 9), 0)
  return { pixels: net.pixels(), network: net.build(net.mac(flat, { channels: 10, kernel: 3, sum: 'matches' })) }
}

describe('golden', () => {
  const { network, pixels } = everyKind('golden')
  const input = encode(network, pixels)

  it('keeps every tensor on demand, of the shape that its node states', () => {
    const { tensors } = golden(network, input, true)
    expect([...tensors.keys()]).toEqual(['input', ...network.nodes.map(({ name }) => name)])
    for (const node of network.nodes) expect(tensors.get(node.name)!.shape).toEqual(node.output)
    const last = network.nodes.at(-1)!
    if (last.op.kind !== 'mac') throw new Error('the last node is a mac')
    const sums = naiveSums(last.op.shape, last.op.weights, tensors.get(last.inputs[0]!)!)
    expect(golden(network, input).scores).toEqual(sums.map((dot) => (dot + 180) / 2))
  })

  it('frees what nothing reads any more', () => {
    const { tensors, scores } = golden(network, input)
    expect([...tensors.keys()]).toEqual([network.decision.scores])
    expect(scores).toEqual(golden(network, input, true).scores)
  })

  it('names the node of an error, and what it may have meant', () => {
    const nodes = network.nodes.map((node) => (node.op.kind === 'rprelu' ? { ...node, inputs: ['ad8'] } : node))
    expect(() => golden({ ...network, nodes }, input, true)).toThrow(
      /^rprelu\d+: no tensor 'ad8' here; did you mean 'add\d'/,
    )
  })
})

describe('evaluate', () => {
  it.each([everyKind('a'), everyKind('b'), cnvShaped()])('equals golden for the baseline workload (%#)', (sample) => {
    const input = encode(sample.network, sample.pixels)
    expect(evaluate(workload(sample.network), input, true)).toEqual(golden(sample.network, input, true))
  })

  it('obeys the weights facet and the saturation of the accumulator', () => {
    const { network, pixels } = everyKind('facets')
    const input = encode(network, pixels)
    const baseline = workload(network)
    const changed = (name: string, change: (layer: (typeof baseline.layers)[number]) => object) => {
      const layers = baseline.layers.map((layer) => (layer.name === name ? { ...layer, ...change(layer) } : layer))
      return evaluate({ ...baseline, layers }, input, true).tensors.get(name)!
    }
    const dot = baseline.layers[1]!
    const before = golden(network, input, true).tensors.get(dot.name) as Extract<Tensor, { kind: 'int' }>
    expect(before.data.some((sum) => Math.abs(sum) > 7)).toBe(true)
    const clipped = changed(dot.name, (layer) => ({ accumulator: { ...layer.accumulator, bits: 4, saturate: true } }))
    expect(clipped).toEqual({ ...before, data: before.data.map((sum) => Math.max(-7, Math.min(7, sum))) })
    const flipped = changed(dot.name, ({ weights: { weights } }) => {
      if (weights.kind !== 'binary') throw new Error('the second layer is binary')
      const words = weights.words.map((word) => ~word & 0xfff)
      return { weights: { encoding: 'plain', weights: { ...weights, words } } }
    })
    expect(flipped).toEqual({ ...before, data: before.data.map((sum) => 0 - sum) })
    const stem = baseline.layers[0]!.name
    const saturated = () => changed(stem, ({ accumulator }) => ({ accumulator: { ...accumulator, saturate: true } }))
    expect(saturated).toThrow(`${stem}: a saturating accumulator needs binary weights`)
  })
})

describe('decide', () => {
  const network = (rule: 'argmax' | 'highest-bit'): Network => ({
    ...cnvShaped().network,
    decision: { rule, scores: 'sums', bits: 'signs' },
  })
  const shape = { channels: 4, height: 1, width: 1 }
  const tensors = (sums: number[], word: number): Map<string, Tensor> =>
    new Map<string, Tensor>([
      ['sums', { kind: 'int', shape, data: Int32Array.from(sums) }],
      ['signs', { kind: 'bits', shape, words: Uint32Array.of(word) }],
    ])

  it('argmax takes the lowest index on ties', () => {
    expect(decide(network('argmax'), tensors([1, 7, 7, 2], 0))).toEqual({ scores: [1, 7, 7, 2], class: 1 })
    expect(decide(network('argmax'), tensors([-3, -3, -4, -3], 0)).class).toBe(0)
  })

  it('highest-bit takes the last set bit, and 0 if there is none', () => {
    expect(decide(network('highest-bit'), tensors([9, 1, 2, 3], 0b0110))).toEqual({ scores: [9, 1, 2, 3], class: 2 })
    expect(decide(network('highest-bit'), tensors([0, 1, 2, 3], 0)).class).toBe(0)
  })
})

describe('encode', () => {
  const picture = { channels: 3, height: 1, width: 2 }
  const base = { ...cnvShaped().network, picture, input: picture }
  const pixels = Uint8Array.of(0, 255, 1, 128, 127, 4)

  it('int8 puts the planes of a pixel side by side', () => {
    const input = encode({ ...base, encoding: { kind: 'int8' } }, pixels) as Extract<Tensor, { kind: 'int' }>
    const q = (p: number): number => Math.min(127, Math.floor(((2 * p) / 255 - 1) * 128 + 0.5))
    expect([...input.data]).toEqual([0, 1, 127, 255, 128, 4].map(q))
  })

  it('bit flattens the picture', () => {
    const input = { channels: 6, height: 1, width: 1 }
    const tensor = encode({ ...base, input, encoding: { kind: 'bit' } }, pixels)
    expect(tensor).toEqual({ kind: 'bits', shape: input, words: Uint32Array.of(0b001010) })
  })

  it('thermometer sets as many levels as the rounded eighths', () => {
    const input = { ...picture, channels: 96 }
    const tensor = encode({ ...base, input, encoding: { kind: 'thermometer', levels: 32 } }, pixels)
    const ones = (count: number): number => 2 ** count - 1
    expect(tensor).toEqual({
      kind: 'bits',
      shape: input,
      words: Uint32Array.from([0, 0, 16, 32, 16, 0].map(ones)),
    })
  })

  it('thermometer rounds halves to the even neighbour', () => {
    const input = { ...picture, channels: 96 }
    const halves = Uint8Array.from([4, 12, 20, 28, 5, 11])
    const tensor = encode({ ...base, input, encoding: { kind: 'thermometer', levels: 32 } }, halves)
    const counts = [...(tensor as Extract<Tensor, { kind: 'bits' }>).words].map((word) => Math.log2(word + 1))
    expect(counts).toEqual([0, 2, 1, 2, 4, 1])
  })

  it('real normalises each plane in float32', () => {
    const encoding = { kind: 'real', mean: [0.5, 0.25, 0], deviation: [0.5, 2, 1] } as const
    const input = encode({ ...base, encoding }, pixels) as Extract<Tensor, { kind: 'real' }>
    expect([...input.data]).toEqual(
      [-1, (1 / 255 - 0.25) / 2, 127 / 255, 1, (Math.fround(128 / 255) - 0.25) / 2, 4 / 255].map(Math.fround),
    )
  })

  it('refuses a picture of another size', () => {
    expect(() => encode(base, new Uint8Array(5))).toThrow(InputError)
    expect(() => encode(base, new Uint8Array(5))).toThrow('expected a picture of 3 x 1 x 2 = 6 bytes, got 5')
  })
})
