// Networks on the ARM machine: every value that it stores equals evaluation. Small ones of all shapes: random-network.test.ts.

import { beforeAll, describe, expect, it } from 'vitest'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { NetworkBuilder } from '../../../src/model/builder.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { residual, rsign, sign } from '../../../src/model/networks/imagenet.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import type { Checked } from '../../../src/work/verify.ts'
import { drawn, runOn } from './run-on.ts'

const described = (picture: Shape) =>
  ({
    source: 'this test',
    picture,
    encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: [...'abcd'],
  }) as const

/** Real stem, blocks as of ReActNet and QuickNet with odd sizes, channels that fill no word, concatenation, every pool. */
function mixed(channels: number, size: number): Network {
  const picture = { channels: 3, height: size, width: size }
  const builder = new NetworkBuilder(picture, seededParameters('mixed'))
  const stem = builder.relu(
    'stem.relu',
    builder.realConv('stem', 'input', channels, { kernel: 3, stride: 2, padding: 1 }),
  )
  const pooled = builder.pool('stem.pool', stem, 'max', { kernel: 3, stride: 1, padding: 1 })
  const zero = builder.binaryConv('zero', rsign(builder, 'zero.sign', pooled), channels, { kernel: 3, padding: 1 })
  const first = builder.rprelu('first', residual(builder, 'zero.bn', 'zero.add', zero, pooled))
  const one = { kernel: 3, stride: 2, padding: { before: 0, after: 1 }, padValue: 1 } as const
  const second = builder.binaryConv('one', sign(builder, 'one.sign', first), channels, one)
  const half = builder.shape(second).height
  const short = builder.pool('short', first, 'average', {
    kernel: 2,
    padding: { before: 0, after: half * 2 - builder.shape(first).height },
  })
  const sum = residual(builder, 'one.bn', 'one.add', second, short)
  const blurred = builder.depthwise('blur', sum, { kernel: 3, stride: 1, padding: 1 })
  const both = builder.concat('both', [sum, blurred])
  const bits = sign(builder, 'point.sign', both)
  const point = builder.binaryConv('point', bits, 2 * channels, { kernel: 1 })
  const last = builder.binaryBatchNorm('point.bn', point)
  const mean = builder.pool('mean', last, 'average', { kernel: builder.shape(last).height })
  const scores = builder.realDense('fc', mean, 4)
  return builder.finish({ ...described(picture), name: 'mixed', decision: { rule: 'argmax', scores } })
}

/** Blocks of which each form of fusion finds one: sum and signs, with RPReLU, joined, joined and padded. */
function residuals(channels: number, size: number): Network {
  const picture = { channels: 3, height: size, width: size }
  const builder = new NetworkBuilder(picture, seededParameters('residuals'))
  let x = builder.realConv('stem', 'input', channels, { kernel: 3, padding: 1 })
  const block = (name: string, input: string, bits: string): string => {
    const conv = builder.binaryConv(name, bits, builder.shape(bits).channels, { kernel: 3, padding: 1 })
    return residual(builder, `${name}.bn`, `${name}.add`, conv, input)
  }
  x = block('plain', x, sign(builder, 'plain.sign', x))
  x = builder.rprelu('active.rprelu', block('active', x, rsign(builder, 'active.sign', x)))
  const bits = rsign(builder, 'double.sign', x)
  x = builder.rprelu(
    'double.rprelu',
    builder.concat('double', [block('double.a', x, bits), block('double.b', x, bits)]),
  )
  x = builder.rprelu('last.rprelu', block('last', x, rsign(builder, 'last.sign', x)))
  const pooled = builder.pool('pool', x, 'max', { kernel: 3, stride: 2, padding: 1 })
  const scores = builder.realDense(
    'fc',
    builder.pool('mean', pooled, 'average', { kernel: builder.shape(pooled).height }),
    4,
  )
  return builder.finish({ ...described(picture), name: 'residuals', decision: { rule: 'argmax', scores } })
}

describe.each(['cortex-a53', 'cortex-a72'])('the arm machine with a %s', (core) => {
  const network = loadNetwork('tfc-w1a1')
  let run: MachineRun
  let checked: Checked

  beforeAll(() => {
    ;({ run, checked } = runOn(core, network, drawn(network, 2)))
  })

  it('computes tfc-w1a1 bit for bit', () => {
    expect(checked.deviation).toBe(0)
    expect(checked.tensors).toBeGreaterThanOrEqual(2 * workload(network).layers.length)
    expect(run.outputs.map(({ image }) => image)).toEqual([0, 1])
  })

  it('charges every cycle to a layer', () => {
    const cycles = run.layers.map(({ busy, stalls }) => Object.values(stalls).reduce((sum, count) => sum + count, busy))
    expect(cycles).toEqual(run.layers.map((layer) => layer.cycles))
    expect(cycles.reduce((sum, count) => sum + count)).toBe(run.totalCycles)
  })

  it('takes as many cycles each time', () => {
    expect(runOn(core, network, drawn(network, 2)).run).toEqual(run)
  })
})

describe('the arm machine', () => {
  it.each(['lce', 'direct', 'dabnn'] as const)('computes cnv-cifar10 bit for bit with kernels %s', (kernels) => {
    const network = loadNetwork('cnv-cifar10')
    expect(runOn('cortex-a53', network, drawn(network, 1), { kernels }).checked.deviation).toBe(0)
  })

  it.each([
    ['lce', 24, 13],
    ['direct', 32, 18],
    ['dabnn', 64, 11],
  ] as const)('computes a mixed network with kernels %s: %i channels, %i pixels', (kernels, channels, size) => {
    const network = mixed(channels, size)
    expect(runOn('cortex-a53', network, drawn(network, 1), { kernels }).checked.deviation).toBeLessThan(1e-4)
  })

  it.each([
    ['direct', 64, 5],
    ['lce', 8, 7],
  ] as const)('computes residual blocks in one pass: %s, %i channels, %i pixels', (kernels, channels, size) => {
    const network = residuals(channels, size)
    const passes = runOn('cortex-a53', network, drawn(network, 1), { kernels })
    const fused = runOn('cortex-a53', network, drawn(network, 2), { kernels, fusion: 'elementwise' })
    expect(fused.run.outputs[0]).toEqual(passes.run.outputs[0])
    // Four sums and a concatenation are not stored; of channels that do not fill words of bits, all are.
    expect(fused.checked.tensors / 2).toBe(passes.checked.tensors - (channels < 32 ? 0 : 5))
  })

  it('refuses what it has no kernel for, with the node', () => {
    expect(() => runOn('cortex-a53', loadNetwork('fracbnn-resnet20'))).toThrow(
      /^layer1_0\.quant1: .*no kernel for quantise2/,
    )
  })

  it('refuses a network that multiplies nothing', () => {
    const picture = { channels: 3, height: 2, width: 2 }
    const builder = new NetworkBuilder(picture, seededParameters('nothing'))
    const scores = sign(builder, 'bits', 'input')
    const network = builder.finish({ ...described(picture), name: 'nothing', decision: { rule: 'argmax', scores } })
    expect(() => runOn('cortex-a53', network)).toThrow(/needs a layer/)
  })
})
