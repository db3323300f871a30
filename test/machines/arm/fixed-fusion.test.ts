// Fixed-point data flow on the ARM machine with the direct set: what follows a binary layer is computed at its output, and
// every value that is stored equals evaluation.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { accumulatorsOf, type Blocking, blockingOf, blockings } from '../../../src/machines/arm/fixed-tables.ts'
import { planOf } from '../../../src/machines/arm/lower.ts'
import { MemoryMap } from '../../../src/machines/arm/memory-map.ts'
import type { KernelSet } from '../../../src/machines/arm/spec.ts'
import { NetworkBuilder, type Window } from '../../../src/model/builder.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Op } from '../../../src/work/network.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { drawn, plain, runWork } from './run-on.ts'

type Bits = 8 | 16

/** Adds steps in fixed point, with numbers at random. */
class FixedBuilder extends NetworkBuilder {
  private readonly random = seedrandom.alea('fixed-fusion')
  private readonly bits: Bits
  /** Whether numbers are multiplied, else shifted and negated. */
  private readonly multiplies: boolean

  constructor(channels: number, size: number, bits: Bits, multiplies: boolean) {
    super({ channels, height: size, width: size }, seededParameters('fixed-fusion'))
    this.bits = bits
    this.multiplies = multiplies
  }

  private whole(count: number, low: number, high: number): Int32Array {
    return Int32Array.from({ length: count }, () => low + Math.floor((high - low + 1) * this.random()))
  }

  private scaled(count: number, factor: 'multiplier' | 'slope') {
    if (this.multiplies) return { [factor]: this.whole(count, -127, 127), shift: this.whole(count, 5, 8) }
    return { shift: this.whole(count, -1, 5), negative: Uint8Array.from(this.whole(count, 0, 1)) }
  }

  fixed(name: string, from: readonly string[], op: Op): string {
    return this.add(name, from, op, this.shape(from[0]!))
  }

  /** A binary convolution and its normalisation, `name`.bn. */
  conv(name: string, from: string, channels: number, window: Window): string {
    this.binaryConv(name, from, channels, window)
    const offset = this.whole(channels, -40, 40)
    const op = { kind: 'fixed-affine', ...this.scaled(channels, 'multiplier'), offset, bits: this.bits } as const
    return this.fixed(`${name}.bn`, [name], op)
  }

  sumOf(name: string, terms: readonly [string, string]): string {
    return this.fixed(name, terms, { kind: 'add', bits: this.bits })
  }

  activation(name: string, from: string): string {
    const { channels } = this.shape(from)
    const [shiftX, shiftY] = [this.whole(channels, -60, 60), this.whole(channels, -60, 60)]
    return this.fixed(name, [from], {
      kind: 'fixed-rprelu',
      shiftX,
      ...this.scaled(channels, 'slope'),
      shiftY,
      bits: this.bits,
    })
  }

  sign(name: string, from: string): string {
    return this.threshold(name, from, this.whole(this.shape(from).channels, -30, 30), this.random() < 0.5)
  }

  average(name: string, from: string): string {
    const { channels, height, width } = this.shape(from)
    const padding = { before: 0, after: height % 2 }
    const op = { kind: 'pool', pool: 'average', bits: this.bits, window: 2, stride: 2, padding } as const
    return this.add(name, [from], op, { channels, height: Math.ceil(height / 2), width: Math.ceil(width / 2) })
  }

  /** Sums are clamped to 8 bits where `bits` says so, and more than that may come. */
  work(scores: string): Workload {
    const network = this.finish({
      name: 'fixed',
      source: 'this test',
      picture: this.shape('input'),
      encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
      classes: [...'abcd'],
      decision: { rule: 'argmax', scores },
    })
    const whole = workload(network)
    if (this.bits === 16) return whole
    const layers = whole.layers.map((layer) =>
      layer.activation === 'bit' && layer.name !== scores
        ? { ...layer, accumulator: { ...layer.accumulator, bits: 8, saturate: true } }
        : layer,
    )
    return { ...whole, layers }
  }
}

/** Residual blocks: one that keeps its size, one that halves it, one that doubles channels, and a sum whose sign alone is read. */
function residuals(channels: number, size: number, bits: Bits, multiplies: boolean): Workload {
  const b = new FixedBuilder(3, size, bits, multiplies)
  const stem = b.realConv('stem', 'input', channels, { kernel: 3, padding: 1 })
  const first = b.fixed('first', [stem], { kind: 'quantise', fraction: 5, bits })
  const keep = b.conv('keep', b.sign('first.sign', first), channels, { kernel: 3, padding: 1 })
  const kept = b.activation('keep.prelu', b.sumOf('keep.add', [keep, first]))
  const halve = b.conv('halve', b.sign('keep.sign', kept), channels, { kernel: 3, stride: 2, padding: 1, padValue: -1 })
  const halved = b.activation('halve.prelu', b.sumOf('halve.add', [b.average('short', kept), halve]))
  const signs = b.sign('halve.sign', halved)
  const parts = ['a', 'b'].map((part) => {
    return b.sumOf(`${part}.add`, [b.conv(part, signs, channels, { kernel: 1 }), halved])
  })
  const both = b.activation('both.prelu', b.concat('both', parts as [string, string]))
  const only = b.sumOf('only.add', [both, b.conv('only', b.sign('both.sign', both), 2 * channels, { kernel: 1 })])
  const end = b.sign('only.sign', only)
  return b.work(b.binaryConv('fc', end, 4, { kernel: b.shape(end).height }))
}

/** Values that others read on the way: each ends what is computed together. */
function branching(bits: Bits, multiplies: boolean): Workload {
  const b = new FixedBuilder(3, 6, bits, multiplies)
  const stem = b.realConv('stem', 'input', 13, { kernel: 3, padding: 1 })
  const first = b.fixed('first', [stem], { kind: 'quantise', fraction: 5, bits })
  const signs = b.sign('first.sign', first)
  const one = b.conv('one', signs, 13, { kernel: 3, padding: 1 })
  const sum = b.sumOf('sum', [one, first])
  const again = b.sumOf('again', [b.conv('two', b.sign('one.sign', one), 13, { kernel: 1 }), sum])
  const twice = b.activation('twice', b.sumOf('twice.add', [again, again]))
  const late = b.conv('late', signs, 13, { kernel: 1 })
  const end = b.sign(
    'end',
    b.sumOf('late.add', [b.conv('later', b.sign('twice.sign', twice), 13, { kernel: 1 }), late]),
  )
  return b.work(b.binaryConv('fc', end, 4, { kernel: b.shape(end).height }))
}

/** What steps make, by layer, and with which kernels. */
function stepsOf(work: Workload, blocking: Blocking): string[] {
  const { steps } = planOf(work, { ...plain, kernels: 'direct', blocking }, new MemoryMap(0))
  return steps.map(({ made, calls }) => {
    const values = made.map(({ node }) => node).join(' ')
    return `${values}: ${[...new Set(calls.map(({ kernel }) => kernel))].join(' ')}`
  })
}

/** Saturated sums that a threshold reads at once. */
function saturated(): Workload {
  const b = new FixedBuilder(3, 4, 8, true)
  const stem = b.realConv('stem', 'input', 32, { kernel: 3, padding: 1 })
  const conv = b.binaryConv('conv', b.threshold('stem.sign', stem, new Float32Array(32), true), 32, { kernel: 1 })
  return b.work(b.binaryConv('fc', b.sign('sign', conv), 4, { kernel: 4 }))
}

const flows = [
  [8, true],
  [8, false],
  [16, false],
] as const

describe('fixed-point data flow, direct', () => {
  it('makes the values and signs of residual blocks at the output of their convolutions', () => {
    const steps = stepsOf(residuals(32, 9, 8, true), 'tree').slice(3)
    expect(steps).toEqual([
      'keep.prelu keep.sign: bconv_tree_fixed',
      // Behind the convolution in the network's order.
      expect.stringMatching(/^short: /),
      'halve.prelu halve.sign: bconv_tree_fixed',
      ': bconv_tree_fixed',
      'both.prelu both.sign: bconv_tree_fixed',
      'only.sign: bconv_tree_fixed',
      expect.stringMatching(/^fc: /),
    ])
  })

  it('stores what others read, and goes on by itself behind it', () => {
    const steps = stepsOf(branching(16, false), 'lanes').filter((step) => step.includes('bconv_lanes'))
    expect(steps).toEqual([
      'one.bn one.sign: fill_rows bconv_lanes_fixed',
      'again: bconv_lanes_fixed',
      'late.bn: bconv_lanes_fixed',
      'end: fill_rows bconv_lanes_fixed',
    ])
  })

  it('refuses saturated sums that no kernel can compute, naming layer and remedy', () => {
    const lowered = (work: Workload, kernels: KernelSet) => () => planOf(work, { ...plain, kernels }, new MemoryMap(0))
    const work = residuals(32, 9, 8, true)
    expect(lowered(work, 'lce')).toThrow(/keep: .*saturating accumulators in the set lce: expected direct/)
    expect(lowered(work, 'dabnn')).toThrow(/saturating accumulators in the set dabnn: expected direct/)
    expect(lowered(saturated(), 'direct')).toThrow(
      /conv: .*saturating accumulators of 8 bits .*expected .*fixed-affine/,
    )
  })

  it('leaves products that are not within 16 bits to steps of their own', () => {
    const work = residuals(32, 9, 8, true)
    const layers = work.layers.map((layer) => ({ ...layer, accumulator: { ...layer.accumulator, saturate: false } }))
    const steps = stepsOf({ ...work, layers }, 'tree')
    expect(steps.filter((step) => step.startsWith('keep'))).toHaveLength(5)
    expect(steps.some((step) => step.startsWith('both.prelu both.sign: bconv_tree_fixed'))).toBe(true)
  })

  it('takes the blocking that is asked for, and else that of the core', () => {
    expect(blockingOf('lanes', 'in-order')).toBe('lanes')
    expect(blockingOf(undefined, 'in-order')).toBe(blockingOf('core', 'in-order'))
    const rows = [31, 32].map((steps) => accumulatorsOf('lanes', 1, 16 * steps))
    expect(rows).toEqual([expect.objectContaining({ flushRows: 1 }), undefined])
  })

  for (const [bits, multiplies] of flows)
    for (const blocking of blockings)
      it(`computes what evaluation does: ${bits} bits, ${multiplies ? 'multipliers' : 'shifts'}, ${blocking}`, () => {
        const whole = residuals(multiplies ? 40 : 32, 7, bits, multiplies)
        const works = blocking === 'tree' ? [whole, branching(bits, multiplies)] : [whole]
        for (const work of works) {
          const { checked } = runWork('cortex-a53', work, drawn(work.network, 1), { kernels: 'direct', blocking })
          expect(checked.deviation).toBe(0)
        }
      })
})
