import { describe, expect, it } from 'vitest'
import { filled, NetworkBuilder } from '../../src/model/builder.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { seededParameters } from '../../src/model/seeded.ts'
import { clip8 } from '../../src/opt/clip8.ts'
import { applyPasses } from '../../src/opt/index.ts'
import { workload } from '../../src/work/lower.ts'
import { multiplicationsOf } from '../../src/work/multiplications.ts'
import type { Op, Weights } from '../../src/work/network.ts'

const SIDE = 4
const CHANNELS = 2
const shape = { channels: CHANNELS, height: SIDE, width: SIDE }
const elements = CHANNELS * SIDE * SIDE
const none = filled(CHANNELS, 0)
const whole = (...values: readonly number[]) => Int32Array.from(values)

type Add = (builder: NetworkBuilder, from: string) => string

/** Rows of the network that `add` writes between a real picture and a dense layer, by node, without that layer. */
function rowsOf(add: Add, dense: Add = binaryDense): Record<string, [role: string, counted: number]> {
  const builder = new NetworkBuilder(shape, seededParameters('test'))
  const scores = dense(builder, add(builder, 'input'))
  const one = builder.finish({
    name: 'small',
    source: 'test',
    picture: shape,
    encoding: { kind: 'real', mean: [0, 0], deviation: [1, 1] },
    classes: ['a', 'b', 'c'],
    decision: { rule: 'argmax', scores },
  })
  workload(one) // fits together
  const rows = multiplicationsOf(one).filter(({ node }) => node !== 'fc')
  return Object.fromEntries(rows.map(({ node, role, counted }) => [node, [role, counted]]))
}

const realDense: Add = (builder, from) => builder.realDense('fc', from, 3)

function binaryDense(builder: NetworkBuilder, from: string): string {
  const bits = builder.threshold('fc.sign', from, none, true)
  return builder.binaryConv('fc', bits, 3, { kernel: builder.shape(from).height })
}

const step =
  (name: string, op: Op): Add =>
  (builder, from) =>
    builder.add(name, [from], op, builder.shape(from))

const inTurn =
  (...steps: readonly Add[]): Add =>
  (builder, from) =>
    steps.reduce((at, add) => add(builder, at), from)

const affine = (name: string, scale: number, offset = 0) =>
  step(name, { kind: 'affine', scale: filled(CHANNELS, scale), offset: filled(CHANNELS, offset) })
const sign: Add = (builder, from) => builder.threshold('sign', from, none, true)
const conv: Add = (builder, from) => builder.binaryConv('conv', from, CHANNELS, { kernel: 3, padding: 1 })
const quantise = step('quantise', { kind: 'quantise', fraction: 4, bits: 16 })
const binary = inTurn(sign, conv)

describe('reals', () => {
  it('are multiplied once an element by batch norms, scales, masks and slopes', () => {
    expect(rowsOf(inTurn(binary, affine('bn', 0.5, 0.1)))).toEqual({ bn: ['normalisation', elements] })
    expect(rowsOf(inTurn(binary, affine('scale', 0.5)))).toEqual({ scale: ['scale', elements] })
    expect(rowsOf(inTurn(affine('mask', 0.5), binary))).toEqual({ mask: ['mask', elements] })
    const slopes = (slope: number) =>
      step('act', { kind: 'rprelu', shiftX: none, slope: filled(CHANNELS, slope), shiftY: none })
    expect(rowsOf(inTurn(binary, slopes(0.25)))).toEqual({ act: ['slope', elements] })
    expect(rowsOf(inTurn(binary, slopes(0)))).toEqual({})
  })

  it('are not multiplied by 1', () => {
    expect(rowsOf(inTurn(binary, affine('bn', 1, 0.1)))).toEqual({ bn: ['normalisation', 0] })
  })

  it('are multiplied at each tap of a real convolution, in stem, shortcut and elsewhere', () => {
    const pointwise =
      (name: string): Add =>
      (builder, from) =>
        builder.realConv(name, from, CHANNELS, { kernel: 1 })
    const macs = elements * CHANNELS
    expect(rowsOf(inTurn(pointwise('stem'), affine('stem.bn', 0.5, 0.1), binary))).toEqual({
      stem: ['stem', macs],
      'stem.bn': ['stem', elements],
    })
    const relu: Add = (builder, from) => builder.relu('relu', from)
    expect(rowsOf(inTurn(binary, relu, pointwise('middle')))).toEqual({ middle: ['layer', macs] })
    const residual: Add = (builder, from) => {
      const down = affine('down.bn', 0.5, 0.1)(builder, pointwise('down')(builder, from))
      return builder.sum('add', [affine('bn', 0.5, 0.1)(builder, binary(builder, from)), down])
    }
    expect(rowsOf(residual)).toEqual({
      bn: ['normalisation', elements],
      down: ['shortcut', macs],
      'down.bn': ['shortcut-scale', elements],
    })
  })

  it('come from a stem that a block reads, too, and not from a shortcut', () => {
    const residual: Add = (builder, from) => {
      const stem = builder.realConv('stem', from, CHANNELS, { kernel: 1 })
      return builder.sum('add', [binary(builder, stem), stem])
    }
    const earlier: Add = (builder, from) => {
      const bits = sign(builder, from)
      const stem = builder.realConv('stem', from, CHANNELS, { kernel: 1 })
      const first = builder.sum('add', [conv(builder, bits), stem])
      return builder.sum('add2', [first, stem])
    }
    for (const add of [residual, earlier]) expect(rowsOf(add)).toEqual({ stem: ['stem', elements * CHANNELS] })
  })

  it('are multiplied once for each average, by the classifier where it alone reads them', () => {
    const pool: Add = (builder, from) => builder.pool('pool', from, 'average', { kernel: 2 })
    expect(rowsOf(inTurn(binary, pool), realDense)).toEqual({ pool: ['classifier', elements / 4] })
    expect(rowsOf(inTurn(pool, binary))).toEqual({ pool: ['pool', elements / 4] })
    expect(rowsOf(inTurn(binary, (builder, from) => builder.pool('pool', from, 'max', { kernel: 2 })))).toEqual({})
  })
})

describe('reals that the classifier alone reads', () => {
  const pool: Add = (builder, from) => builder.pool('pool', from, 'average', { kernel: 2 })

  it('are its own, scaled once or twice', () => {
    expect(rowsOf(inTurn(binary, affine('back', 0.5)), realDense)).toEqual({ back: ['classifier', elements] })
    expect(rowsOf(inTurn(binary, affine('first', 0.5), affine('back', 0.25, 0.1)), realDense)).toEqual({
      first: ['classifier', elements],
      back: ['classifier', elements],
    })
    expect(rowsOf(inTurn(binary, pool, affine('back', 0.5)), realDense)).toEqual({
      pool: ['classifier', elements / 4],
      back: ['classifier', elements / 4],
    })
  })

  it('are not where a sign reads them, too', () => {
    const shared: Add = (builder, from) => {
      const back = affine('back', 0.5)(builder, binary(builder, from))
      const bits = builder.binaryConv('conv2', builder.threshold('sign2', back, none, true), CHANNELS, {
        kernel: 3,
        padding: 1,
      })
      return builder.sum('add', [back, bits])
    }
    expect(rowsOf(shared, realDense)).toEqual({ back: ['scale', elements] })
  })

  it('are those that passes convert', () => {
    const { network } = applyPasses(workload(loadNetwork('reactnet-18')), [
      { name: 'clip8', options: clip8.schema.parse({}) },
    ])
    const rows = multiplicationsOf(network)
    expect(rows.find(({ node }) => node === 'pool.real')).toMatchObject({ role: 'classifier', published: 0 })
  })
})

describe('integers', () => {
  const shift = whole(2, 3)
  const offset = whole(0, 1)

  it('are multiplied by multipliers and slopes, and not by shifts', () => {
    const scaled = (multiplier?: Int32Array) =>
      step('scale', { kind: 'fixed-affine', ...(multiplier && { multiplier }), shift, offset, bits: 8 })
    expect(rowsOf(inTurn(binary, scaled(whole(3, 5))))).toEqual({ scale: ['normalisation', elements] })
    expect(rowsOf(inTurn(binary, scaled()))).toEqual({})
    const act = (slope?: Int32Array) =>
      step('act', { kind: 'fixed-rprelu', shiftX: offset, ...(slope && { slope }), shift, shiftY: offset, bits: 8 })
    expect(rowsOf(inTurn(binary, act(whole(3, 5))))).toEqual({ act: ['slope', elements] })
    expect(rowsOf(inTurn(binary, act()))).toEqual({})
  })

  it('are multiplied by whole weights unless all of these are powers of two', () => {
    const stem =
      (...data: readonly number[]): Add =>
      (builder, from) => {
        const weights: Weights = { kind: 'integer', rows: CHANNELS, taps: 1, channels: CHANNELS, data: whole(...data) }
        return builder.mac('stem', from, builder.macShape(from, CHANNELS, { kernel: 1 }), weights, 'dot')
      }
    expect(rowsOf(inTurn(quantise, stem(3, 1, 2, 4), binary))).toEqual({ stem: ['stem', elements * CHANNELS] })
    expect(rowsOf(inTurn(quantise, stem(0, -1, 16, -4096), binary))).toEqual({})
  })

  it('are averaged by shifts and summed without', () => {
    const pool = (op: Partial<Extract<Op, { kind: 'pool' }>>): Add => {
      const padding = { before: 0, after: 0 }
      return (builder, from) =>
        builder.add(
          'pool',
          [from],
          { kind: 'pool', pool: 'average', window: 4, stride: 4, padding, ...op },
          {
            channels: CHANNELS,
            height: 1,
            width: 1,
          },
        )
    }
    expect(rowsOf(inTurn(quantise, pool({ bits: 16 })))).toEqual({})
    expect(rowsOf(inTurn(quantise, pool({ pool: 'sum' })))).toEqual({})
    expect(rowsOf(inTurn(quantise, pool({})))).toEqual({ pool: ['pool', CHANNELS] })
  })
})

it('a network of thresholds on integer sums multiplies nothing', () => {
  expect(multiplicationsOf(loadNetwork('cnv-w1a1'))).toEqual([])
})

it('QuickNet has its stem in three layers, and layers between its sections', () => {
  const roles = new Map(multiplicationsOf(loadNetwork('quicknet-small')).map(({ node, role }) => [node, role]))
  for (const node of ['stem', 'stem.bn', 'stem.depthwise', 'stem.expand', 'stem.expand.bn'])
    expect(roles.get(node), node).toBe('stem')
  for (const node of ['section2.blur', 'section4.expand']) expect(roles.get(node), node).toBe('layer')
  expect(roles.get('section1.1.bn')).toBe('normalisation')
})

it('gated sums are multiplied by thirds, unless they are left in thirds', () => {
  const one = loadNetwork('fracbnn-resnet20')
  const gated = (thirds: boolean) => {
    const nodes = one.nodes.map((node) =>
      node.op.kind === 'gated-mac' ? { ...node, op: { ...node.op, thirds } } : node,
    )
    return multiplicationsOf({ ...one, nodes }).filter(({ role }) => role === 'scale')
  }
  expect(gated(false).find(({ node }) => node.endsWith('conv1'))).toMatchObject({ counted: 16 * 32 * 32 })
  expect(gated(true)).toEqual([])
})
