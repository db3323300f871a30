// Passes that only tests know: two that keep the contract, and some that break it.

import { z } from 'zod'
import type { Pass } from '../../src/opt/pass.ts'
import { workload } from '../../src/work/lower.ts'
import type { Node } from '../../src/work/network.ts'
import type { Layer } from '../../src/work/workload.ts'

const nothing = z.strictObject({})

/** `bit = x > level` of integers as `bit = x >= level + raise`. */
const inclusive =
  (raise: number) =>
  (node: Node): Node => {
    const { op } = node
    if (op.kind !== 'threshold' || op.inclusive || !(op.level instanceof Int32Array)) return node
    return { ...node, op: { ...op, inclusive: true, level: op.level.map((level) => level + raise) } }
  }

const inclusivePass = (name: string, raise: number): Pass => ({
  name,
  summary: 'thresholds of integers compare with >= in place of >',
  schema: nothing,
  lossy: false,
  apply: (workload) => ({
    ...workload,
    layers: workload.layers.map((layer) => ({ ...layer, post: layer.post.map(inclusive(raise)) })),
  }),
})

export const inclusiveThresholds = inclusivePass('inclusive-thresholds', 1)

/** Forgets that > and >= differ, and is wrong where a sum equals its level. */
export const wrongThresholds = inclusivePass('wrong-thresholds', 0)

/** The same, in the network too. */
export const inclusiveNetwork: Pass = {
  ...inclusiveThresholds,
  name: 'inclusive-network',
  apply: ({ network }) => workload({ ...network, nodes: network.nodes.map(inclusive(1)) }),
}

const clipOptions = z.strictObject({ bits: z.int().min(2).max(24).default(5) })

export const clippedSums: Pass<z.infer<typeof clipOptions>> = {
  name: 'clipped-sums',
  summary: 'sums of binary layers saturate',
  schema: clipOptions,
  lossy: true,
  apply: (workload, { bits }) => ({
    ...workload,
    layers: workload.layers.map((layer) =>
      layer.weights.weights.kind === 'binary'
        ? { ...layer, accumulator: { ...layer.accumulator, bits, saturate: true } }
        : layer,
    ),
  }),
}

const editing = (name: string, edit: (layer: Layer) => void): Pass => ({
  name,
  summary: 'edits the workload that it is given',
  schema: nothing,
  lossy: true,
  apply: (workload) => {
    edit(workload.layers[1]!)
    return inclusiveThresholds.apply(workload, {})
  },
})

export const mutatesFacet = editing('mutates-facet', (layer) => {
  Object.assign(layer.accumulator, { bits: 2, saturate: true })
})

export const mutatesWeights = editing('mutates-weights', ({ weights: { weights } }) => {
  if (weights.kind === 'binary') weights.words[0]! ^= 1
})

export const doesNothing: Pass = { ...inclusiveThresholds, name: 'does-nothing', apply: (workload) => workload }

export const lossyForNothing: Pass = { ...inclusiveThresholds, name: 'lossy-for-nothing', lossy: true }

export const otherNetwork: Pass = {
  ...inclusiveThresholds,
  name: 'other-network',
  apply: (workload) => ({ ...workload, network: { ...workload.network, name: 'another' } }),
}

/** Writes a network that is not that of its layers. */
export const forgetsNetwork: Pass = {
  ...inclusiveThresholds,
  name: 'forgets-network',
  apply: (before) => ({ ...inclusiveThresholds.apply(before, {}), network: { ...before.network } }),
}

export const renamesLayers: Pass = {
  ...inclusiveThresholds,
  name: 'renames-layers',
  apply: ({ network }) => {
    const renamed = (name: string): string => name.replace(/^mac/, 'layer')
    const { nodes, decision } = network
    return workload({
      ...network,
      decision: { ...decision, scores: renamed(decision.scores) },
      nodes: nodes.map((node) => ({ ...node, name: renamed(node.name), inputs: node.inputs.map(renamed) })),
    })
  },
}

let calls = 0
export const changesItsMind: Pass = {
  ...clippedSums,
  name: 'changes-its-mind',
  apply: (workload) => clippedSums.apply(workload, { bits: 3 + (calls++ % 2) }),
}

export const takesAnything: Pass = { ...inclusiveThresholds, name: 'takes-anything', schema: z.looseObject({}) }

export const needsOptions: Pass<{ bits: number }> = { ...clippedSums, schema: z.strictObject({ bits: z.int() }) }
