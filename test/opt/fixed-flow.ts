// What tests of clip8 and add-bit-only share.

import { addBitOnly } from '../../src/opt/add-bit-only.ts'
import { clip8 } from '../../src/opt/clip8.ts'
import { applyPasses } from '../../src/opt/index.ts'
import { encode, evaluate, golden } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import type { Network, Node, Op, OpKind } from '../../src/work/network.ts'
import { saturationOf } from '../../src/work/saturation.ts'
import type { Workload } from '../../src/work/workload.ts'
import type { Sample } from '../work/shaped-networks.ts'

const known = { clip8, 'add-bit-only': addBitOnly } as const

/** The network after one of the passes, its other options at their defaults. */
export function made(name: keyof typeof known, network: Network, written: object = {}): Workload {
  return applyPasses(workload(network), [{ name, options: known[name].schema.parse(written) }])
}

/** Scores before and after, and the values that saturated on the way. */
export function scoresOf({ network, pixels }: Sample, changed: Workload) {
  const input = encode(network, pixels)
  const { scores, tensors } = evaluate(changed, input, true)
  const saturated = saturationOf(changed, tensors).reduce((sum, node) => sum + node.saturated, 0)
  return { wanted: golden(network, input).scores, scores, saturated }
}

/** Largest difference, as part of the largest score. */
export function deviation(wanted: readonly number[], scores: readonly number[]): number {
  const largest = Math.max(...wanted.map(Math.abs))
  return Math.max(...wanted.map((score, i) => Math.abs(score - scores[i]!))) / largest
}

export const opsOf = <K extends OpKind>({ network }: Workload, kind: K): Extract<Op, { kind: K }>[] =>
  network.nodes.flatMap(({ op }) => (op.kind === kind ? [op as Extract<Op, { kind: K }>] : []))

export const nodeOf = ({ network }: Workload, name: string): Node => network.nodes.find((node) => node.name === name)!
