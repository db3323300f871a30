// Runs networks on the ARM machine and compares every value that it stores with evaluation.

import { type CoreConfig, loadCore } from '../../../src/config/core.ts'
import { arm } from '../../../src/machines/arm/index.ts'
import type { Library } from '../../../src/machines/arm/lower.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { loadPictures } from '../../../src/model/pictures.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { type Checked, Golden, Verifier } from '../../../src/work/verify.ts'
import type { Workload } from '../../../src/work/workload.ts'

const cores = new Map<string, CoreConfig>()

function coreNamed(name: string): CoreConfig {
  const core = cores.get(name) ?? loadCore(name)
  cores.set(name, core)
  return core
}

export const plain: Library = { kernels: 'lce', fusion: 'none', decoding: 'software', block: 16384 }

export function drawn(network: Network, count: number): Tensor[] {
  const { pictures } = loadPictures('drawn', network.picture, { count, seed: 3 })
  return pictures.map(({ pixels }) => encode(network, pixels))
}

/** Throws where a value is not what evaluation gives. */
export const runOn = (
  core: string,
  network: Network,
  inputs: readonly Tensor[] = drawn(network, 1),
  library: Partial<Library> = {},
) => runWork(core, workload(network), inputs, library)

/** As `runOn`, of what passes have made of a network. */
export function runWork(
  core: string,
  work: Workload,
  inputs: readonly Tensor[],
  library: Partial<Library>,
): { run: MachineRun; checked: Checked } {
  const verifier = new Verifier(new Golden(work, inputs))
  const machine = arm.lower(work, { core: coreNamed(core), ...plain, ...library })
  const images = inputs.length
  const run = machine.run({ inputs, images, observe: (image, node, tensor) => verifier.check(image, node, tensor) })
  return { run, checked: verifier.finish(run.outputs) }
}
