// What every pass must keep to, as data: each clause throws where a pass does not.
// `passContract` makes tests of them.

import { describe, expect, it } from 'vitest'
import { applyPasses } from '../../src/opt/index.ts'
import type { Pass } from '../../src/opt/pass.ts'
import { encode, evaluate, golden } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import type { Workload } from '../../src/work/workload.ts'
import type { Sample } from '../work/shaped-networks.ts'
import { samples } from './samples.ts'

type Clause = (pass: Pass, options: unknown, samples: readonly Sample[]) => void

const apply = (pass: Pass, before: Workload, options: unknown): Workload =>
  applyPasses(before, [{ name: pass.name, options }], { [pass.name]: pass })

const applied = (pass: Pass, { network }: Sample, options: unknown): Workload => apply(pass, workload(network), options)

/** Names of the nodes whose tensors differ from the golden ones, with `scores` and `class`. */
function differences({ network, pixels }: Sample, after: Workload): string[] {
  const input = encode(network, pixels)
  const wanted = golden(network, input, true)
  const got = evaluate(after, input, true)
  const nodes = [...wanted.tensors].filter(([name]) => got.tensors.has(name))
  const rows: (readonly [string, unknown, unknown])[] = [
    ...nodes.map(([name, tensor]) => [name, got.tensors.get(name), tensor] as const),
    ['scores', got.scores, wanted.scores],
    ['class', got.class, wanted.class],
  ]
  return rows.filter(([, a, b]) => !same(a, b)).map(([name]) => name)
}

const same = (a: unknown, b: unknown): boolean => {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}

/** What the network that a pass wrote must share with the one that it was given, and with the layers that it wrote. */
function mustBelong(after: Workload, before: Workload): void {
  const { nodes, ...rest } = after.network
  expect({ ...rest, nodes: before.network.nodes }).toEqual(before.network)
  const again = workload(after.network)
  expect(after.preamble).toEqual(again.preamble)
  const graph = ({ layers }: Workload) =>
    layers.map(({ name, input, activation, shape, post }) => ({ name, input, activation, shape, post }))
  expect(graph(after)).toEqual(graph(again))
}

/** Where a bias is a step of its own, its layer is the sum before it. */
const layerNames = ({ layers }: Workload): string[] => layers.map(({ name }) => name.replace(/\.sum$/, ''))

export const contract = {
  'edits facets, or the nodes of the network as well, and nothing else': (pass, options, on) => {
    const edited = on.map((sample) => {
      const before = workload(sample.network)
      const after = apply(pass, before, options)
      if (after.network !== before.network) mustBelong(after, before)
      expect(layerNames(after)).toEqual(layerNames(before))
      return !same(after.layers, before.layers)
    })
    expect(edited).toContain(true)
  },

  'computes what the network does: every value if exact, finite ones if lossy': (pass, options, on) => {
    for (const sample of on) {
      const after = applied(pass, sample, options)
      if (!pass.lossy) expect(differences(sample, after)).toEqual([])
      const { scores } = evaluate(after, encode(sample.network, sample.pixels))
      expect(scores.every(Number.isFinite)).toBe(true)
    }
  },

  'is declared lossy only if some value changes': (pass, options, on) => {
    if (!pass.lossy) return
    expect(on.flatMap((sample) => differences(sample, applied(pass, sample, options)))).not.toEqual([])
  },

  'leaves the workload that it is given as it was, frozen or not': (pass, options, on) => {
    for (const { network } of on) {
      const before = workload(structuredClone(network))
      const kept = structuredClone(before)
      pass.apply(before, options)
      expect(before).toEqual(kept)
      apply(pass, before, options)
      expect(before).toEqual(kept)
    }
  },

  'gives the same workload each time': (pass, options, on) => {
    for (const sample of on) expect(applied(pass, sample, options)).toEqual(applied(pass, sample, options))
  },
} satisfies Record<string, Clause>

/** Clauses on the options themselves. */
export const optionsContract = {
  'has a default for every option': (pass) => expect(pass.schema.safeParse({}).success).toBe(true),
  'refuses options that it does not have': (pass) =>
    expect(pass.schema.safeParse({ 'no-such-option': 1 }).success).toBe(false),
  'says in one line what it does': (pass) => expect(pass.summary).toMatch(/^\S.*\S$/),
} satisfies Record<string, (pass: Pass) => void>

/** Tests of `pass` with its defaults and with each of `written`, options as a variant writes them. */
export function passContract(pass: Pass, written: readonly object[] = []): void {
  describe(`pass ${pass.name}`, () => {
    it.each(Object.entries(optionsContract))('%s', (_, clause) => clause(pass))
    describe.each([{}, ...written])('with %j', (entries) => {
      it.each(Object.entries(contract))('%s', (_, clause) => clause(pass, pass.schema.parse(entries), samples))
    })
  })
}
