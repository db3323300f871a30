// Networks on the ARM machine: every value that it stores equals evaluation, whatever the shapes, on each kind of core.

import { describe, expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { arm } from '../../../src/machines/arm/index.ts'
import type { ArmSpec } from '../../../src/machines/arm/spec.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { NetworkBuilder } from '../../../src/model/builder.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { residual, rsign, sign } from '../../../src/model/networks/imagenet.ts'
import { loadPictures } from '../../../src/model/pictures.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'
import { type Checked, Verifier } from '../../../src/work/verify.ts'

function runOn(
  core: string,
  network: Network,
  images = 1,
  library: Partial<ArmSpec> = {},
): { run: MachineRun; checked: Checked } {
  const work = workload(network)
  const { pictures } = loadPictures('drawn', network.picture, { count: images, seed: 3 })
  const inputs = pictures.map(({ pixels }) => encode(network, pixels))
  const verifier = new Verifier(work, inputs)
  const machine = arm.lower(work, { core: loadCore(core), kernels: 'lce', fusion: 'none', ...library })
  const run = machine.run({ inputs, images, observe: (image, node, tensor) => verifier.check(image, node, tensor) })
  return { run, checked: verifier.finish(run.outputs) }
}

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
  it.each(['tfc-w1a1', 'cnv-cifar10'])('computes %s bit for bit', (name) => {
    const { run, checked } = runOn(core, loadNetwork(name), 2)
    expect(checked.deviation).toBe(0)
    expect(checked.tensors).toBeGreaterThanOrEqual(2 * workload(loadNetwork(name)).layers.length)
    expect(run.outputs.map(({ image }) => image)).toEqual([0, 1])
  })

  it.each([
    [8, 15],
    [24, 13],
    [32, 18],
    [64, 11],
  ])('computes a mixed network of %i channels on %i pixels', (channels, size) => {
    const { checked } = runOn(core, mixed(channels, size))
    expect(checked.deviation).toBeLessThan(1e-4)
  })

  it.each([
    [8, 15],
    [32, 18],
    [64, 11],
  ])('computes a mixed network of %i channels on %i pixels with each set of kernels', (channels, size) => {
    for (const kernels of ['direct', 'dabnn'] as const)
      expect(runOn(core, mixed(channels, size), 1, { kernels }).checked.deviation).toBeLessThan(1e-4)
  })

  it.each([
    ['lce', 32, 6],
    ['direct', 64, 5],
    ['dabnn', 32, 7],
    ['lce', 8, 7],
  ] as const)('computes residual blocks in one pass: %s, %i channels, %i pixels', (kernels, channels, size) => {
    const network = residuals(channels, size)
    const passes = runOn(core, network, 1, { kernels })
    const fused = runOn(core, network, 2, { kernels, fusion: 'elementwise' })
    expect(fused.run.outputs[0]).toEqual(passes.run.outputs[0])
    // Four sums and a concatenation are not stored; of channels that do not fill words of bits, all are.
    expect(fused.checked.tensors / 2).toBe(passes.checked.tensors - (channels < 32 ? 0 : 5))
  })

  it('averages integers', () => {
    const picture = { channels: 3, height: 6, width: 6 }
    const builder = new NetworkBuilder(picture, seededParameters('integers'))
    const bits = sign(builder, 'sign', builder.realConv('stem', 'input', 8, { kernel: 1 }))
    const sums = builder.binaryConv('conv', bits, 16, { kernel: 3, padding: 1 })
    const scores = builder.realDense('fc', builder.pool('mean', sums, 'average', { kernel: 6 }), 4)
    const { checked } = runOn(
      core,
      builder.finish({ ...described(picture), name: 'integers', decision: { rule: 'argmax', scores } }),
    )
    expect(checked.deviation).toBeLessThan(1e-5)
  })

  it.each(['direct', 'dabnn'] as const)('computes cnv-cifar10 with kernels %s', (kernels) => {
    expect(runOn(core, loadNetwork('cnv-cifar10'), 1, { kernels }).checked.deviation).toBe(0)
  })

  it('charges every cycle to a layer', () => {
    const { run } = runOn(core, loadNetwork('tfc-w1a1'))
    const cycles = run.layers.map(({ busy, stalls }) => Object.values(stalls).reduce((sum, count) => sum + count, busy))
    expect(cycles).toEqual(run.layers.map((layer) => layer.cycles))
    expect(cycles.reduce((sum, count) => sum + count)).toBe(run.totalCycles)
  })
})

describe('the arm machine', () => {
  it('takes as many cycles each time', () => {
    const [first, second] = [1, 2].map(() => runOn('cortex-a72', loadNetwork('tfc-w1a1')).run)
    expect(second).toEqual(first)
  })

  it('refuses what it has no kernel for, with the node', () => {
    const network = loadNetwork('fracbnn-resnet20')
    expect(() =>
      arm.lower(workload(network), { core: loadCore('cortex-a53'), kernels: 'lce', fusion: 'none' }),
    ).toThrow(/no kernel for/)
  })
})
