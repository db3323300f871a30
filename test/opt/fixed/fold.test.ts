// Levels of integers against the floats that they stand for, integer by integer.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type Follow, follow, isFoldable, levelsOf } from '../../../src/opt/fixed/fold.ts'
import { evaluateNode } from '../../../src/work/evaluate.ts'
import { fixedRange } from '../../../src/work/fixed.ts'
import type { Op } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { valuesOf } from '../../../src/work/tensor-values.ts'
import type { Random } from '../../work/random-network.ts'

type Threshold = Extract<Op, { kind: 'threshold' }>
type Monotone = Extract<Op, { kind: 'affine' | 'rprelu' }>

const CHANNELS = 8
const LIMITS = { low: -150, high: 150 }
const whole: Follow = (x) => x

const floats = (make: () => number) => Float32Array.from({ length: CHANNELS }, () => make())

function step(random: Random): Monotone {
  const any = () => floats(() => (random() < 0.2 ? 0 : (random() - 0.5) * 2 ** Math.floor(random() * 8)))
  if (random() < 0.5) return { kind: 'affine', scale: floats(() => 2 ** (4 * random() - 2)), offset: any() }
  return { kind: 'rprelu', shiftX: any(), slope: floats(() => (random() < 0.3 ? 0 : random())), shiftY: any() }
}

/** All integers of the range in each channel. */
function integers(): Tensor {
  const width = LIMITS.high - LIMITS.low + 1
  const data = Int32Array.from({ length: width * CHANNELS }, (_, i) => LIMITS.low + Math.floor(i / CHANNELS))
  return { kind: 'int', shape: { channels: CHANNELS, height: 1, width }, data }
}

const run = (op: Op, input: Tensor): Tensor =>
  evaluateNode({ name: 'step', inputs: ['input'], op, output: input.shape }, [input])

const folded = (steps: readonly Monotone[], last: Threshold, limits = LIMITS): Threshold => ({
  kind: 'threshold',
  level: levelsOf(last, steps.reduce(follow, whole), limits),
  inclusive: false,
})

describe('levels', () => {
  it('give the bits of the steps that they take in, on every integer', () => {
    const random = seedrandom('fold')
    const input = integers()
    let mixed = 0
    for (let round = 0; round < 200; round++) {
      const steps = Array.from({ length: 1 + Math.floor(random() * 4) }, () => step(random))
      expect(steps.every(isFoldable)).toBe(true)
      const values = steps.reduce((tensor, op) => run(op, tensor), input)
      // Levels that values meet exactly, and others.
      const met = valuesOf(values)
      const level = floats(() => met[Math.floor(random() * met.length)]! + (random() < 0.5 ? 0 : random() - 0.5))
      const last: Threshold = { kind: 'threshold', level, inclusive: random() < 0.5 }
      const wanted = run(last, values)
      expect(run(folded(steps, last), input), JSON.stringify(steps)).toEqual(wanted)
      if (new Set(valuesOf(wanted)).size === 2) mixed++
    }
    expect(mixed).toBeGreaterThan(150)
  })

  it('are below all integers, or above, where a ReLU decides nothing', () => {
    const zero = new Float32Array(CHANNELS)
    const relu: Monotone = { kind: 'rprelu', shiftX: zero, slope: zero, shiftY: zero }
    for (const limits of [LIMITS, fixedRange(16), fixedRange(32)]) {
      const always = folded([relu], { kind: 'threshold', level: zero.map(() => -0.5), inclusive: false }, limits)
      expect(new Set(valuesOf(run(always, integers())))).toEqual(new Set([1]))
      const level = zero.map(() => Number.POSITIVE_INFINITY)
      const never = folded([relu], { kind: 'threshold', level, inclusive: false }, limits)
      expect(new Set(valuesOf(run(never, integers())))).toEqual(new Set([-1]))
    }
  })
})

it('takes in what keeps the order of values, and nothing else', () => {
  const ones = new Float32Array(CHANNELS).fill(1)
  const one = (value: number) => ones.map((each, c) => (c === 3 ? value : each))
  const affine = (scale: Float32Array): Op => ({ kind: 'affine', scale, offset: ones })
  const rprelu = (slope: Float32Array): Op => ({ kind: 'rprelu', shiftX: ones, slope, shiftY: ones })
  expect([affine(ones), affine(one(0)), affine(one(-1))].map(isFoldable)).toEqual([true, false, false])
  expect([rprelu(ones), rprelu(one(0)), rprelu(one(-0.1))].map(isFoldable)).toEqual([true, true, false])
  expect(isFoldable({ kind: 'add' })).toBe(false)
})
