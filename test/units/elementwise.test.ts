import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type ElementResult, type ElementStep, Elementwise, resultBits } from '../../src/units/elementwise.ts'
import type { ElementOp } from '../../src/work/element.ts'
import { steps as golden } from '../../src/work/steps.ts'
import { type IntTensor, intTensor, type RealTensor, type Tensor } from '../../src/work/tensor.ts'
import { randomFloats } from '../work/random-network.ts'
import { unitContract } from './contract.ts'
import { BareRig, count, joined, pausing, Rig, randomWords, type UnitCase } from './rig.ts'

interface Chain {
  readonly name: string
  readonly steps: readonly ElementStep[]
  readonly result: ElementResult
}

interface Shape {
  readonly pe: number
  readonly channels: number
  readonly pixels: number
  readonly bits: number
  readonly lag?: number
  readonly flushing?: boolean
}

const isOp = (step: ElementStep): step is ElementOp => step.kind !== 'dot' && step.kind !== 'clamp'

const inRange = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x))

/** As evaluation does it, tensor by tensor. */
function evaluated(steps: readonly ElementStep[], sums: IntTensor): IntTensor | RealTensor {
  let at: Tensor = sums
  for (const step of steps) {
    if (isOp(step)) at = (golden[step.kind] as (...a: unknown[]) => Tensor)(step, [at], sums.shape)
    else {
      const next = intTensor(sums.shape)
      next.data.set(
        (at as IntTensor).data.map((x) => (step.kind === 'dot' ? 2 * x - step.terms : inRange(x, step.low, step.high))),
      )
      at = next
    }
  }
  return at as IntTensor | RealTensor
}

function encoded(value: number, channel: number, result: ElementResult): bigint {
  if (result.kind === 'int') return BigInt.asUintN(result.bits, BigInt(value))
  if (result.kind === 'real') return BigInt(new Uint32Array(Float32Array.of(value).buffer)[0]!)
  const level = result.level[channel]!
  return BigInt(result.inclusive ? value >= level : value > level)
}

const NOTHING = { multiplications: 0, shifts: 0 }

function elementwise(chain: Chain, shape: Shape, operations = NOTHING): UnitCase {
  const { pe, channels, pixels, bits, lag = 4, flushing = true } = shape
  const { steps, result } = chain
  const outBits = resultBits(result)
  return {
    name: `${flushing ? '' : 'non-flushing '}${chain.name}, ${channels} channels on ${pe} lanes, lag ${lag}`,
    inWidth: pe * bits,
    outWidth: pe * outBits,
    wordsIn: (pixels * channels) / pe,
    build: (kernel, wires, frames) => {
      const spec = { lag, flushing, pe, channels, bits, steps, result, operations }
      return new Elementwise('elementwise', kernel, spec, wires, pixels, frames)
    },
    model: (frame) => {
      const sums = intTensor({ channels, height: pixels, width: 1 })
      for (const [i, word] of frame.entries())
        for (let lane = 0; lane < pe; lane++)
          sums.data[i * pe + lane] = Number(BigInt.asIntN(bits, word >> BigInt(lane * bits)))
      const { data } = evaluated(steps, sums)
      return frame.map((_, i) => {
        const lanes = Array.from({ length: pe }, (_, lane) => i * pe + lane)
        return joined(
          lanes.map((at) => encoded(data[at]!, at % channels, result)),
          outBits,
        )
      })
    },
  }
}

const random = seedrandom('elementwise')
const floats = (channels: number, size: number): Float32Array => randomFloats(random, channels, size)
const ints = (channels: number, low: number, high: number): Int32Array =>
  Int32Array.from({ length: channels }, () => low + Math.floor(random() * (high - low + 1)))
const signs = (channels: number): Uint8Array => Uint8Array.from({ length: channels }, () => Math.floor(2 * random()))

const affine = (c: number): ElementOp => ({ kind: 'affine', scale: floats(c, 0.1), offset: floats(c, 5) })
const rprelu = (c: number): ElementOp => {
  return { kind: 'rprelu', shiftX: floats(c, 2), slope: floats(c, 0.5), shiftY: floats(c, 2) }
}
const multiplied = (c: number, bits: 8 | 16 | 32): ElementOp => {
  return { kind: 'fixed-affine', multiplier: ints(c, -127, 127), shift: ints(c, 0, 7), offset: ints(c, -99, 99), bits }
}
const shifted = (c: number): ElementOp => {
  return { kind: 'fixed-affine', shift: ints(c, -5, 3), negative: signs(c), offset: ints(c, -300, 300), bits: 16 }
}
const fixedRprelu = (c: number, slope: boolean, bits: 8 | 16): ElementOp => ({
  kind: 'fixed-rprelu',
  shiftX: ints(c, -100, 100),
  ...(slope ? { slope: ints(c, -127, 127) } : { negative: signs(c) }),
  shift: ints(c, 0, slope ? 7 : 16),
  shiftY: ints(c, -100, 100),
  bits,
})

const chains: readonly (readonly [Chain, Shape])[] = [
  [
    {
      name: 'two affines, rprelu and threshold',
      steps: [affine(12), affine(12), rprelu(12)],
      result: { kind: 'bit', level: floats(12, 3), inclusive: false },
    },
    { pe: 4, channels: 12, pixels: 3, bits: 9, lag: 11 },
  ],
  [
    { name: 'affine to reals', steps: [affine(6)], result: { kind: 'real' } },
    { pe: 3, channels: 6, pixels: 4, bits: 16, lag: 3, flushing: false },
  ],
  [
    {
      name: 'multipliers and slopes in 8 bits, inclusive threshold',
      steps: [multiplied(10, 8), fixedRprelu(10, true, 8)],
      // Where results saturate, they are equal to the level.
      result: {
        kind: 'bit',
        level: Int32Array.from({ length: 10 }, (_, c) => (c % 2 === 0 ? 127 : 7 * c)),
        inclusive: true,
      },
    },
    { pe: 10, channels: 10, pixels: 6, bits: 10, lag: 7 },
  ],
  [
    { name: 'shifts to 16 bits', steps: [shifted(8), fixedRprelu(8, false, 16)], result: { kind: 'int', bits: 16 } },
    { pe: 1, channels: 8, pixels: 1, bits: 12, lag: 2, flushing: false },
  ],
  [
    {
      name: 'dot product, clamp, multiplier',
      steps: [{ kind: 'dot', terms: 300 }, { kind: 'clamp', low: -127, high: 127 }, multiplied(40, 32)],
      result: { kind: 'int', bits: 32 },
    },
    { pe: 40, channels: 40, pixels: 8, bits: 10, lag: 1 },
  ],
  [
    { name: 'clamp', steps: [{ kind: 'clamp', low: 0, high: 255 }], result: { kind: 'int', bits: 16 } },
    { pe: 3, channels: 9, pixels: 2, bits: 32, lag: 1 },
  ],
]

const cases = chains.map(([chain, shape]) => elementwise(chain, shape))

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => unitContract(each))

const [bits12] = chains
const rig = (each: UnitCase, frames: number, options = {}): BareRig =>
  new BareRig(each, randomWords('sums', each.wordsIn * frames, each.inWidth), options)

describe('element-wise unit', () => {
  const at = (lag: number, more = {}) => elementwise(bits12![0], { ...bits12![1], lag, ...more })

  it.each([1, 2, 5, 9])('gives a result %d cycles after its sum, not one before', (lag) => {
    expect(rig(at(lag), 1, { offered: pausing(1, 100) }).run(lag - 1)).toEqual({ taken: [0], left: [] })
    expect(rig(at(lag), 1, { offered: pausing(1, 100) }).run(lag)).toEqual({ taken: [0], left: [lag] })
  })

  it('takes a word a cycle', () => {
    const { taken, left } = rig(at(6), 3).run()
    expect(taken).toEqual(count(27, (i) => i))
    expect(left).toEqual(count(27, (i) => i + 6))
  })

  it('keeps results inside while input lacks, when not flushing', () => {
    const options = { offered: pausing(2, 50) }
    expect(rig(at(4), 1, options).run().left.slice(0, 2)).toEqual([4, 5])
    expect(
      rig(at(4, { flushing: false }), 1, options)
        .run()
        .left.slice(0, 2),
    ).toEqual([52, 53])
  })

  it('freezes as a whole while a result waits', () => {
    const { taken, left } = rig(at(3), 1, { accepted: (cycle: number) => Math.max(cycle, 40) }).run()
    expect(taken).toEqual([0, 1, 2, ...count(6, (i) => 40 + i)])
    expect(left).toEqual(count(9, (i) => 40 + i))
  })

  it('counts words, comparisons, and what each element multiplies and shifts', () => {
    const compared = rig(elementwise(bits12![0], bits12![1], { multiplications: 3, shifts: 0 }), 2)
    compared.run()
    expect(compared.unit.count).toEqual({ words: 18, compares: 72, multiplications: 216, shifts: 0 })
    const leaving = rig(elementwise(chains[3]![0], chains[3]![1], { multiplications: 0, shifts: 2 }), 3)
    leaving.run()
    expect(leaving.unit.count).toEqual({ words: 24, compares: 0, multiplications: 0, shifts: 48 })
  })

  it('knows channels by fold and lane', () => {
    // Channels 0 to 5 on two lanes: each adds ten times its channel.
    const offset = Int32Array.from({ length: 6 }, (_, c) => 10 * c)
    const chain: Chain = {
      name: 'offsets',
      steps: [{ kind: 'fixed-affine', shift: new Int32Array(6), offset, bits: 8 }],
      result: { kind: 'int', bits: 8 },
    }
    const each = elementwise(chain, { pe: 2, channels: 6, pixels: 2, bits: 8 })
    const sums = [0n, 0n, 0n, 0x0001n, 0x0000n, 0xff00n]
    const { words } = new Rig(each, sums).finish()
    expect(words).toEqual([0x0a00n, 0x1e14n, 0x3228n, 0x0a01n, 0x1e14n, 0x3128n])
  })

  it('rounds reals to float32 after each operation', () => {
    // 3 times 0.1 rounds to 0.3, and is 7e-9 below that if not rounded; negative values are halved.
    const chain = (offset: number): Chain => ({
      name: 'rounding',
      steps: [
        { kind: 'affine', scale: Float32Array.of(0.1), offset: Float32Array.of(offset) },
        {
          kind: 'rprelu',
          shiftX: Float32Array.of(0),
          slope: Float32Array.of(0.5),
          shiftY: Float32Array.of(0),
        },
      ],
      result: { kind: 'real' },
    })
    const result = (offset: number): number => {
      const each = elementwise(chain(offset), { pe: 1, channels: 1, pixels: 1, bits: 8 })
      const [word] = new Rig(each, [3n]).finish().words
      return new Float32Array(Uint32Array.of(Number(word)).buffer)[0]!
    }
    const product = Math.fround(3 * Math.fround(0.1))
    expect(product).not.toBe(3 * Math.fround(0.1))
    expect(result(-0.3)).toBe(product - Math.fround(0.3))
    expect(result(-2.3)).toBe(Math.fround(product - Math.fround(2.3)) / 2)
  })
})
