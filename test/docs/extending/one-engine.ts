// One XNOR-popcount engine, one layer after another, and memory that never keeps it waiting: a bound for
// what any machine with as many lanes can do.

import { z } from 'zod'
import type { LayerRun, MachineKind, RunOptions } from '../../../src/machines/machine.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { layerCounts } from '../../../src/work/lower.ts'
import { count, frequency } from '../../../src/work/quantity.ts'
import type { Layer, Workload } from '../../../src/work/workload.ts'

const schema = z.strictObject({
  clock: frequency(),
  lanes: count(1).describe('products of two bits in a cycle'),
  luts: count(1).describe('LUTs of the engine, all active while it works'),
})

type Spec = z.infer<typeof schema>

export const oneEngine: MachineKind<Spec> = {
  kind: 'one-engine',
  summary: 'one engine of so many lanes, never waiting: a bound for other machines',
  schema,
  lower: (workload, spec) => {
    const steps = workload.layers.map((layer) => ({ layer, cycles: Math.ceil(productsOf(layer) / spec.lanes) }))
    return {
      actions: [{ component: 'lut', action: 'active' }],
      staticComponents: ['processing-system'],
      run: (options) => run(workload, steps, spec, options),
    }
  },
}

interface Step {
  readonly layer: Layer
  /** For one image. */
  readonly cycles: number
}

/** Products of two bits for one image; an 8-bit value with a bit is eight of them. */
function productsOf(layer: Layer): number {
  const { binaryMacs, integerMacs, realMacs } = layerCounts(layer)
  const refused = (problem: string) => new InputError(problem, { key: layer.name })
  if (realMacs > 0) throw refused('one-engine multiplies no reals; take an arm machine')
  if (layer.terms.kind !== 'dense' || layer.weights.encoding !== 'plain')
    throw refused('one-engine computes all terms of plain weights; take a pe-array, or leave the pass out')
  return binaryMacs + 8 * integerMacs
}

function run(workload: Workload, steps: readonly Step[], spec: Spec, { inputs, images, observe }: RunOptions) {
  const outputs = Array.from({ length: images }, (_, image) => {
    const { tensors, scores, class: best } = evaluate(workload, inputs[image % inputs.length]!, true)
    for (const { layer } of steps) observe?.(image, layer.name, tensors.get(layer.name)!)
    return { image, scores, class: best }
  })
  const cyclesPerImage = steps.reduce((sum, { cycles }) => sum + cycles, 0)
  const totalCycles = cyclesPerImage * images
  const layers = steps.map(({ layer, cycles }): LayerRun => {
    const { binaryMacs, integerMacs } = layerCounts(layer)
    const busy = cycles * images
    return {
      name: layer.name,
      cycles: totalCycles,
      busy,
      stalls: { idle: totalCycles - busy },
      operations: { binaryMacs: binaryMacs * images, integerMacs: integerMacs * images },
      memory: {},
      counts: [{ layer: layer.name, component: 'lut', action: 'active', count: spec.luts * busy }],
    }
  })
  return {
    clockHz: spec.clock,
    images,
    simulatedImages: images,
    totalCycles,
    latencyCycles: cyclesPerImage,
    intervalCycles: images === 1 ? null : cyclesPerImage,
    cyclesPerImage,
    layers,
    peak: { binaryMacs: spec.lanes },
    outputs,
    staticComponents: ['processing-system'],
    ownPower: {},
  }
}
