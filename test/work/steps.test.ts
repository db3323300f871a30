import { describe, expect, it } from 'vitest'
import { evaluateNode } from '../../src/work/evaluate.ts'
import type { Op } from '../../src/work/network.ts'
import type { BitTensor, IntTensor, RealTensor, Shape, Tensor } from '../../src/work/tensor.ts'

const shapeOf = (channels: number, height: number, width: number): Shape => ({ channels, height, width })

const ints = (shape: Shape, ...data: number[]): IntTensor => ({ kind: 'int', shape, data: Int32Array.from(data) })
const reals = (shape: Shape, ...data: number[]): RealTensor => ({ kind: 'real', shape, data: Float32Array.from(data) })
const bits = (shape: Shape, ...words: number[]): BitTensor => ({ kind: 'bits', shape, words: Uint32Array.from(words) })
const floats = (...values: number[]): Float32Array => Float32Array.from(values)

const step = (op: Op, inputs: Tensor[], output = inputs[0]!.shape): Tensor =>
  evaluateNode({ name: 'node', inputs: inputs.map((_, i) => `input${i}`), op, output }, inputs)

const f = Math.fround
const pair = shapeOf(2, 1, 2)
const none = { before: 0, after: 0 }

describe('threshold', () => {
  it('compares integers and reals, strictly unless inclusive', () => {
    const level = Int32Array.of(3, 0)
    expect(step({ kind: 'threshold', level, inclusive: false }, [ints(pair, 3, 1, 4, 0)])).toEqual(bits(pair, 2, 1))
    expect(step({ kind: 'threshold', level, inclusive: true }, [ints(pair, 3, 1, 4, 0)])).toEqual(bits(pair, 3, 3))
    const real = { kind: 'threshold', level: floats(0.5, -0.5), inclusive: false } as const
    expect(step(real, [reals(pair, 0.5, 0, 0.75, -0.5)])).toEqual(bits(pair, 2, 1))
  })
})

describe('float steps round to float32 after each operation', () => {
  const shape = shapeOf(1, 1, 2)
  const [a, b, c] = [f(0.1), f(0.7), f(1e-3)]

  it('affine', () => {
    const out = step({ kind: 'affine', scale: floats(a), offset: floats(c) }, [reals(shape, b, -b)])
    expect(out).toEqual(reals(shape, f(f(a * b) + c), f(f(-a * b) + c)))
    expect(step({ kind: 'affine', scale: floats(a), offset: floats(c) }, [ints(shape, 3, -7)])).toEqual(
      reals(shape, f(f(a * 3) + c), f(f(-7 * a) + c)),
    )
  })

  it('rprelu, on both sides of its knee', () => {
    const op: Op = { kind: 'rprelu', shiftX: floats(c), slope: floats(b), shiftY: floats(a) }
    const out = step(op, [reals(shape, 1, -1)])
    expect(out).toEqual(reals(shape, f(f(1 + c) + a), f(f(f(c - 1) * b) + a)))
    expect(step({ ...op, shiftX: floats(0), shiftY: floats(0) }, [reals(shape, 0, 2)])).toEqual(reals(shape, 0, 2))
  })

  it('add keeps integers integer, and reals win', () => {
    expect(step({ kind: 'add' }, [ints(shape, 1, 2), ints(shape, 3, -4)])).toEqual(ints(shape, 4, -2))
    expect(step({ kind: 'add' }, [ints(shape, 1, 2), reals(shape, a, b), reals(shape, c, c)])).toEqual(
      reals(shape, f(f(1 + a) + c), f(f(2 + b) + c)),
    )
  })
})

it('quantise2 has its knees at 2/3, 0 and -2/3', () => {
  const third = f(2 / 3)
  const below = f(third - 2 ** -24)
  const shape = shapeOf(8, 1, 1)
  const input = reals(shape, 1, f(third + 2 ** -23), third, 0, f(-1e-9), -below, -third, f(-third - 2 ** -23))
  expect(step({ kind: 'quantise2' }, [input])).toEqual(ints(shape, 3, 3, 1, 1, -1, -1, -1, -3))
})

describe('pool', () => {
  const square = shapeOf(1, 4, 4)
  const half = shapeOf(1, 2, 2)
  const data = [1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8]
  const pool = (kind: 'max' | 'average', window: number, stride: number, padding = none): Op => ({
    kind: 'pool',
    pool: kind,
    window,
    stride,
    padding,
  })

  it('max keeps the kind of its input', () => {
    expect(step(pool('max', 2, 2), [ints(square, ...data)], half)).toEqual(ints(half, 6, 8, -1, -3))
    expect(step(pool('max', 2, 2), [reals(square, ...data)], half)).toEqual(reals(half, 6, 8, -1, -3))
  })

  it('max on bits is OR, channel by channel', () => {
    const shape = shapeOf(33, 2, 2)
    const input = bits(shape, 1, 0, 2, 0, 4, 1, 0, 0)
    expect(step(pool('max', 2, 2), [input], shapeOf(33, 1, 1))).toEqual(bits(shapeOf(33, 1, 1), 7, 1))
  })

  it('average divides by the area, and its result is real', () => {
    expect(step(pool('average', 2, 2), [ints(square, ...data)], half)).toEqual(reals(half, 3.5, 5.5, -3.5, -5.5))
  })

  it('padding never wins a maximum and counts as 0 in an average', () => {
    const padding = { before: 1, after: 1 }
    const shape = shapeOf(1, 2, 2)
    const negative = reals(shape, -1, -2, -3, -4)
    expect(step(pool('max', 3, 2, padding), [negative], shapeOf(1, 1, 1))).toEqual(reals(shapeOf(1, 1, 1), -1))
    expect(step(pool('average', 3, 2, padding), [negative], shapeOf(1, 1, 1))).toEqual(reals(shapeOf(1, 1, 1), -10 / 9))
  })

  it('windows may overlap', () => {
    const out = step(pool('max', 3, 1), [ints(square, ...data)], half)
    expect(out).toEqual(ints(half, 7, 8, 7, 8))
  })
})

describe('concat', () => {
  it('joins numbers along channels, and an input may repeat', () => {
    const one = shapeOf(1, 1, 2)
    const out = step({ kind: 'concat' }, [ints(pair, 1, 2, 3, 4), ints(one, 9, 8)], shapeOf(3, 1, 2))
    expect(out).toEqual(ints(shapeOf(3, 1, 2), 1, 2, 9, 3, 4, 8))
    const twice = reals(one, 1, 2)
    expect(step({ kind: 'concat' }, [twice, twice], pair)).toEqual(reals(pair, 1, 1, 2, 2))
  })

  it('joins bits into packed bits', () => {
    const out = step({ kind: 'concat' }, [bits(pair, 1, 2), bits(pair, 3, 0)], shapeOf(4, 1, 2))
    expect(out).toEqual(bits(shapeOf(4, 1, 2), 0b1101, 0b0010))
  })
})

it('a step of numbers refuses bits', () => {
  const op: Op = { kind: 'affine', scale: floats(1, 1), offset: floats(0, 0) }
  expect(() => step(op, [bits(pair, 0, 0)])).toThrow('affine takes integers or reals, not bits')
})
