// 8 bits between layers: what stays exact, what is rounded, and what is clipped.

import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/model/load.ts'
import { loadPictures } from '../../src/model/pictures.ts'
import { clip8 } from '../../src/opt/clip8.ts'
import { encode, evaluate, golden } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import { saturationOf } from '../../src/work/saturation.ts'
import { elements } from '../../src/work/tensor.ts'
import { RandomNetwork } from '../work/random-network.ts'
import type { Sample } from '../work/shaped-networks.ts'
import { passContract } from './contract.ts'
import { deviation, made, nodeOf, opsOf, scoresOf } from './fixed-flow.ts'
import { samples } from './samples.ts'

passContract(clip8, [{ fraction: 0 }, { fraction: 7, clip: false }])

/** A network that ships, on a drawn picture. */
function drawn(name: string): Sample {
  const network = loadNetwork(name)
  return { network, pixels: loadPictures('drawn', network.picture, { count: 1 }).pictures[0]!.pixels }
}

describe('networks whose layers end in signs', () => {
  it.each([...samples.slice(0, 2), ...['cnv-cifar10', 'tfc-w1a1', 'binarynet-cifar10'].map(drawn)])(
    'keep every value: $network.name',
    ({ network, pixels }) => {
      const changed = made('clip8', network)
      const input = encode(network, pixels)
      const wanted = golden(network, input, true)
      const got = evaluate(changed, input, true)
      for (const [name, tensor] of got.tensors)
        if (wanted.tensors.has(name)) expect(tensor, name).toEqual(wanted.tensors.get(name))
      expect([got.scores, got.class]).toEqual([wanted.scores, wanted.class])
      expect(changed.layers.some(({ accumulator }) => accumulator.saturate)).toBe(false)
      expect([...got.tensors.values()].some(({ kind }) => kind === 'real')).toBe(false)
    },
  )
})

/** Bits, `fanIn` of them, through a dense layer, its batch norm, and another layer. */
function normalised(fanIn: number, channels = 16): Sample {
  const net = new RandomNetwork(`fan-in ${fanIn}`, { channels: fanIn, height: 1, width: 1 }, { kind: 'bit' })
  const sums = net.mac('input', { channels })
  const bent = net.rprelu(net.affine(sums, fanIn))
  return { pixels: net.pixels(), network: net.build(net.mac(bent, { channels: 10, real: true })) }
}

describe('sums', () => {
  const saturates = (fanIn: number, options = {}) =>
    made('clip8', normalised(fanIn).network, options).layers[0]!.accumulator

  it('saturate to 8 bits from 128 terms on, unless they are not to', () => {
    expect(saturates(127)).toEqual({ sum: 'dot', bits: 8, saturate: false })
    expect(saturates(128)).toEqual({ sum: 'dot', bits: 8, saturate: true })
    expect(saturates(128, { clip: false })).toEqual({ sum: 'dot', bits: 9, saturate: false })
  })

  it('are whole where only signs and maxima of them are read', () => {
    const network = (also: (net: RandomNetwork, sums: string) => string) => {
      const net = new RandomNetwork(
        'maxima',
        { channels: 200, height: 2, width: 2 },
        { kind: 'bit' },
        { channels: 800, height: 1, width: 1 },
      )
      const sums = net.mac('input', { channels: 16 })
      return net.build(net.mac(also(net, sums), { channels: 10 }))
    }
    const saturate = (also: (net: RandomNetwork, sums: string) => string) =>
      made('clip8', network(also)).layers[0]!.accumulator.saturate
    expect(saturate((net, sums) => net.threshold(sums, 0, 3))).toBe(false)
    expect(saturate((net, sums) => net.threshold(net.pool(sums, 'max', 1), 0, 3))).toBe(false)
    expect(saturate((net, sums) => net.threshold(net.rprelu(net.pool(sums, 'max', 1)), 0, 3))).toBe(true)
  })

  it('that saturate are counted', () => {
    const { network } = normalised(4000)
    const changed = made('clip8', network)
    const input = encode(
      network,
      Uint8Array.from({ length: 4000 }, (_, i) => 255 * (i % 2)),
    )
    const { tensors } = evaluate(changed, input, true)
    const whole = golden(network, input, true).tensors.get('mac0')!
    if (whole.kind !== 'int') throw new Error('expected sums')
    const beyond = whole.data.filter((sum) => Math.abs(sum) > 127).length
    expect(beyond).toBeGreaterThan(0)
    expect(saturationOf(changed, tensors)[0]).toEqual({ node: 'mac0', values: 16, saturated: beyond })
  })
})

describe('batch norms and activations', () => {
  it('have 8-bit multipliers and slopes, close to the real ones', () => {
    const { network } = normalised(100)
    const changed = made('clip8', network, { fraction: 5 })
    const real = opsOf(workload(network), 'affine')[0]!
    const [{ multiplier, shift, offset, bits }] = opsOf(changed, 'fixed-affine') as [
      ReturnType<typeof opsOf<'fixed-affine'>>[0],
    ]
    expect(bits).toBe(8)
    for (const [c, scale] of real.scale.entries()) {
      const factor = (multiplier![c]! * 2 ** -shift[c]!) / 2 ** 5
      expect(Math.abs(multiplier![c]!)).toBeLessThanOrEqual(127)
      // 7 bits of magnitude, unless the shift has no more room.
      const error = Math.abs(factor - scale)
      expect(error, `${scale}`).toBeLessThanOrEqual(Math.max(Math.abs(scale) / 127, 2 ** -16 / 2 ** 5))
      expect(Math.abs(offset[c]! / 2 ** 5 - real.offset[c]!)).toBeLessThanOrEqual(2 ** -6)
    }
  })

  it('are off by less than a unit and what 8 bits of the factor leave, where nothing saturates', () => {
    const { network, pixels } = normalised(100)
    const fraction = 4
    const changed = made('clip8', network, { fraction })
    const input = encode(network, pixels)
    const [wanted, got] = [golden(network, input, true).tensors, evaluate(changed, input, true).tensors]
    const [sums, real, fixed] = [got.get('mac0')!, wanted.get('affine1')!, got.get('affine1')!]
    if (sums.kind !== 'int' || real.kind !== 'real' || fixed.kind !== 'int') throw new Error('other kinds')
    expect(fixed.data).toHaveLength(elements(fixed.shape))
    const { scale } = opsOf(workload(network), 'affine')[0]!
    for (const [c, value] of fixed.data.entries()) {
      const bound = 1 + (Math.abs(sums.data[c]! * scale[c]!) * 2 ** fraction) / 127
      expect(Math.abs(value - real.data[c]! * 2 ** fraction)).toBeLessThanOrEqual(bound)
    }
  })
})

it('is close to floats with enough bits, and closer with more of them behind the point', () => {
  const { network, pixels } = normalised(100)
  const [coarse, fine] = [2, 5].map((fraction) => {
    const { wanted, scores, saturated } = scoresOf({ network, pixels }, made('clip8', network, { fraction }))
    expect(saturated).toBe(0)
    return deviation(wanted, scores)
  })
  expect(fine!).toBeLessThan(0.05)
  expect(coarse!).toBeGreaterThan(fine!)
})

it('refuses networks of fixed-point numbers, naming a step', () => {
  const changed = made('clip8', normalised(20).network)
  expect(() => clip8.apply(changed, { fraction: 4, clip: true })).toThrow(/^affine1 is of fixed-point numbers already/)
  expect(nodeOf(changed, 'affine1').op.kind).toBe('fixed-affine')
})
