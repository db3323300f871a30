// Runs networks on the ARM machine and compares every value that it stores with evaluation.

import { type CoreConfig, loadCore } from '../../../src/config/core.ts'
import { arm } from '../../../src/machines/arm/index.ts'
import type { ArmSpec } from '../../../src/machines/arm/spec.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { loadPictures } from '../../../src/model/pictures.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { type Checked, Verifier } from '../../../src/work/verify.ts'

export type Library = Pick<ArmSpec, 'kernels' | 'fusion'>

const cores = new Map<string, CoreConfig>()

function coreNamed(name: string): CoreConfig {
  const core = cores.get(name) ?? loadCore(name)
  cores.set(name, core)
  return core
}

const plain: Library = { kernels: 'lce', fusion: 'none' }

export function drawn(network: Network, count: number): Tensor[] {
  const { pictures } = loadPictures('drawn', network.picture, { count, seed: 3 })
  return pictures.map(({ pixels }) => encode(network, pixels))
}

/** Throws where a value is not what evaluation gives. */
export function runOn(
  core: string,
  network: Network,
  inputs: readonly Tensor[] = drawn(network, 1),
  library: Partial<Library> = {},
): { run: MachineRun; checked: Checked } {
  const work = workload(network)
  const verifier = new Verifier(work, inputs)
  const machine = arm.lower(work, { core: coreNamed(core), ...plain, ...library })
  const images = inputs.length
  const run = machine.run({ inputs, images, observe: (image, node, tensor) => verifier.check(image, node, tensor) })
  return { run, checked: verifier.finish(run.outputs) }
}
