import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { clusterKernels } from '../../src/opt/cluster-kernels.ts'
import { compressKernels } from '../../src/opt/compress-kernels.ts'
import { passes } from '../../src/opt/index.ts'
import { popcount32 } from '../../src/work/bits.ts'
import { workload } from '../../src/work/lower.ts'
import type { BinaryWeights, Network } from '../../src/work/network.ts'
import { kernelsOf, SEQUENCES, sequencesOf } from '../../src/work/sequences.ts'
import type { Workload } from '../../src/work/workload.ts'
import { problem, withFiles } from '../config/files.ts'
import { RandomNetwork } from '../work/random-network.ts'
import { passContract } from './contract.ts'
import { samples } from './samples.ts'

passContract(clusterKernels, [
  { keep: 16, distance: 9 },
  { keep: 100, distance: 2, ties: 'low', scope: 'network' },
])

const choices = [1, 2, 3, 9].flatMap((distance) =>
  [1, 5, 64].flatMap((keep) =>
    (['frequent', 'low'] as const).flatMap((ties) =>
      (['layer', 'network'] as const).map((scope) => ({ keep, distance, ties, scope })),
    ),
  ),
)
const workloads = samples.map(({ network }) => workload(network))

/** Sequences of each layer that has some. */
const sequences = ({ layers }: Workload): Uint16Array[] =>
  layers
    .map(kernelsOf)
    .filter((weights): weights is BinaryWeights => weights !== undefined)
    .map(sequencesOf)

/** Sequences that decide together, before and after. */
function scopes(before: Workload, after: Workload, scope: 'layer' | 'network') {
  const old = sequences(before)
  const changed = sequences(after)
  const join = (all: Uint16Array[]): Uint16Array => Uint16Array.from(all.flatMap((one) => [...one]))
  if (scope === 'network') return [{ old: join(old), changed: join(changed) }]
  return old.map((one, i) => ({ old: one, changed: changed[i]! }))
}

/** The `keep` most frequent, by counting without a histogram. */
function frequent(all: Uint16Array, keep: number): number[] {
  const counts = new Map<number, number>()
  for (const one of [...all].sort((a, b) => a - b)) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, keep)
    .map(([one]) => one) // stable: of equals the lowest
}

describe.each(choices)('keep $keep within $distance, ties $ties, scope $scope', (options) => {
  const { keep, distance, ties, scope } = options

  it('puts the nearest frequent sequence in place of each rare one', () => {
    for (const before of workloads)
      for (const { old, changed } of scopes(before, clusterKernels.apply(before, options), scope)) {
        const kept = frequent(old, keep)
        const order = ties === 'low' ? kept.toSorted((a, b) => a - b) : kept
        const wanted = old.map((was) => {
          const apart = order.map((one) => popcount32(was ^ one))
          const least = Math.min(...apart)
          return least <= distance ? order[apart.indexOf(least)]! : was
        })
        expect(changed).toEqual(wanted)
      }
  })

  it('leaves at most as many values as are kept, where any is near enough', () => {
    for (const before of workloads)
      for (const { changed } of scopes(before, clusterKernels.apply(before, options), scope))
        if (distance === 9) expect(new Set(changed).size).toBeLessThanOrEqual(keep)
  })

  it('changes nothing more the second time', () => {
    for (const before of workloads) {
      const once = clusterKernels.apply(before, options)
      expect(clusterKernels.apply(once, options)).toEqual(once)
    }
  })
})

/** One layer of one output channel whose kernels are these sequences. */
function kernels(...values: readonly number[]): Workload {
  const net = new RandomNetwork('kernels', { channels: values.length, height: 3, width: 3 }, { kind: 'int8' })
  const mac = net.mac(net.threshold('input', 0, 9), { channels: 1, kernel: 3 })
  const network = net.build(mac)
  const words = Uint32Array.from({ length: 9 }, (_, tap) =>
    values.reduce((word, value, c) => word | (((value >> tap) & 1) << c), 0),
  )
  const nodes = network.nodes.map((node) =>
    node.op.kind === 'mac' && node.op.weights.kind === 'binary'
      ? { ...node, op: { ...node.op, weights: { ...node.op.weights, words } } }
      : node,
  )
  return workload({ ...network, nodes } satisfies Network)
}

describe('cluster-kernels', () => {
  const clustered = (before: Workload, written: object): number[][] =>
    sequences(clusterKernels.apply(before, clusterKernels.schema.parse(written))).map((one) => [...one])

  it('decides between equally near sequences by frequency or value', () => {
    // 0b010 is as near to the frequent 0b110 as to 0b011; 0b111000000 is near to neither.
    const before = kernels(6, 6, 6, 3, 3, 0b111_000_000, 2)
    expect(clustered(before, { keep: 2, distance: 1 })).toEqual([[6, 6, 6, 3, 3, 0b111_000_000, 6]])
    expect(clustered(before, { keep: 2, distance: 1, ties: 'low' })).toEqual([[6, 6, 6, 3, 3, 0b111_000_000, 3]])
  })

  it('keeps the lowest of equally frequent sequences', () => {
    expect(clustered(kernels(7, 5, 3, 3), { keep: 2, distance: 1 })).toEqual([[3, 5, 3, 3]])
  })

  it.each(['layer', 'network'] as const)('changes nothing where every sequence is kept, scope %s', (scope) => {
    for (const before of workloads)
      expect(clusterKernels.apply(before, { keep: SEQUENCES, distance: 9, ties: 'low', scope })).toEqual(before)
  })

  it('leaves layers without 3x3 binary kernels alone', () => {
    const options = clusterKernels.schema.parse({ keep: 1, distance: 9 })
    for (const before of workloads) {
      const after = clusterKernels.apply(before, options)
      const [some, others] = [before.layers, after.layers].map((layers) => layers.filter((one) => !kernelsOf(one)))
      expect(some!.length).toBeGreaterThan(0)
      for (const [i, layer] of some!.entries()) expect(others![i]).toBe(layer)
    }
  })

  it('counts layers of a network together where told to', () => {
    const before = workloads[0]!
    const after = sequences(clusterKernels.apply(before, { keep: 8, distance: 9, ties: 'frequent', scope: 'network' }))
    expect(new Set(after.flatMap((one) => [...one])).size).toBe(8)
    const alone = sequences(clusterKernels.apply(before, { keep: 8, distance: 9, ties: 'frequent', scope: 'layer' }))
    expect(new Set(alone.flatMap((one) => [...one])).size).toBeGreaterThan(8)
    expect(alone.map((one) => new Set(one).size)).toEqual(alone.map(() => 8))
  })

  it.each([{ keep: 0 }, { keep: 513 }, { keep: 1.5 }, { distance: 0 }, { distance: 10 }, { ties: 'x' }, { scope: 1 }])(
    'refuses %j',
    (written) => expect(clusterKernels.schema.safeParse(written).success).toBe(false),
  )

  it('takes no coded weights', () => {
    const coded = compressKernels.apply(workloads[0]!, compressKernels.schema.parse({}))
    const apply = () => clusterKernels.apply(coded, clusterKernels.schema.parse({}))
    expect(apply).toThrow(/^\w+: cluster-kernels takes weights that are not coded yet; name it before/)
  })

  it('says where an experiment has its options wrong', () => {
    const head = 'network: cnv-cifar10\nimages: { count: 1 }\nmachine: cnv-z7020\nenergy: zynq-28nm\nvariants:'
    const message = (written: string): string => {
      const pass = `    passes: [{ name: cluster-kernels, ${written} }]`
      const text = [head, '  - { name: baseline, passes: [] }', '  - name: clustered', pass].join('\n')
      const folder = withFiles({ 'e.yaml': text })
      const options = { machineSchemas: machines, passSchemas: passes }
      return problem(() => resolveExperiment(join(folder, 'e.yaml'), options), folder)
    }
    const place = 'e.yaml:8: variants[1].passes[0]'
    expect(message('keep: 128')).toBe('no error')
    expect(message('keep: 513')).toBe(`${place}.keep: expected a number of at most 512, got 513`)
    expect(message('distance: 0')).toBe(`${place}.distance: expected a number of at least 1, got 0`)
    expect(message('ties: lowest')).toBe(
      `${place}.ties: expected one of frequent, low, got "lowest"; did you mean 'low'?`,
    )
    expect(message('kep: 3')).toBe(`${place}.kep: unknown key 'kep'; did you mean 'keep'?`)
  })
})
