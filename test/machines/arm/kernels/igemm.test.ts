// Matrix products of int8: igemm.s bit for bit, at the ends of what is exact too, as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, type Numbers, problems, readsBehind } from './call.ts'

const noQemu = qemuAbsent()

/** Terms of a row are `steps` steps, and `gap` bytes behind it are not used. */
interface Shape {
  readonly pixels: number
  readonly steps: number
  readonly gap: number
  readonly panels: number
}

const shapes: readonly Shape[] = [
  { pixels: 1, steps: 1, gap: 0, panels: 1 },
  { pixels: 3, steps: 2, gap: 16, panels: 3 },
  { pixels: 4, steps: 1, gap: 4, panels: 2 },
  { pixels: 5, steps: 3, gap: 8, panels: 2 },
  { pixels: 8, steps: 2, gap: 0, panels: 1 },
  { pixels: 11, steps: 5, gap: 0, panels: 5 },
  { pixels: 6, steps: 31, gap: 48, panels: 1 },
]

/** Bytes of a step, and the largest weight for so many terms. */
const kinds = {
  igemm: { step: 16, largest: () => 127 },
  igemm_narrow: { step: 8, largest: (depth: number) => Math.min(127, Math.floor(511 / depth)) },
} as const

const whole = (random: PRNG, from: number, to: number): number => from + Math.floor((to - from + 1) * random())
const reals = (random: PRNG, count: number): Float32Array =>
  Float32Array.from({ length: count }, () => 4 * random() - 2)
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!

/** Operands of a product and its sums by pixel; `extreme`: activations of -128 or 127, the largest weights. */
function product(random: PRNG, kind: keyof typeof kinds, { pixels, steps, gap, panels }: Shape, extreme: boolean) {
  const { step, largest } = kinds[kind]
  const [depth, channels] = [steps * step, 4 * panels]
  const rowBytes = depth + gap
  const most = largest(depth)
  const rowEnd = random() < 0.5 ? -128 : 127
  const activation = extreme ? () => rowEnd : () => whole(random, -128, 127)
  const rows = Int8Array.from({ length: pixels * rowBytes }, activation)
  const logical = Array.from({ length: channels }, () => {
    const end = random() < 0.5 ? -most : most
    return Int8Array.from({ length: depth }, () => (extreme ? end : whole(random, -most, most)))
  })
  const weights = new Int8Array(channels * depth)
  logical.forEach((row, c) => {
    for (let k = 0; k < depth; k++)
      weights[(c >> 2) * 4 * depth + Math.floor(k / step) * 4 * step + (c & 3) * step + (k % step)] = row[k]!
  })
  const sums = Array.from({ length: pixels }, (_, pixel) =>
    logical.map((row) => row.reduce((sum, weight, k) => sum + weight * rows[pixel * rowBytes + k]!, 0)),
  )
  return { sums, channels, words: [rows, rowBytes, depth, pixels, weights, panels] }
}

function output<T extends Numbers>(random: PRNG, out: new (length: number) => T, rows: readonly number[][]) {
  const apart = rows[0]!.length + 4 * whole(random, 0, 2)
  const before = new out(rows.length * apart).fill(-7) as T
  const after = before.slice() as T
  rows.forEach((row, pixel) => {
    after.set(row, pixel * apart)
  })
  return [{ before, after }, 4 * apart]
}

function callsOf(seed: string): Call[] {
  const random = seedrandom.alea(seed)
  const calls: Call[] = []
  for (const kind of ['igemm', 'igemm_narrow'] as const)
    for (const shape of shapes)
      for (const extreme of [false, true]) {
        const name = `${kind} ${JSON.stringify(shape)}${extreme ? ' extreme' : ''}`
        const { sums, channels, words } = product(random, kind, shape, extreme)
        const [scale, offset] = [reals(random, channels), reals(random, channels)]
        const lower = random() < 0.5 ? 0 : -Infinity
        const real = sums.map((row) =>
          row.map((sum, c) => Math.max(Math.fround(Math.fround(sum * scale[c]!) + offset[c]!), lower)),
        )
        calls.push(
          { name, entry: `${kind}_i32`, words: [...words, 0, 0, 0, ...output(random, Int32Array, sums)] },
          {
            name: `${name} ${lower}`,
            entry: `${kind}_f32`,
            words: [...words, scale, offset, bitsOf(lower), ...output(random, Float32Array, real)],
          },
        )
      }
  return calls
}

describe('igemm', () => {
  const calls = callsOf('int8')

  it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
    expect(problems('igemm', calls)).toEqual([])
  })

  it('reads nothing behind its inputs', () => {
    const some = calls.filter(({ name }) => /"pixels":[45]/.test(name) && !name.includes('extreme'))
    expect(some).toHaveLength(8)
    expect(readsBehind('igemm', some)).toEqual([])
  })

  it.skipIf(noQemu)('leaves the same bytes under qemu', () => {
    expect(differencesFromQemu('igemm', calls)).toEqual([])
  })
})
