// What fixed-point flows cannot hold: said, and never cut off in silence.

import { describe, expect, it } from 'vitest'
import { encode, evaluate, evaluateNode, golden } from '../../../src/work/evaluate.ts'
import { InputError } from '../../../src/work/input-error.ts'
import type { Network } from '../../../src/work/network.ts'
import { RandomNetwork, randomReal } from '../../work/random-network.ts'
import { deviation, made, nodeOf, opsOf } from '../fixed-flow.ts'

const flat = (channels: number) => ({ channels, height: 1, width: 1 })

/** A dense layer, its batch norm, and a real classifier with a scale of its own behind it. */
function scaledClassifier(): { net: RandomNetwork; network: Network } {
  const net = new RandomNetwork('scaled classifier', flat(100), { kind: 'bit' })
  const act = net.rprelu(net.affine(net.mac('input', { channels: 16 }), 100))
  return { net, network: net.build(net.affine(net.mac(act, { channels: 10, real: true }), 1)) }
}

describe('a classifier with a scale behind it', () => {
  it('is the classifier, whatever else is real', () => {
    const { network } = scaledClassifier()
    const kinds = (options: object) => opsOf(made('add-bit-only', network, options), 'mac').map((op) => op.weights.kind)
    expect(kinds({ classifier: 'power' })).toEqual(['binary', 'integer'])
    expect(kinds({ stem: 'power' })).toEqual(['binary', 'real'])
  })

  it('keeps all bits of its scores, in the unit of its sums', () => {
    const { net, network } = scaledClassifier()
    const changed = made('add-bit-only', network, { classifier: 'power', scale: 'multiplier', slope: 'multiplier' })
    const { op } = nodeOf(changed, network.decision.scores)
    expect(op).toMatchObject({ kind: 'fixed-affine', bits: 32, shift: new Int32Array(10) })
    const input = encode(network, net.pixels())
    const [wanted, got] = [golden(network, input).scores, evaluate(changed, input).scores]
    const unit =
      wanted.reduce((sum, score, i) => sum + score * got[i]!, 0) / got.reduce((sum, score) => sum + score * score, 0)
    expect(
      deviation(
        wanted,
        got.map((score) => score * unit),
      ),
    ).toBeLessThan(0.25)
  })
})

describe('parameters beyond the bits of their steps', () => {
  function offset(value: number): Network {
    const net = new RandomNetwork('offsets', flat(64), { kind: 'bit' })
    const conv = net.mac('input', { channels: 8 })
    const scale = new Float32Array(8).fill(0.1)
    const bn = net.node({ kind: 'affine', scale, offset: new Float32Array(8).fill(value) }, [conv], net.shape(conv))
    return net.build(net.mac(net.rprelu(bn), { channels: 10, real: true }))
  }

  it.each([
    ['clip8', { fraction: 7 }, 256],
    ['add-bit-only', { fraction: 14 }, 2],
  ] as const)('of %s with %j are refused by name', (pass, options, limit) => {
    expect(() => made(pass, offset(limit), options)).toThrow(InputError)
    expect(() => made(pass, offset(limit), options)).toThrow(/^affine\d.*an offset of .*smaller fraction/)
    expect(() => made(pass, offset(limit - 0.01), options)).not.toThrow()
  })
})

describe('averages over windows of 9', () => {
  function shortcut(): Network {
    const net = new RandomNetwork('averages', { channels: 8, height: 6, width: 6 }, { kind: 'thermometer', levels: 1 })
    const block = net.rprelu(net.affine(net.mac('input', { channels: 16, kernel: 1 }), 8))
    const pooled = net.pool(block, 'average', 3)
    const sum = net.add(net.affine(net.mac(net.threshold(pooled), { channels: 16 }), 16), pooled)
    return net.build(net.mac(sum, { channels: 10, kernel: 2, real: true }))
  }

  it('are added after a multiplication or not at all', () => {
    expect(() => made('add-bit-only', shortcut())).toThrow(/no power of two.*expected scale: multiplier/)
    expect(() => made('add-bit-only', shortcut(), { scale: 'multiplier' })).not.toThrow()
    expect(() => made('clip8', shortcut())).not.toThrow()
  })
})

it('sums stay whole where a sign needs more than 8 bits of them, though a scale reads them, too', () => {
  const network = (level: number): Network => {
    const net = new RandomNetwork('both', flat(512), { kind: 'bit' })
    const conv = net.mac('input', { channels: 16 })
    const bits = net.node(
      { kind: 'threshold', level: new Int32Array(16).fill(level), inclusive: false },
      [conv],
      net.shape(conv),
    )
    const other = net.affine(net.mac(bits, { channels: 16 }), 16)
    return net.build(net.mac(net.add(other, net.affine(conv, 512)), { channels: 10, real: true }))
  }
  const saturates = (level: number) => made('clip8', network(level)).layers[0]!.accumulator.saturate
  expect([126, 127, -127, 200].map(saturates)).toEqual([true, false, false, false])
})

it('integer layers take values of 32 bits', () => {
  const net = new RandomNetwork('wide', flat(4), { kind: 'bit' })
  const weights = {
    ...randomReal(net.random, 3, 1, 4),
    kind: 'integer',
    data: Int32Array.from({ length: 12 }, (_, i) => i - 6),
  } as const
  const shape = {
    input: flat(4),
    output: flat(3),
    kernel: 1,
    stride: 1,
    padding: { before: 0, after: 0 },
    padValue: 0,
    depthwise: false,
  } as const
  const data = Int32Array.of(2 ** 24 + 1, -(2 ** 25) - 3, 2 ** 26 + 5, 7)
  const wanted = [0, 1, 2].map((row) => data.reduce((sum, x, i) => sum + x * weights.data[4 * row + i]!, 0))
  const node = { name: 'mac', inputs: ['x'], op: { kind: 'mac', shape, weights, sum: 'dot' }, output: flat(3) } as const
  const out = evaluateNode(node, [{ kind: 'int', shape: flat(4), data }])
  expect(out.kind === 'int' && [...out.data]).toEqual(wanted)
})
