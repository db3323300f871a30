// What fixed-point steps may read, and which parameters they may have.

import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/work/input-error.ts'
import { workload } from '../../src/work/lower.ts'
import type { IntegerWeights, Network, Node, Op } from '../../src/work/network.ts'
import type { Shape } from '../../src/work/tensor.ts'
import { macShape } from './random-network.ts'

describe('checkNetwork, of fixed-point steps', () => {
  const channels = 4
  const plane: Shape = { channels, height: 4, width: 4 }
  const ints = (value: number) => new Int32Array(channels).fill(value)
  const affine = { kind: 'fixed-affine', shift: ints(1), offset: ints(0), bits: 8 } as const
  const act = { kind: 'fixed-rprelu', shiftX: ints(0), shift: ints(1), shiftY: ints(0), bits: 8 } as const
  const padding = { before: 0, after: 0 }
  const dense = macShape(plane, { channels })
  const integers: IntegerWeights = { kind: 'integer', rows: channels, taps: 1, channels, data: new Int32Array(16) }

  /** A network of a step on a picture of integers, reals or bits. */
  function network(op: Op, kind: 'int8' | 'real' | 'bits' = 'int8', output = plane): Network {
    const sign: Node = {
      name: 'sign',
      inputs: ['input'],
      op: { kind: 'threshold', level: ints(0), inclusive: false },
      output: plane,
    }
    const node: Node = { name: 'step', inputs: [kind === 'bits' ? 'sign' : 'input'], op, output }
    const encoding =
      kind === 'real' ? { kind, mean: [0, 0, 0, 0], deviation: [1, 1, 1, 1] } : ({ kind: 'int8' } as const)
    const parts = { name: 'n', source: 'test', weights: 'seeded', picture: plane, encoding, input: plane } as const
    return { ...parts, nodes: [sign, node], decision: { rule: 'argmax', scores: 'step' }, classes: [] }
  }

  const sized = (window: number): Shape => ({ channels, height: 5 - window, width: 5 - window })
  const average = (window: number): Op => ({ kind: 'pool', pool: 'average', bits: 8, window, stride: 1, padding })
  const weighted = (weights: IntegerWeights, bias = {}): Op => ({
    kind: 'mac',
    shape: dense,
    weights,
    sum: 'dot',
    ...bias,
  })

  it('takes what is within the bounds', () => {
    for (const one of [
      network({ ...affine, multiplier: ints(127) }),
      network({ ...act, slope: ints(-127), shiftX: ints(127) }),
      network({ ...act, bits: 16, shiftX: ints(5000) }),
      network(average(4), 'int8', sized(4)),
      network(weighted(integers)),
      network({ kind: 'quantise', fraction: 3, bits: 8 }, 'real'),
    ])
      expect(() => workload(one)).not.toThrow()
  })

  it.each<[string, Network, string]>([
    ['a multiplier of 128', network({ ...affine, multiplier: ints(128) }), 'expected multipliers within -127 to 127'],
    ['a multiplier of -128', network({ ...affine, multiplier: ints(-128) }), 'expected multipliers within -127 to 127'],
    ['a slope of 128', network({ ...act, slope: ints(128) }), 'expected slopes within -127 to 127'],
    [
      'a shift of 8-bit values beyond them',
      network({ ...act, shiftX: ints(128) }),
      'expected shiftX within -127 to 127',
    ],
    ['too few shifts', network({ ...affine, shift: new Int32Array(3) }), 'expected 4 values of shift, got 3'],
    ['too few signs', network({ ...affine, negative: new Uint8Array(3) }), 'expected 4 values of negative, got 3'],
    ['a window of 3', network(average(3), 'int8', sized(3)), 'needs a window of 1, 2, 4 or 8, got 3'],
    [
      'a maximum with bits',
      network({ ...average(2), pool: 'max' } as Op, 'int8', sized(2)),
      'a pool of kind max has no bits',
    ],
    ['reals to scale', network(affine, 'real'), 'expected integers to read, got reals'],
    ['bits to scale', network(affine, 'bits'), 'expected integers to read, got bits'],
    ['reals to bend', network(act, 'real'), 'expected integers to read, got reals'],
    ['reals to add', network({ kind: 'add', bits: 8 }, 'real'), 'expected integers to read, got reals'],
    ['reals to average', network(average(2), 'real', sized(2)), 'expected integers to read, got reals'],
    [
      'bits to sum',
      network({ ...average(2), pool: 'sum', bits: undefined } as unknown as Op, 'bits', sized(2)),
      'got bits',
    ],
    ['integers to quantise', network({ kind: 'quantise', fraction: 3, bits: 8 }), 'expected reals to read, got int8'],
    [
      'integer weights on reals',
      network(weighted(integers), 'real'),
      'integer weights need integers to read, got reals',
    ],
    [
      'integer weights on bits',
      network(weighted(integers), 'bits'),
      'integer weights need integers or reals to read, got bits',
    ],
    [
      'integer weights with a bias',
      network(weighted(integers, { bias: new Float32Array(4) })),
      'integer weights have no bias',
    ],
    [
      'integer weights too few',
      network(weighted({ ...integers, data: new Int32Array(15) })),
      'expected 16 stored weights, got 15',
    ],
  ])('refuses %s', (_what, broken, problem) => {
    expect(() => workload(broken)).toThrow(InputError)
    expect(() => workload(broken)).toThrow(problem)
  })
})
