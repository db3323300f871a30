// Fixed-point steps against the definitions of network.ts, stated with whole numbers of any size.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { evaluateNode } from '../../src/work/evaluate.ts'
import { gatedMac, mac } from '../../src/work/mac.ts'
import type { FixedBits, IntegerWeights, Node, Op } from '../../src/work/network.ts'
import { elements, type IntTensor, intTensor, type RealTensor, type Shape, type Tensor } from '../../src/work/tensor.ts'
import { naiveSums } from './naive.ts'
import { macShape, type Random, randomBinary, randomFloats } from './random-network.ts'

type OpOf<K extends Op['kind']> = Extract<Op, { kind: K }>

const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!
const between = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1))

function sat(x: bigint, bits: FixedBits): bigint {
  const [low, high] = { 8: [-127n, 127n], 16: [-32768n, 32767n], 32: [-(2n ** 31n), 2n ** 31n - 1n] }[bits] as [
    bigint,
    bigint,
  ]
  return x < low ? low : x > high ? high : x
}

/** floor(x / 2^s + 1/2). */
function rshift(x: bigint, s: number): bigint {
  if (s <= 0) return x * 2n ** BigInt(-s)
  const [twice, whole] = [2n * x + 2n ** BigInt(s), 2n ** BigInt(s + 1)]
  const quotient = twice / whole
  return twice % whole < 0n ? quotient - 1n : quotient
}

const wider = (bits: FixedBits): FixedBits => (bits === 8 ? 16 : bits)
const at = (values: ArrayLike<number> | undefined, c: number, none: number): bigint => BigInt(values?.[c] ?? none)

function scaled(
  x: bigint,
  factor: Int32Array | undefined,
  op: Pick<OpOf<'fixed-affine'>, 'shift' | 'negative'>,
  c: number,
) {
  const shifted = rshift(x * at(factor, c, 1), op.shift[c]!)
  return at(op.negative, c, 0) === 1n ? -shifted : shifted
}

const naive = {
  'fixed-affine': (op: OpOf<'fixed-affine'>, x: bigint, c: number): bigint =>
    sat(sat(scaled(x, op.multiplier, op, c), wider(op.bits)) + at(op.offset, c, 0), op.bits),
  'fixed-rprelu': (op: OpOf<'fixed-rprelu'>, x: bigint, c: number): bigint => {
    const t = sat(x + at(op.shiftX, c, 0), 16)
    const u = t > 0n ? t : sat(scaled(t, op.slope, op, c), 16)
    return sat(u + at(op.shiftY, c, 0), op.bits)
  },
}

const CHANNELS = 5
const shape: Shape = { channels: CHANNELS, height: 3, width: 20 }
const extremes = [0, 1, -1, 127, -127, -128, 32767, -32768, 3, -3, 8, -8, 12, -12, 24, -24]

function step(op: Op, inputs: readonly Tensor[], output = inputs[0]!.shape): number[] {
  const node: Node = { name: 'node', inputs: inputs.map((_, i) => `in${i}`), op, output }
  const result = evaluateNode(node, inputs)
  if (result.kind !== 'int') throw new Error('expected integers')
  return [...result.data]
}

const whole = (random: Random, low: number, high: number): Int32Array =>
  Int32Array.from({ length: CHANNELS }, () =>
    random() < 0.2 ? pick(random, [low, high, 0]) : between(random, low, high),
  )

const values = (random: Random, size: number, of = shape): IntTensor => ({
  ...intTensor(of),
  data: Int32Array.from({ length: elements(of) }, () =>
    random() < 0.3 ? Math.max(-size, Math.min(size, pick(random, extremes))) : between(random, -size, size),
  ),
})

describe.each([8, 16, 32] as const)('steps of %i bits equal their definition', (bits) => {
  const random = seedrandom(`fixed ${bits}`)
  const signs = () =>
    random() < 0.5 ? { negative: Uint8Array.from({ length: CHANNELS }, () => between(random, 0, 1)) } : {}

  it('fixed-affine, with multipliers and without, shifted right and left', () => {
    for (let round = 0; round < 150; round++) {
      const op: OpOf<'fixed-affine'> = {
        kind: 'fixed-affine',
        ...(round % 2 === 0 && { multiplier: whole(random, -127, 127) }),
        shift: whole(random, bits === 32 ? -4 : -15, 16),
        ...signs(),
        offset: whole(random, -32768, 32767),
        bits,
      }
      const tensor = values(random, pick(random, [127, 4608, 32768]))
      const wanted = Array.from(tensor.data, (x, i) => Number(naive['fixed-affine'](op, BigInt(x), i % CHANNELS)))
      expect(step(op, [tensor])).toEqual(wanted)
    }
  })

  it('sums, of two terms and of more, saturated at each', () => {
    for (const terms of [2, 3, 4]) {
      const tensors = Array.from({ length: terms }, () => values(random, pick(random, [127, 32768])))
      const wanted = Array.from(tensors[0]!.data, (_, i) =>
        Number(tensors.map(({ data }) => BigInt(data[i]!)).reduce((a, b) => sat(a + b, bits))),
      )
      expect(step({ kind: 'add', bits }, tensors)).toEqual(wanted)
    }
  })

  it.each([1, 2, 4, 8])('averages over windows of %i, with padding and without', (window) => {
    for (const [stride, before, after] of [
      [window, 0, 0],
      [1, window >> 1, window >> 2],
    ] as const) {
      const input: Shape = { channels: 2, height: 9, width: 8 }
      const places = (size: number): number => Math.floor((size + before + after - window) / stride) + 1
      const output: Shape = { channels: 2, height: places(9), width: places(8) }
      const tensor = values(random, bits === 8 ? 300 : 40000, input)
      const wanted: number[] = []
      for (let y = 0; y < output.height; y++)
        for (let x = 0; x < output.width; x++)
          for (let c = 0; c < 2; c++) {
            let sum = 0n
            for (let j = 0; j < window ** 2; j++) {
              const line = y * stride - before + Math.floor(j / window)
              const column = x * stride - before + (j % window)
              const inside = line >= 0 && line < 9 && column >= 0 && column < 8
              if (inside) sum += BigInt(tensor.data[(line * 8 + column) * 2 + c]!)
            }
            wanted.push(Number(sat(rshift(sum, 2 * Math.log2(window)), bits)))
          }
      const op: Op = { kind: 'pool', pool: 'average', bits, window, stride, padding: { before, after } }
      expect(step(op, [tensor], output)).toEqual(wanted)
    }
  })
})

it.each([8, 16] as const)('fixed-rprelu of %i bits equals its definition', (bits) => {
  const random = seedrandom(`rprelu ${bits}`)
  for (let round = 0; round < 150; round++) {
    const op: OpOf<'fixed-rprelu'> = {
      kind: 'fixed-rprelu',
      shiftX: bits === 8 ? whole(random, -127, 127) : whole(random, -32768, 32767),
      ...(round % 2 === 0 && { slope: whole(random, -127, 127) }),
      shift: whole(random, -15, 16),
      ...(round % 3 === 0 && { negative: Uint8Array.from({ length: CHANNELS }, () => between(random, 0, 1)) }),
      shiftY: whole(random, -32768, 32767),
      bits,
    }
    const tensor = values(random, bits === 8 ? 127 : 32768)
    const wanted = Array.from(tensor.data, (x, i) => Number(naive['fixed-rprelu'](op, BigInt(x), i % CHANNELS)))
    expect(step(op, [tensor])).toEqual(wanted)
  }
})

describe('at known points', () => {
  const one = (...data: readonly number[]): IntTensor => {
    return { kind: 'int', shape: { channels: 1, height: 1, width: data.length }, data: Int32Array.from(data) }
  }
  const ints = (...data: readonly number[]) => Int32Array.from(data)

  it('shifts round halves up, and negate what is rounded', () => {
    const op: OpOf<'fixed-affine'> = { kind: 'fixed-affine', shift: ints(2), offset: ints(0), bits: 16 }
    expect(step(op, [one(2, -2, 6, -6, 1, -1, 3, -3)])).toEqual([1, 0, 2, -1, 0, 0, 1, -1])
    const negative = Uint8Array.of(1)
    expect(step({ ...op, negative }, [one(2, -2, 6, -6)])).toEqual([-1, 0, -2, 1])
  })

  it('the first term of 8 bits has 16, so that an offset brings it back', () => {
    const op: OpOf<'fixed-affine'> = { kind: 'fixed-affine', shift: ints(-8), offset: ints(-600), bits: 8 }
    expect(step(op, [one(2, 3, 200, -200)])).toEqual([-88, 127, 127, -127])
  })

  it('a shift of 16 makes 0 of negative t', () => {
    const op: OpOf<'fixed-rprelu'> = {
      kind: 'fixed-rprelu',
      shiftX: ints(0),
      shift: ints(16),
      shiftY: ints(0),
      bits: 16,
    }
    expect(step(op, [one(-32768, -1, 0, 1, 32767)])).toEqual([0, 0, 0, 1, 32767])
  })

  it('quantise rounds halves away from 0, and saturates', () => {
    const reals: RealTensor = {
      kind: 'real',
      shape: { channels: 1, height: 1, width: 8 },
      data: Float32Array.of(0.125, -0.125, 0.375, -0.375, 0.1249, 100, -100, -0.25),
    }
    expect(step({ kind: 'quantise', fraction: 2, bits: 8 }, [reals])).toEqual([1, -1, 2, -2, 0, 127, -127, -1])
    expect(step({ kind: 'quantise', fraction: 10, bits: 16 }, [reals]).slice(5, 7)).toEqual([32767, -32768])
  })

  it('steps of integers refuse reals, and quantise integers', () => {
    const reals: RealTensor = { ...one(1), kind: 'real', data: Float32Array.of(1) }
    const op: OpOf<'fixed-affine'> = { kind: 'fixed-affine', shift: ints(2), offset: ints(0), bits: 16 }
    expect(() => step(op, [reals])).toThrow('fixed-affine takes integers, not real')
    expect(() => step({ kind: 'add', bits: 8 }, [one(1), reals])).toThrow('add takes integers, not real')
    expect(() => step({ kind: 'quantise', fraction: 2, bits: 8 }, [one(1)])).toThrow('quantise takes reals, not int')
  })
})

describe('multiply-accumulates', () => {
  const random = seedrandom('integer macs')

  it('with integer weights equal the loop, depthwise ones too', () => {
    for (const depthwise of [false, true])
      for (const stride of [1, 2]) {
        const plain = macShape({ channels: 6, height: 7, width: 5 }, { channels: 6, kernel: 3, stride, pad: 1 })
        const channels = depthwise ? 1 : 6
        const weights: IntegerWeights = {
          kind: 'integer',
          rows: 6,
          taps: 9,
          channels,
          data: Int32Array.from({ length: 54 * channels }, () => between(random, -32767, 32767)),
        }
        const one = { ...plain, depthwise }
        const input = values(random, 1200, plain.input) // 54 products stay within 32 bits
        const sums = mac({ kind: 'mac', shape: one, weights, sum: 'dot' }, input)
        expect(sums.kind).toBe('int')
        expect([...sums.data]).toEqual(naiveSums(one, weights, input))
      }
  })

  it('that are gated give thirds as whole numbers', () => {
    const one = macShape({ channels: 40, height: 5, width: 5 }, { channels: 8, kernel: 3, pad: 1 })
    const input = { ...intTensor(one.input), data: intTensor(one.input).data.map(() => pick(random, [-3, -1, 1, 3])) }
    const op = {
      kind: 'gated-mac',
      shape: one,
      weights: randomBinary(random, 8, 9, 40),
      gate: randomFloats(random, 8, 8),
    } as const
    const reals = gatedMac(op, input)
    const thirds = gatedMac({ ...op, thirds: true }, input)
    expect([reals.kind, thirds.kind]).toEqual(['real', 'int'])
    expect([...thirds.data].map((value) => Math.fround(value / 3))).toEqual([...reals.data])
    expect(thirds.data.some((value) => value % 3 !== 0)).toBe(true)
  })
})
