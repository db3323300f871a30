// Which sums may stop before they are finished.

import { describe, expect, it } from 'vitest'
import { network } from '../../src/model/load.ts'
import { pruneInclusion } from '../../src/opt/prune-inclusion.ts'
import { reuseKernels } from '../../src/opt/reuse-kernels.ts'
import { shareResults } from '../../src/opt/share-results.ts'
import { workload } from '../../src/work/lower.ts'
import type { Node } from '../../src/work/network.ts'
import type { Stop, Workload } from '../../src/work/workload.ts'
import { RandomNetwork } from '../work/random-network.ts'
import { passContract } from './contract.ts'
import { oneLayer, similarKernels } from './similar-kernels.ts'

passContract(pruneInclusion, [{ pool: false }, { decision: false }])

const stops = (before: Workload, written: object = {}): (Stop | undefined)[] =>
  pruneInclusion.apply(before, pruneInclusion.schema.parse(written)).layers.map(({ terms }) => terms.stop)

const [decision, bound, pool] = [true, true, true]
const all: Stop = { decision, bound, pool }
const layer = oneLayer(similarKernels('layer', 8, 9, 8))
const reused = reuseKernels.apply(layer, reuseKernels.schema.parse({}))

/** The same layer with other steps behind it. */
const followed = (post: readonly Node[]): Workload => ({ ...layer, layers: [{ ...layer.layers[0]!, post }] })
const [threshold, pooled] = layer.layers[0]!.post

/** The pool behind the layer, otherwise. */
const pools = (other: object): Workload =>
  followed([threshold!, { ...pooled!, op: { ...pooled!.op, ...other } as Node['op'] }])

describe('prune-inclusion', () => {
  it('sets what it is told to, a bound only where kernels follow from others', () => {
    expect(stops(layer)).toEqual([{ ...all, bound: false }])
    expect(stops(reused)).toEqual([all])
    expect(stops(reused, { pool: false, decision: false })).toEqual([{ decision: false, bound, pool: false }])
    expect(stops(reused, { bound: false, decision: false })).toEqual([{ decision: false, bound: false, pool }])
    expect(stops(layer, { pool: false, decision: false })).toEqual([undefined])
  })

  it('keeps the terms', () => {
    const { terms } = pruneInclusion.apply(reused, pruneInclusion.schema.parse({})).layers[0]!
    expect(terms).toEqual({ ...reused.layers[0]!.terms, stop: all })
  })

  it('waits for no pool that is an average, overlaps, is padded, or comes later', () => {
    const none = [{ decision, bound: false, pool: false }]
    expect(stops(pools({}))).toEqual([{ decision, bound: false, pool }])
    expect(stops(pools({ pool: 'average' }))).toEqual(none)
    expect(stops(pools({ stride: 1 }))).toEqual(none)
    expect(stops(pools({ padding: { before: 1, after: 1 } }))).toEqual(none)
    expect(stops(followed([threshold!]))).toEqual(none)
  })

  it('leaves alone shared slices, sums that saturate, and sums without a threshold of integers', () => {
    const [only] = layer.layers
    const real = { ...threshold!, op: { kind: 'threshold', level: new Float32Array(8), inclusive: false } as const }
    const others: Workload[] = [
      shareResults.apply(layer, { share: 'inverse' }),
      { ...layer, layers: [{ ...only!, accumulator: { ...only!.accumulator, saturate: true } }] },
      { ...layer, layers: [{ ...only!, bias: new Float32Array(8) }] },
      { ...layer, layers: [{ ...only!, activation: 'int8' }] },
      followed([]),
      followed([pooled!]),
      followed([real, pooled!]),
    ]
    for (const other of others) {
      const after = pruneInclusion.apply(other, pruneInclusion.schema.parse({}))
      expect(after.layers[0]).toBe(other.layers[0])
    }
  })

  it('finishes sums and bits that something else reads as well', () => {
    const net = new RandomNetwork('read twice', { channels: 4, height: 4, width: 4 }, { kind: 'int8' })
    const convolved = (from: string) => net.mac(from, { channels: 4, sum: 'matches' })
    const sums = convolved(net.threshold('input', 0, 9))
    const bits = net.threshold(convolved(net.threshold(sums, 2, 1)), 2, 1)
    const joined = net.concat(net.pool(bits, 'max', 2), net.pool(bits, 'max', 2))
    const alone = net.threshold(convolved(joined), 4, 1)
    const before = workload(net.build(sums))
    const early = { decision, bound: false, pool: false }
    expect(before.layers.at(-1)!.post[0]!.name).toBe(alone)
    expect(stops(before)).toEqual([undefined, early, early])
    // The class is that of the bits before the pool.
    const decisive = { rule: 'argmax', scores: threshold!.name } as const
    expect(stops({ ...layer, network: { ...layer.network, decision: decisive } })).toEqual([early])
  })

  it('stops in the hidden layers of known networks, and before the pools of convolutions', () => {
    const early = { decision, bound: false, pool: false }
    const before = { ...early, pool: true }
    expect(stops(workload(network('cnv-w1a1')))).toEqual([
      undefined,
      before,
      early,
      before,
      early,
      early,
      early,
      early,
      undefined,
    ])
    expect(stops(workload(network('lfc-w1a1')))).toEqual([early, early, early, undefined])
  })
})
