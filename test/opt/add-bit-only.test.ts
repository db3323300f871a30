// 16 bits, shifts in place of multiplications: what is left of them, what stays exact, how much is rounded.

import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/model/load.ts'
import { addBitOnly } from '../../src/opt/add-bit-only.ts'
import { encode, evaluate, golden } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import { multiplicationsOf } from '../../src/work/multiplications.ts'
import type { RealWeights } from '../../src/work/network.ts'
import type { Tensor } from '../../src/work/tensor.ts'
import { valuesOf } from '../../src/work/tensor-values.ts'
import { macShape, RandomNetwork, randomFloats } from '../work/random-network.ts'
import { passContract } from './contract.ts'
import { deviation, made, nodeOf, opsOf, scoresOf } from './fixed-flow.ts'

const multipliers = { scale: 'multiplier', slope: 'multiplier' } as const
const shiftsAlone = { stem: 'power', classifier: 'power' } as const

passContract(addBitOnly, [multipliers, shiftsAlone, { fraction: 0, ...shiftsAlone }, { fraction: 14 }])

describe('no multiplication is left', () => {
  it.each(['reactnet-18-binary-shortcut', 'reactnet-18-nf', 'reactnet-a-nf'])(
    'in %s, with powers of two at both ends',
    (name) => {
      const network = loadNetwork(name)
      expect(multiplicationsOf(network).length).toBeGreaterThan(0)
      const changed = made('add-bit-only', network, shiftsAlone)
      expect(multiplicationsOf(changed.network)).toEqual([])
      expect(opsOf(changed, 'mac').filter(({ weights }) => weights.kind === 'real')).toEqual([])
      expect(opsOf(changed, 'affine')).toEqual([])
      expect(opsOf(changed, 'rprelu')).toEqual([])
    },
  )

  it('but for those that options keep', () => {
    const network = loadNetwork('reactnet-18-nf')
    const roles = (options: object) => [
      ...new Set(multiplicationsOf(made('add-bit-only', network, options).network).map(({ role }) => role)),
    ]
    expect(roles({ ...shiftsAlone, slope: 'multiplier' })).toEqual(['slope'])
    expect(roles({ ...shiftsAlone, scale: 'multiplier' })).not.toContain('slope')
    expect(roles({ stem: 'power' })).toEqual(['classifier'])
    expect(roles({ classifier: 'power' })).toEqual(['stem'])
  })
})

const picture = (channels: number, side = 1) => ({ channels, height: side, width: side })

/** All values of both networks on one picture. */
function both(net: RandomNetwork, scores: string, options: object, pixels = net.pixels()) {
  const network = net.build(scores)
  const changed = made('add-bit-only', network, options)
  const input = encode(network, pixels)
  return { changed, wanted: golden(network, input, true).tensors, got: evaluate(changed, input, true).tensors }
}

const numbers = (tensor: Tensor | undefined): number[] => {
  if (tensor === undefined || tensor.kind === 'bits') throw new Error('expected numbers')
  return [...tensor.data]
}

describe('factors', () => {
  const channels = 64

  function scaled(options: object) {
    const net = new RandomNetwork('factors', picture(100), { kind: 'bit' })
    const last = net.rprelu(net.affine(net.mac('input', { channels }), 100))
    const network = net.build(net.mac(last, { channels: 10, real: true }))
    return { network, changed: made('add-bit-only', network, options) }
  }

  it('are nearest powers of two: within a factor of the square root of 2, with their signs', () => {
    const { network, changed } = scaled({ fraction: 8 })
    const near = (factor: number, shift: number, negative: number | undefined, what: string): void => {
      const ratio = ((negative === 1 ? -1 : 1) * 2 ** -shift) / factor
      expect(ratio, what).toBeGreaterThanOrEqual(Math.SQRT1_2 - 1e-9)
      expect(ratio, what).toBeLessThanOrEqual(Math.SQRT2 + 1e-9)
    }
    const [affine] = opsOf(changed, 'fixed-affine')
    const [act] = opsOf(changed, 'fixed-rprelu')
    const before = workload(network)
    expect([affine!.multiplier, act!.slope, affine!.negative!.includes(1), act!.negative!.includes(1)]).toEqual([
      undefined,
      undefined,
      true,
      true,
    ])
    for (const [c, scale] of opsOf(before, 'affine')[0]!.scale.entries())
      near(scale * 2 ** 8, affine!.shift[c]!, affine!.negative![c], `scale ${scale}`)
    for (const [c, slope] of opsOf(before, 'rprelu')[0]!.slope.entries())
      near(slope, act!.shift[c]!, act!.negative![c], `slope ${slope}`)
  })

  it('as multipliers give the scores of floats but for a hundredth, where nothing saturates', () => {
    const net = new RandomNetwork('factors', picture(100), { kind: 'bit' })
    const { network } = scaled({})
    const sample = { network, pixels: net.pixels() }
    const errors = [8, 12].map((fraction) => {
      const { wanted, scores, saturated } = scoresOf(
        sample,
        made('add-bit-only', network, { ...multipliers, fraction }),
      )
      expect(saturated).toBe(0)
      return deviation(wanted, scores)
    })
    expect(Math.max(...errors)).toBeLessThan(0.01)
    const { wanted, scores } = scoresOf(sample, made('add-bit-only', network))
    expect(deviation(wanted, scores)).toBeGreaterThan(0.01)
  })
})

describe('levels', () => {
  it('take in masks: signs are those of the floats that were stored', () => {
    const net = new RandomNetwork('masks', picture(3, 6), { kind: 'real', mean: [0, 0, 0], deviation: [1, 1, 1] })
    const stem = net.affine(net.mac('input', { channels: 16, kernel: 3, pad: 1, real: true }), 1)
    const scale = randomFloats(net.random, 16, 0.9).map((value) => value + 1)
    const offset = new Float32Array(16)
    const mask = net.node({ kind: 'affine', scale, offset }, [stem], net.shape(stem))
    const sign = net.threshold(mask, 0, 0.2)
    const sum = net.add(net.affine(net.mac(sign, { channels: 16, kernel: 3, pad: 1 }), 144), stem)
    const { changed, wanted, got } = both(net, net.mac(sum, { channels: 10, kernel: 6, real: true }), { fraction: 12 })
    expect(changed.network.nodes.map(({ name }) => name)).not.toContain(mask)
    expect(nodeOf(changed, sign).inputs).toEqual([`${stem}.fixed`])
    const stored = numbers(got.get(`${stem}.fixed`)).map((value) => Math.fround(value / 2 ** 12))
    const { level } = net.build(sum).nodes.find(({ name }) => name === sign)!.op as { level: Float32Array }
    const bits = stored.map((value, i) => (Math.fround(value * scale[i % 16]!) > level[i % 16]! ? 1 : -1))
    expect(valuesOf(got.get(sign)!)).toEqual(bits)
    expect(numbers(wanted.get(stem)).every((value, i) => Math.abs(value - stored[i]!) <= 2 ** -13)).toBe(true)
  })

  it('of averages of sums are exact', () => {
    const net = new RandomNetwork('averages', picture(3, 8), { kind: 'int8' })
    const first = net.threshold(net.mac('input', { channels: 40, kernel: 3, pad: 1 }), 0, 100)
    const sign = net.threshold(net.pool(net.mac(first, { channels: 40, kernel: 3, pad: 1 }), 'average', 2), 0.1)
    const { wanted, got } = both(net, net.mac(sign, { channels: 10, kernel: 4 }), {})
    expect(got.get(sign)).toEqual(wanted.get(sign))
  })

  it('of joined sums are exact, however large', () => {
    const net = new RandomNetwork('joined', picture(40000), { kind: 'bit' })
    const sums = net.concat(net.mac('input', { channels: 40 }), net.mac('input', { channels: 40 }))
    const level = Float32Array.from({ length: 80 }, (_, c) => 20 * (c % 40) - 400)
    const sign = net.node({ kind: 'threshold', level, inclusive: false }, [sums], net.shape(sums))
    const network = net.build(net.mac(sign, { channels: 10 }))
    const input = encode(network, new Uint8Array(40000).fill(255))
    const wanted = golden(network, input, true).tensors
    for (const changed of [made('clip8', network), made('add-bit-only', network)])
      expect(evaluate(changed, input, true).tensors.get(sign)).toEqual(wanted.get(sign))
  })

  it('of gated sums are exact, at thirds as well', () => {
    const net = new RandomNetwork('thirds', picture(4, 6), { kind: 'int8' })
    const gated = net.gatedMac(net.quantise2('input'), { channels: 32, kernel: 3, pad: 1 })
    const level = Float32Array.from({ length: 32 }, (_, c) => (c - 16) / 3)
    const signs = [true, false].map((inclusive) =>
      net.node({ kind: 'threshold', level, inclusive }, [gated], net.shape(gated)),
    )
    const { wanted, got } = both(net, net.mac(net.concat(...signs), { channels: 10, kernel: 6 }), {})
    for (const sign of signs) expect(got.get(sign)).toEqual(wanted.get(sign))
    const values = numbers(wanted.get(gated))
    expect(values.some((value, i) => value === level[i % 32] && !Number.isInteger(value))).toBe(true)
  })
})

describe('real layers as powers of two', () => {
  const powers = (rows: number, channels: number, random: () => number): RealWeights => ({
    kind: 'real',
    rows,
    taps: 1,
    channels,
    data: Float32Array.from(
      { length: rows * channels },
      () => Math.sign(random() - 0.5) * 2 ** Math.floor(random() * 4),
    ),
  })

  /** Bits whose 10 values follow from a layer of such weights on a picture of integers. */
  function layer(bias: boolean) {
    const net = new RandomNetwork('powers', picture(6), { kind: 'int8' })
    const shape = macShape(picture(6), { channels: 10 })
    const values = Float32Array.from({ length: 10 }, (_, i) => 40 * i - 200)
    const weights = powers(10, 6, net.random)
    const sums = net.node(
      { kind: 'mac', shape, weights, sum: 'dot', ...(bias && { bias: values }) },
      ['input'],
      shape.output,
    )
    return { net, sums }
  }

  it.each([false, true])('are exact where the weights are such, bias %s', (bias) => {
    const { net, sums } = layer(bias)
    const { wanted, got, changed } = both(net, sums, { classifier: 'power' })
    const unit = numbers(wanted.get(sums))[0]! / numbers(got.get(sums))[0]!
    expect(Math.log2(unit)).toBe(Math.round(Math.log2(unit)))
    expect(numbers(got.get(sums)).map((value) => value * unit)).toEqual(numbers(wanted.get(sums)))
    expect(changed.layers[0]!.weights.weights.kind).toBe('integer')
  })

  it('take in a scale behind them, and scale their bias', () => {
    const { net, sums } = layer(true)
    const scale = Float32Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 0.5 : -0.25))
    const normal = net.node({ kind: 'affine', scale, offset: randomFloats(net.random, 10) }, [sums], net.shape(sums))
    const scores = net.mac(normal, { channels: 10, real: true })
    const { wanted, got, changed } = both(net, scores, { stem: 'power', fraction: 4 })
    const off = numbers(got.get(normal)).map((value, i) => Math.abs(value / 2 ** 4 - numbers(wanted.get(normal))[i]!))
    expect(Math.max(...off)).toBeLessThanOrEqual(2 ** -4)
    expect(multiplicationsOf(changed.network).map(({ role }) => role)).not.toContain('normalisation')
  })

  it('lead to activations without losing what is left of the point', () => {
    const real = { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] } as const
    const net = new RandomNetwork('bent', picture(3, 4), real)
    const bent = net.rprelu(net.mac('input', { channels: 8, kernel: 3, pad: 1, real: true }))
    const { wanted, got } = both(net, net.mac(bent, { channels: 10, kernel: 4, real: true }), { stem: 'power' })
    const values = numbers(wanted.get(bent))
    expect(Math.max(...values)).toBeGreaterThan(1)
    // In the unit of the data between layers, which sums of a finer one would leave 16 bits without.
    const ratio = Math.max(...numbers(got.get(bent))) / 2 ** 8 / Math.max(...values)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.4)
  })

  it('leave the picture as it was to layers that stay real', () => {
    const real = { kind: 'real', mean: [0.5, 0.5], deviation: [0.25, 0.25] } as const
    const net = new RandomNetwork('twice', picture(2, 4), real)
    const first = net.mac('input', { channels: 2, real: true })
    const shape = { ...macShape(picture(2, 4), { channels: 2 }), depthwise: true }
    const weights: RealWeights = { kind: 'real', rows: 2, taps: 1, channels: 1, data: Float32Array.of(0.3, 0.7) }
    const second = net.node({ kind: 'mac', shape, weights, sum: 'dot' }, ['input'], shape.output)
    const scores = net.mac(net.add(first, second), { channels: 10, kernel: 4, real: true })
    const { wanted, got, changed } = both(net, scores, { stem: 'power' })
    expect(nodeOf(changed, second).inputs).toEqual(['input'])
    expect(got.get(second)).toEqual(wanted.get(second))
  })
})

it('brings integers of the picture to the unit of what they are added to', () => {
  const net = new RandomNetwork('input added', picture(6), { kind: 'int8' })
  const normal = net.affine(net.mac('input', { channels: 6 }), 6)
  const sum = net.add(normal, 'input')
  const scores = net.mac(sum, { channels: 10, real: true })
  const { wanted, got } = both(net, scores, { ...multipliers, fraction: 4 })
  const largest = Math.max(...numbers(wanted.get(sum)).map(Math.abs))
  for (const [i, value] of numbers(got.get(sum)).entries())
    expect(Math.abs(value / 2 ** 4 - numbers(wanted.get(sum))[i]!)).toBeLessThan(0.02 * largest)
})
