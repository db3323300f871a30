// Speed of the streaming machine: simulated cycles and images a second, and what replaying
// the steady state saves. Run: npx tsx bench/machines.ts

import { resolveExperiment } from '../src/config/experiment.ts'
import { machines } from '../src/machines/index.ts'
import { loadNetwork } from '../src/model/load.ts'
import { loadPictures } from '../src/model/pictures.ts'
import { encode } from '../src/work/evaluate.ts'
import { workload } from '../src/work/lower.ts'

function bench(name: string, plainImages: number): void {
  const experiment = resolveExperiment(name, { machineSchemas: machines })
  const network = loadNetwork(experiment.network, { seed: experiment.seed })
  const { kind, spec } = experiment.variants[0]!.machine
  const machine = machines[kind]!.lower(workload(network), spec)
  const inputs = loadPictures('drawn', network.picture, { count: 4 }).pictures.map(({ pixels }) =>
    encode(network, pixels),
  )
  const timed = (images: number, fastForward: boolean) => {
    const before = process.cpuUsage().user
    const run = machine.run({ inputs, images, fastForward })
    return { run, seconds: (process.cpuUsage().user - before) / 1e6 }
  }
  timed(4, false) // warm up
  const plain = timed(plainImages, false)
  const fast = timed(10_000, true)
  const rate = (value: number, seconds: number, unit: string) =>
    `${(value / seconds).toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`
  console.log(
    `${name}: plain ${rate(plain.run.totalCycles / 1e6, plain.seconds, 'M cycles/s')}, ${rate(plainImages, plain.seconds, 'images/s')}`,
  )
  const expected = (plain.seconds / plainImages) * 10_000
  console.log(
    `${name}: 10,000 images in ${fast.seconds.toFixed(1)} s with ${fast.run.simulatedImages} simulated; ` +
      `plain would take ${expected.toFixed(0)} s (ratio ${(expected / fast.seconds).toFixed(0)})`,
  )
}

bench('cnv-z7020', 64)
bench('lfc-z7020', 2000)
