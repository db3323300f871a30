// Machines with element-wise units, whose every value is compared.

import { loadDevice } from '../../../src/config/device.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { streaming } from '../../../src/machines/streaming/index.ts'
import type { Folding, StreamingSpec } from '../../../src/machines/streaming/spec.ts'
import { hlsDepths } from '../../../src/machines/streaming/styles.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { Golden, Verifier } from '../../../src/work/verify.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { floatSteps, multiplierSteps, type PostNetwork, shiftSteps, twiceScaled } from './post-networks.ts'
import { baseSpec } from './specs.ts'

export const styles = ['rtl', 'hls'] as const

export const specOf = (style: 'rtl' | 'hls', folding: Folding[]): StreamingSpec => ({
  ...baseSpec,
  device: loadDevice('xc7z100'),
  style,
  depths: hlsDepths,
  folding,
})

export interface Checked {
  readonly run: MachineRun
  readonly nodes: ReadonlySet<string>
  readonly deviation: number
}

/** Runs and compares every value with evaluation. */
export function verified(
  work: Workload,
  spec: StreamingSpec,
  inputs: readonly Tensor[],
  images = inputs.length,
): Checked {
  const verifier = new Verifier(new Golden(work, inputs))
  const nodes = new Set<string>()
  const observe = (image: number, node: string, tensor: Tensor): void => {
    nodes.add(node)
    verifier.check(image, node, tensor)
  }
  const run = streaming.lower(work, spec).run({ inputs, images, observe })
  return { run, nodes, deviation: verifier.finish(run.outputs).deviation }
}

/** Operations of all layers. */
export const total = ({ layers }: MachineRun, operation: string): number =>
  layers.reduce((sum, { operations }) => sum + (operations[operation] ?? 0), 0)

export const networks: Readonly<Record<string, PostNetwork>> = {
  'float steps, real scores': { steps: floatSteps, sum: 'matches', scores: floatSteps },
  'two scales': { steps: twiceScaled, sum: 'matches', scores: (_, sums) => sums },
  'dot products': { steps: floatSteps, sum: 'dot', scores: twiceScaled },
  'multipliers, scores of 8 bits': { steps: multiplierSteps, sum: 'matches', scores: multiplierSteps },
  'shifts, scores of 16 bits': { steps: shiftSteps, sum: 'matches', scores: shiftSteps },
  'dot products, sums as scores': { steps: multiplierSteps, sum: 'dot', scores: (_, sums) => sums },
}
