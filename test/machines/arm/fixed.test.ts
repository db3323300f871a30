// Networks of fixed-point numbers on the ARM machine, each node a step of its own or with others: every value that it stores equals
// evaluation.

import { describe, expect, it } from 'vitest'
import { type Library, planOf } from '../../../src/machines/arm/lower.ts'
import { MemoryMap } from '../../../src/machines/arm/memory-map.ts'
import { NetworkBuilder } from '../../../src/model/builder.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { IntegerWeights, Network, Op } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import { failure, outcome } from './outcome.ts'
import { randomNetwork } from './random-network.ts'
import { drawn, plain, runOn } from './run-on.ts'

/** So many from a seed on call all kernels. */
const NETWORKS = 60
const FIRST = 698

const sets = ['lce', 'direct', 'dabnn'] as const
const libraryOf = (seed: number): Library => ({
  ...plain,
  kernels: sets[seed % 3]!,
  fusion: seed % 2 === 0 ? 'none' : 'elementwise',
})

/** Kernels that the networks have to call; `fixed_affine_mul_i8_` stands for those that it begins. */
const library = [
  ...['i8', 'i16', 'i32'].flatMap((from) => ['i8', 'i16', 'i32'].map((to) => `fixed_affine_${from}_${to}`)),
  ...['fixed_affine_mul_i8_', 'fixed_affine_mul_i16_', 'fixed_affine_mul_i32_'],
  ...['fixed_rprelu_i8_i16', 'fixed_rprelu_i16_i8', 'fixed_rprelu_i32_', 'fixed_rprelu_i8', 'fixed_rprelu_i16'],
  ...['fixed_rprelu_mul_i8_', 'fixed_rprelu_mul_i16_', 'fixed_rprelu_mul_i32_'],
  ...['quantise_f32_i8', 'quantise_f32_i16', 'quantise_f32_i32'],
  ...['convert_i8_f32', 'convert_i16_f32', 'convert_i16_i32', 'convert_i8_i32'],
  ...['add_fixed_i8', 'add_fixed_i16', 'add_fixed_i32', 'sum_pool_i8', 'sum_pool_i16', 'sum_pool_i32'],
  ...[
    'max_pool_i16',
    'max_pool_i32',
    'above_i8',
    'above_i16',
    'gemm_shift_i32',
    'gemm_multiply_i32',
    'affine_wide_i32',
  ],
]

const isCalled = (kernel: string, called: ReadonlySet<string>): boolean =>
  called.has(kernel) || (kernel.endsWith('_') && [...called].some((other) => other.startsWith(kernel)))

/** What lowering calls; nothing where it refuses the network. */
function kernelsOf(network: Network, library: Library): string[] {
  try {
    const { steps } = planOf(workload(network), library, new MemoryMap(0))
    return steps.flatMap(({ calls }) => calls.map(({ kernel }) => kernel))
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** Few of the networks that together call all kernels: always the one that calls most of those still missing. */
function covering(): { readonly seeds: readonly number[]; readonly missing: readonly string[] } {
  const calls = Array.from({ length: NETWORKS }, (_, i) => {
    const called = new Set(kernelsOf(randomNetwork(`fixed ${FIRST + i}`, true), libraryOf(FIRST + i)))
    return { seed: FIRST + i, kernels: library.filter((kernel) => isCalled(kernel, called)) }
  })
  const missing = new Set(library)
  const seeds: number[] = []
  for (;;) {
    const news = calls.map(({ kernels }) => kernels.filter((kernel) => missing.has(kernel)))
    const best = news.reduce((most, each, i) => (each.length > news[most]!.length ? i : most), 0)
    if (news[best]!.length === 0) return { seeds, missing: [...missing] }
    seeds.push(calls[best]!.seed)
    for (const kernel of news[best]!) missing.delete(kernel)
  }
}

it('the arm machine computes random networks of fixed-point numbers, which call all kernels, as evaluation does', () => {
  const { seeds, missing } = covering()
  expect(missing).toEqual([])
  const failures = seeds.flatMap((seed) => {
    const network = randomNetwork(`fixed ${seed}`, true)
    const set = libraryOf(seed)
    if (outcome(network, set) === 'computed') return []
    return [failure(seed, network, set)]
  })
  expect(failures.join('\n')).toBe('')
}, 240_000)

const weightsOf = (
  shape: { channels: number },
  rows: number,
  kernel: number,
  any: (i: number) => number,
): IntegerWeights => {
  const { channels } = shape
  const taps = kernel ** 2
  const data = Int32Array.from({ length: rows * taps * channels }, (_, i) => any(i))
  return { kind: 'integer', rows, taps, channels, data }
}

const power = (i: number): number => [0, 1, -1, 2, -4, 8, -16][(i * 37 + (i >> 3)) % 7]!

/** A picture of reals, quantised, through layers of integers, pools and steps that shift, to scores. */
function shifting(size: number, channels: number, bits: 8 | 16, weight: (i: number) => number): Network {
  const picture: Shape = { channels: 3, height: size, width: size }
  const builder = new NetworkBuilder(picture, seededParameters('fixed'))
  const shape = (from: string) => builder.shape(from)
  const each = (value: (c: number) => number) => Int32Array.from({ length: channels }, (_, c) => value(c))
  const add = (name: string, inputs: string[], op: Op, output = shape(inputs[0]!)) =>
    builder.add(name, inputs, op, output)
  const conv = (name: string, from: string, rows: number, kernel: number, stride: number) => {
    const mac = builder.macShape(from, rows, { kernel, stride, padding: kernel >> 1 })
    return builder.mac(name, from, mac, weightsOf(shape(from), rows, kernel, weight), 'dot')
  }
  const input = add('quantise', ['input'], { kind: 'quantise', fraction: 5, bits: 8 })
  const stem = conv('stem', input, channels, 7, 2)
  const shift = { kind: 'fixed-affine', shift: each((c) => c % 5), offset: each((c) => 3 * c - 40), bits } as const
  const pooled = builder.pool('pool', add('norm', [stem], shift), 'max', { kernel: 3, stride: 2, padding: 1 })
  const second = add('second.norm', [conv('second', pooled, channels, 3, 1)], {
    ...shift,
    shift: each((c) => 4 + (c % 3)),
  })
  const sum = add('add', [second, pooled], { kind: 'add', bits })
  const activation = {
    kind: 'fixed-rprelu',
    shiftX: each((c) => c - 9),
    shift: each((c) => 1 + (c % 16)),
    bits,
  } as const
  const active = add('rprelu', [sum], { ...activation, shiftY: each((c) => 7 - c) })
  const { height, width } = shape(active)
  const half = { channels, height: height >> 1, width: width >> 1 }
  const pool = { kind: 'pool', padding: { before: 0, after: 0 } } as const
  const mean = add('mean', [active], { ...pool, pool: 'average', bits, window: 2, stride: 2 }, half)
  const whole = { ...pool, pool: 'sum', window: half.height, stride: 1 } as const
  const total = add('sum', [mean], whole, { channels, height: 1, width: 1 })
  const scores = conv('fc', total, 10, 1, 1)
  return builder.finish({
    name: 'shifting',
    source: 'this test',
    picture,
    encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
    classes: Array.from({ length: 10 }, (_, i) => `${i}`),
    decision: { rule: 'argmax', scores },
  })
}

describe('layers of integers', () => {
  it.each([
    [21, 16, 8],
    [16, 13, 16],
  ] as const)('of powers of two multiply nothing: %i pixels, %i channels, %i bits', (size, channels, bits) => {
    const network = shifting(size, channels, bits, power)
    const { run, checked } = runOn('cortex-a53', network, drawn(network, 2))
    expect(checked.deviation).toBe(0)
    expect(checked.tensors).toBe(2 * network.nodes.length)
    expect(run.layers.map(({ operations }) => operations.multiplications)).toEqual([0, 0, 0])
  })

  it('of any weights multiply for each of them', () => {
    const network = shifting(11, 8, 16, (i) => ((i * 31) % 19) - 9)
    const { run, checked } = runOn('cortex-a53', network, drawn(network, 1))
    expect(checked.deviation).toBe(0)
    const macs = workload(network).layers.map(
      ({ shape }) => 8 * Math.ceil(shape.output.channels / 8) * shape.output.height * shape.output.width,
    )
    expect(run.layers.map(({ operations }) => operations.multiplications)).toEqual(
      workload(network).layers.map(({ weights: { weights } }, i) => macs[i]! * weights.taps * weights.channels),
    )
  })
})
