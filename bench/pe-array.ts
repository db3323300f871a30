// Speed of the PE array: images a second of CNV, by the passes applied. Run: npx tsx bench/pe-array.ts

import { resolveExperiment } from '../src/config/experiment.ts'
import { machines } from '../src/machines/index.ts'
import { loadNetwork } from '../src/model/load.ts'
import { loadPictures } from '../src/model/pictures.ts'
import { applyPasses, passes } from '../src/opt/index.ts'
import { encode } from '../src/work/evaluate.ts'
import { workload } from '../src/work/lower.ts'

const IMAGES = 100

const experiment = resolveExperiment('gao2021', {
  machineSchemas: machines,
  passSchemas: passes,
  set: ['machine=pe-array-z7100'],
})
const network = loadNetwork(experiment.network, { seed: experiment.seed })
const { kind, spec } = experiment.variants[0]!.machine
const inputs = loadPictures('drawn', network.picture, { count: 10 }).pictures.map(({ pixels }) =>
  encode(network, pixels),
)

for (const names of [
  [],
  ['share-results'],
  ['reuse-kernels'],
  ['prune-inclusion'],
  ['reuse-kernels', 'prune-inclusion'],
  ['share-results', 'reuse-kernels', 'prune-inclusion'],
]) {
  const chosen = names.map((name) => ({ name, options: passes[name]!.schema.parse({}) }))
  const machine = machines[kind]!.lower(applyPasses(workload(network), chosen), spec)
  machine.run({ inputs, images: 2 }) // warm up
  const before = process.cpuUsage().user
  const { totalCycles } = machine.run({ inputs, images: IMAGES })
  const seconds = (process.cpuUsage().user - before) / 1e6
  const rate = (totalCycles / 1e6 / seconds).toFixed(2)
  console.log(`${names.join(', ') || 'no passes'}: ${IMAGES} images in ${seconds.toFixed(1)} s, ${rate} M cycles/s`)
}
