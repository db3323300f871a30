import { describe, expect, it } from 'vitest'
import { applyPasses, passes } from '../../src/opt/index.ts'
import type { Pass } from '../../src/opt/pass.ts'
import { InputError } from '../../src/work/input-error.ts'
import { workload } from '../../src/work/lower.ts'
import type { Network } from '../../src/work/network.ts'
import { contract, optionsContract, passContract } from './contract.ts'
import { samples } from './samples.ts'
import * as toys from './toy-passes.ts'

/** Options that a variant may write, beside the defaults, for passes that have some. */
const written: Readonly<Record<string, readonly object[]>> = {}

for (const [name, pass] of Object.entries(passes)) passContract(pass, written[name])

describe('the contract holds for', () => {
  passContract(toys.inclusiveThresholds)
  passContract(toys.clippedSums, [{ bits: 3 }])
  passContract(toys.inclusiveNetwork)
})

describe('the contract catches', () => {
  const caught: readonly [clause: keyof typeof contract, pass: Pass][] = [
    ['computes what the network does: every value if exact, finite ones if lossy', toys.wrongThresholds],
    ['leaves the workload that it is given as it was, frozen or not', toys.mutatesFacet],
    ['leaves the workload that it is given as it was, frozen or not', toys.mutatesWeights],
    ['edits facets, or the nodes of the network as well, and nothing else', toys.doesNothing],
    ['edits facets, or the nodes of the network as well, and nothing else', toys.otherNetwork],
    ['edits facets, or the nodes of the network as well, and nothing else', toys.forgetsNetwork],
    ['edits facets, or the nodes of the network as well, and nothing else', toys.renamesLayers],
    ['is declared lossy only if some value changes', toys.lossyForNothing],
    ['gives the same workload each time', toys.changesItsMind],
  ]
  it.each(caught.map(([clause, pass]) => ({ clause, pass, name: pass.name })))('$name', ({ clause, pass }) => {
    expect(() => contract[clause](pass, {}, samples)).toThrow(/expected/)
  })

  it('options without defaults, and options that are not checked', () => {
    expect(() => optionsContract['has a default for every option'](toys.needsOptions)).toThrow()
    expect(() => optionsContract['refuses options that it does not have'](toys.takesAnything)).toThrow()
  })
})

describe('applyPasses', () => {
  it('tells which passes change nothing', () => {
    const [chain, , residual] = samples
    const idle = (network: Network, ...names: string[]): string[] => {
      const found: string[] = []
      const chosen = names.map((name) => ({ name, options: passes[name]!.schema.parse({}) }))
      applyPasses(workload(network), chosen, passes, (name) => found.push(name))
      return found
    }
    expect(idle(chain!.network, 'clip8', 'reuse-kernels')).toEqual(['clip8'])
    expect(idle(residual!.network, 'prune-inclusion', 'clip8')).toEqual(['prune-inclusion'])
  })

  const known = { 'inclusive-thresholds': toys.inclusiveThresholds, 'clipped-sums': toys.clippedSums }
  const before = workload(samples[0]!.network)

  it('applies nothing for an empty list', () => {
    expect(applyPasses(before, [])).toBe(before)
  })

  it('applies passes in order, each to what the one before made', () => {
    const bits = (...order: number[]) => {
      const chosen = order.map((bits) => ({ name: 'clipped-sums', options: { bits } }))
      return applyPasses(before, chosen, known).layers.map(({ accumulator }) => accumulator.bits)
    }
    expect(bits(3, 4)).toEqual(before.layers.map(() => 4))
    expect(bits(4, 3)).toEqual(before.layers.map(() => 3))
  })

  it('freezes what passes see and make', () => {
    const after = applyPasses(before, [{ name: 'clipped-sums', options: { bits: 3 } }], known)
    for (const workload of [before, after]) {
      expect(Object.isFrozen(workload.layers)).toBe(true)
      expect(Object.isFrozen(workload.layers[1]!.accumulator)).toBe(true)
      expect(Object.isFrozen(workload.network.nodes[0]!.op)).toBe(true)
    }
    expect(() =>
      applyPasses(before, [{ name: 'mutates-facet', options: {} }], { 'mutates-facet': toys.mutatesFacet }),
    ).toThrow(TypeError)
  })

  it('names the nearest pass to one that it does not know', () => {
    const apply =
      (name: string, ...among: [typeof known] | []) =>
      () =>
        applyPasses(before, [{ name, options: {} }], ...among)
    expect(apply('cliped-sums', known)).toThrow(InputError)
    expect(apply('cliped-sums', known)).toThrow(/^passes: no pass named 'cliped-sums'; did you mean 'clipped-sums'\?$/)
    expect(apply('zzz', known)).toThrow(/; expected inclusive-thresholds, clipped-sums$/)
    expect(apply('toString', {} as typeof known)).toThrow(/no pass named 'toString'; this version has none$/)
  })
})
