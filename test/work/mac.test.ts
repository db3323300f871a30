import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/work/input-error.ts'
import { gatedMac, gatedSums, type MacOp, mac } from '../../src/work/mac.ts'
import type { MacShape } from '../../src/work/network.ts'
import { plainBackend, withBackend } from '../../src/work/popcount.ts'
import { wasmBackend } from '../../src/work/popcount-wasm.ts'
import { elements, type IntTensor, intTensor, type RealTensor, realTensor, type Shape } from '../../src/work/tensor.ts'
import { naiveSums } from './naive.ts'
import { macShape, type Random, randomBinary, randomBits, randomFloats, randomReal } from './random-network.ts'

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!

function randomShape(random: Random): MacShape {
  const kernel = pick(random, [1, 2, 3, 5])
  const input = {
    channels: pick(random, [1, 3, 16, 31, 32, 33, 64, 96, 100, 128, 129, 160, 256]),
    height: kernel + Math.floor(random() * 6),
    width: kernel + Math.floor(random() * 6),
  }
  const stride = pick(random, [1, 2, 3])
  const padding = {
    before: Math.floor((random() * (kernel + 1)) / 2),
    after: Math.floor((random() * (kernel + 2)) / 2),
  }
  const places = (size: number): number => Math.floor((size + padding.before + padding.after - kernel) / stride) + 1
  const output = {
    channels: pick(random, [1, 2, 3, 4, 5, 8, 10]),
    height: places(input.height),
    width: places(input.width),
  }
  return { input, output, kernel, stride, padding, padValue: pick(random, [-1, 0, 1]), depthwise: false }
}

const randomInts = (random: Random, shape: Shape, values: readonly number[]): IntTensor => ({
  ...intTensor(shape),
  data: Int32Array.from({ length: elements(shape) }, () => pick(random, values)),
})

const randomReals = (random: Random, shape: Shape): RealTensor => ({
  ...realTensor(shape),
  data: randomFloats(random, elements(shape)),
})

const taps = (shape: MacShape): number => shape.kernel * shape.kernel
const shown = ({ input, output, kernel, stride, padding, padValue }: MacShape): string =>
  JSON.stringify({ input, output, kernel, stride, padding, padValue })

describe.each([
  ['plain', plainBackend],
  ['wasm', wasmBackend()!],
])('bits with binary weights, %s', (_name, backend) => {
  it('equal the +1/-1 loop on random shapes', () => {
    const random = seedrandom('binary')
    for (let round = 0; round < 120; round++) {
      const shape = randomShape(random)
      const weights = randomBinary(random, shape.output.channels, taps(shape), shape.input.channels)
      const input = randomBits(random, shape.input)
      const dots = naiveSums(shape, weights, input)
      const evaluate = (sum: MacOp['sum']) => [
        ...withBackend(backend, () => mac({ kind: 'mac', shape, weights, sum }, input)).data,
      ]
      expect(evaluate('dot'), shown(shape)).toEqual(dots)
      const fanIn = weights.taps * weights.channels
      const matchable = shape.padValue !== 0 || shape.padding.before + shape.padding.after === 0
      if (matchable) expect(evaluate('matches'), shown(shape)).toEqual(dots.map((dot) => (dot + fanIn) / 2))
      else expect(() => evaluate('matches')).toThrow('zero padding')
    }
  })

  it('equal it where the windows take several strips', () => {
    const random = seedrandom('strips')
    const shape = macShape({ channels: 256, height: 23, width: 19 }, { channels: 6, kernel: 3, pad: 1 })
    const weights = randomBinary(random, 6, 9, 256)
    const input = randomBits(random, shape.input)
    const sums = withBackend(backend, () => mac({ kind: 'mac', shape, weights, sum: 'dot' }, input))
    expect([...sums.data]).toEqual(naiveSums(shape, weights, input))
  })
})

describe('other pairings', () => {
  const random = seedrandom('pairings')
  const rounds = Array.from({ length: 30 }, () => randomShape(random))

  it('integers with binary weights give the exact sum', () => {
    for (const shape of rounds) {
      const input = randomInts(random, shape.input, [-128, -77, -1, 0, 1, 126, 127])
      const weights = randomBinary(random, shape.output.channels, taps(shape), shape.input.channels)
      const sums = mac({ kind: 'mac', shape, weights, sum: 'dot' }, input)
      expect(sums.kind).toBe('int')
      expect([...sums.data], shown(shape)).toEqual(naiveSums(shape, weights, input))
    }
  })

  it('reals with real weights are rounded once, after a sum in doubles', () => {
    for (const shape of rounds) {
      const input = randomReals(random, shape.input)
      const weights = randomReal(random, shape.output.channels, taps(shape), shape.input.channels)
      const bias = randomFloats(random, shape.output.channels)
      const sums = naiveSums(shape, weights, input).map(Math.fround)
      const op: MacOp = { kind: 'mac', shape, weights, sum: 'dot' }
      expect([...mac(op, input).data], shown(shape)).toEqual(sums)
      const biased = sums.map((sum, i) => Math.fround(sum + bias[i % bias.length]!))
      expect([...mac({ ...op, bias }, input).data]).toEqual(biased)
    }
  })

  it('depthwise outputs read their own input channel, with one or two kernels each', () => {
    for (const kernels of [1, 2]) {
      const plain = macShape(
        { channels: 5, height: 7, width: 6 },
        { channels: 5 * kernels, kernel: 3, stride: 2, pad: 1 },
      )
      const shape = { ...plain, depthwise: true }
      const input = randomReals(random, shape.input)
      const weights = randomReal(random, 5 * kernels, 9, 1)
      const sums = naiveSums(shape, weights, input).map(Math.fround)
      expect([...mac({ kind: 'mac', shape, weights, sum: 'dot' }, input).data]).toEqual(sums)
    }
  })

  it('a dense layer is a kernel that covers its input', () => {
    const shape = macShape({ channels: 40, height: 4, width: 4 }, { channels: 7, kernel: 4 })
    const weights = randomBinary(random, 7, 16, 40)
    const input = randomBits(random, shape.input)
    const sums = mac({ kind: 'mac', shape, weights, sum: 'dot' }, input)
    expect(sums.shape).toEqual({ channels: 7, height: 1, width: 1 })
    expect([...sums.data]).toEqual(naiveSums(shape, weights, input))
  })

  it('gated sums equal the loop over 2-bit activations, under every padding', () => {
    for (const shape of rounds) {
      const input = randomInts(random, shape.input, [-3, -1, 1, 3])
      const weights = randomBinary(random, shape.output.channels, taps(shape), shape.input.channels)
      const gate = randomFloats(random, shape.output.channels, 8)
      const signs = { ...input, data: input.data.map(Math.sign) }
      const { msb, full } = gatedSums({ shape, weights }, input)
      expect([...msb.data], shown(shape)).toEqual(naiveSums(shape, weights, signs))
      expect([...full.data], shown(shape)).toEqual(naiveSums(shape, weights, input))
      const out = gatedMac({ kind: 'gated-mac', shape, weights, gate }, input)
      const wanted = Array.from(msb.data, (value, i) => {
        const coarse = Math.fround((value * 2) / 3)
        return coarse > gate[i % gate.length]! ? Math.fround(full.data[i]! / 3) : coarse
      })
      expect([...out.data]).toEqual(wanted)
    }
  })

  it('a range clips integer sums before the bias, and nothing else', () => {
    const shape = macShape({ channels: 64, height: 3, width: 3 }, { channels: 8, kernel: 3 })
    const weights = randomBinary(random, 8, 9, 64)
    const input = randomBits(random, shape.input)
    const op: MacOp = { kind: 'mac', shape, weights, sum: 'dot', bias: new Float32Array(8).fill(0.5) }
    const sums = naiveSums(shape, weights, input)
    expect(sums.some((sum) => Math.abs(sum) > 15)).toBe(true)
    const clipped = sums.map((sum) => Math.max(-15, Math.min(15, sum)) + 0.5)
    expect([...mac(op, input, { low: -15, high: 15 }).data]).toEqual(clipped)
    const real = { ...op, weights: randomReal(random, 8, 9, 64) }
    expect(() => mac(real, randomReals(random, shape.input), { low: -1, high: 1 })).toThrow(InputError)
  })

  it('pairings without a meaning are errors', () => {
    const shape = macShape({ channels: 4, height: 2, width: 2 }, { channels: 3 })
    const binary = randomBinary(random, 3, 1, 4)
    const real = randomReal(random, 3, 1, 4)
    const op = { kind: 'mac', shape, sum: 'dot' } as const
    expect(() => mac({ ...op, weights: binary }, realTensor(shape.input))).toThrow('takes bits or integers, not real')
    expect(() => mac({ ...op, weights: real }, randomBits(random, shape.input))).toThrow('needs binary weights')
    expect(() => mac({ ...op, sum: 'matches', weights: binary }, intTensor(shape.input))).toThrow('matches')
    const gated = { kind: 'gated-mac', shape, weights: binary, gate: new Float32Array(3) } as const
    expect(() => gatedMac(gated, realTensor(shape.input))).toThrow('2-bit')
  })
})
