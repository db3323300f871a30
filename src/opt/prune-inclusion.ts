// Inclusion pruning (Gao, Liu and Lai, Electronics 2021, 10:1830): sums whose threshold is decided before they are finished.
// Layers of shared slices stay as they are: their sums take shape together.

import { z } from 'zod'
import type { Node } from '../work/network.ts'
import type { Layer, Stop, Workload } from '../work/workload.ts'
import { changeLayers, layersOption } from './layers.ts'
import type { Pass } from './pass.ts'

const options = z.strictObject({
  decision: z.boolean().default(true).describe("stop once the terms left cannot change the threshold's bit"),
  bound: z.boolean().default(true).describe('skip where the sum of the kernel that it follows from decides the bit'),
  pool: z.boolean().default(true).describe('skip where another bit of the same window of a max pool is 1'),
  layers: layersOption,
})

type Options = z.infer<typeof options>

export const pruneInclusion: Pass<Options> = {
  name: 'prune-inclusion',
  summary: 'sums of bits stop where their threshold or max pool is decided; not those of shared slices',
  schema: options,
  lossy: false,
  apply: (workload, options) => {
    const readers = readersOf(workload)
    const change = (layer: Layer): Layer => pruned(layer, options, readers)
    return changeLayers(workload, options.layers, 'binary weights on bits', countsBits, change)
  },
}

const countsBits = ({ activation, weights }: Layer): boolean =>
  activation === 'bit' && weights.weights.kind === 'binary'

function pruned(layer: Layer, options: Options, readers: ReadonlyMap<string, number>): Layer {
  const { name, terms, accumulator, bias } = layer
  const [threshold, pool] = layer.post
  const sums = bias === undefined && !accumulator.saturate
  if (!sums || terms.kind === 'slices' || !isThreshold(threshold) || !readsAlone(threshold, name, readers)) return layer
  const pooled = isMaxPool(pool) && readsAlone(pool, threshold.name, readers)
  const stop: Stop = {
    decision: options.decision,
    bound: options.bound && terms.kind === 'deltas',
    pool: options.pool && pooled,
  }
  return Object.values(stop).includes(true) ? { ...layer, terms: { ...terms, stop } } : layer
}

const isThreshold = (node: Node | undefined): node is Node =>
  node?.op.kind === 'threshold' && node.op.level instanceof Int32Array

/** A max pool over windows that neither overlap nor leave the picture. */
function isMaxPool(node: Node | undefined): node is Node {
  if (node?.op.kind !== 'pool' || node.op.pool !== 'max') return false
  const { stride, window, padding } = node.op
  return stride === window && padding.before === 0 && padding.after === 0
}

/** True where nothing but `node` needs the tensor `name`. */
const readsAlone = (node: Node, name: string, readers: ReadonlyMap<string, number>): boolean =>
  node.inputs[0] === name && readers.get(name) === 1

/** How often each tensor is read, by steps, layers and the decision. */
function readersOf({ network: { decision }, preamble, layers }: Workload): Map<string, number> {
  const steps = [...preamble, ...layers.flatMap(({ post }) => post)]
  const read = [...steps.flatMap(({ inputs }) => inputs), ...layers.map(({ input }) => input), decision.scores]
  const readers = new Map<string, number>()
  for (const name of decision.bits === undefined ? read : [...read, decision.bits])
    readers.set(name, (readers.get(name) ?? 0) + 1)
  return readers
}
