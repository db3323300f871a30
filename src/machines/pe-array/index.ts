// The PE array: one array of XNOR-popcount PEs, output channels x output pixels x bits, and one layer after another on it.

import { classOf } from '../../work/evaluate.ts'
import { InputError } from '../../work/input-error.ts'
import { valuesOf } from '../../work/tensor-values.ts'
import type { Workload } from '../../work/workload.ts'
import type { Lowered, MachineKind, MachineRun, RunOptions } from '../machine.ts'
import { availableOn, checkFit } from '../streaming/fit.ts'
import { ArrayLayer, tablesOf } from './layer.ts'
import { bitsOf, programOf } from './program.ts'
import { actionsOf, layerRuns } from './report.ts'
import { designOf, usedBy } from './resources.ts'
import { type BuiltStep, runProgram } from './run.ts'
import { type PeArraySpec, specSchema } from './spec.ts'
import { layerBits, storesOf } from './storage.ts'

export const peArray: MachineKind<PeArraySpec> = {
  kind: 'pe-array',
  summary: 'FPGA array of XNOR-popcount PEs, output channels x pixels x bits, one layer after another',
  schema: specSchema,
  design: ({ array, skip, rows, weights }) => ({
    array: `${array.channels} channels x ${array.pixels} pixels x ${array.bits} bits`,
    skip: `${skip} bits`,
    rows,
    weights: weights === 'on-chip' ? weights : 'behind the memory port',
  }),
  lower,
}

function lower(workload: Workload, spec: PeArraySpec): Lowered {
  const { device } = spec
  const program = programOf(workload, spec)
  const built = program.flatMap((step) => {
    if (step.kind === 'host') return []
    const tables = tablesOf(step.plan, spec)
    return [{ ...step, tables, stores: storesOf(tables, spec) }]
  })
  if (built.length === 0)
    throw new InputError('machine pe-array finds no layer with binary weights and activations here', { key: 'network' })
  const design = designOf(
    built.map(({ tables }) => tables),
    built.map(({ stores }) => stores),
    spec,
  )
  const used = usedBy(design)
  checkFit(
    used,
    device,
    'machine.array',
    'make the array smaller, keep weights behind the memory port, or take a larger device',
  )
  const staticComponents = ['processing-system', ...Array<string>(device.memory.chips.value).fill('ddr3-chip')]
  const run = (options: RunOptions): MachineRun => {
    const fresh = built.map(({ tables, stores, fromHost, toHost }) => ({
      layer: new ArrayLayer(tables, spec),
      stores,
      fromHost,
      toHost,
    }))
    let next = 0
    const steps = program.map((step): BuiltStep => {
      if (step.kind === 'host') return step
      const { layer, stores, fromHost, toHost } = fresh[next++]!
      return { kind: 'array', layer, fromHost, toHost, weightBits: spec.weights === 'on-chip' ? 0 : layerBits(stores) }
    })
    const { network } = workload
    const pictureBits = bitsOf(network.input, pictureBitsOf(network.encoding.kind))
    const result = runProgram(steps, spec, network, pictureBits, options)
    const { rule } = network.decision
    return {
      clockHz: spec.clock,
      images: options.images,
      simulatedImages: options.images,
      totalCycles: result.totalCycles,
      latencyCycles: result.latencyCycles,
      intervalCycles: intervalOf(result.ends),
      cyclesPerImage: result.totalCycles / options.images,
      perImage: { cycles: result.imageCycles, neededMacs: result.imageNeeded },
      layers: layerRuns(fresh, design, result, options.images, spec),
      peak: { binaryMacs: spec.array.channels * spec.array.pixels * spec.array.bits },
      outputs: result.outputs.map(({ image, leaving }) => {
        const scores = valuesOf(leaving)
        return { image, scores, class: classOf(rule, scores) }
      }),
      staticComponents,
      ownPower: { [device.name]: device.staticPower.value },
      resources: { used, available: availableOn(device), device: device.name },
    }
  }
  return { actions: actionsOf(design), staticComponents, run }
}

const pictureBitsOf = (encoding: string): number => (encoding === 'int8' ? 8 : encoding === 'real' ? 32 : 1)

/** Mean over the second half of the images, from the cycles of their results. */
function intervalOf(ends: readonly number[]): number | null {
  if (ends.length < 2) return null
  const middle = Math.floor((ends.length - 1) / 2)
  return (ends.at(-1)! - ends[middle]!) / (ends.length - 1 - middle)
}
