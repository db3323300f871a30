// The samples of each machine, on small networks drawn from seeds.

import { describe, expect, it } from 'vitest'
import { loadCore } from '../../src/config/core.ts'
import { arm } from '../../src/machines/arm/index.ts'
import type { Sample } from '../../src/machines/machine.ts'
import { peArray } from '../../src/machines/pe-array/index.ts'
import { Sampling } from '../../src/machines/sampling.ts'
import { streaming } from '../../src/machines/streaming/index.ts'
import { applyPasses } from '../../src/opt/index.ts'
import { workload } from '../../src/work/lower.ts'
import { randomNetwork as anyNetwork } from './arm/random-network.ts'
import { drawn, plain } from './arm/run-on.ts'
import { pass, pictures, randomNetwork, randomSpec } from './pe-array/small-array.ts'
import { type SampledCase, samplingContract, sum } from './sampling-contract.ts'
import { smallMachine } from './streaming/small-machine.ts'

const layerCycles = ({ layers }: Sample): number[] => layers.map(({ cycles }) => cycles)
const allCycles = ({ layers }: Sample): number[] => layers.map(({ busy, stalls }) => busy + sum(Object.values(stalls)))
const together = (sample: Sample): number[] => [sum(allCycles(sample))]

const streams = (['rtl', 'hls'] as const).map((style): SampledCase => {
  const {
    workload: work,
    spec,
    inputs,
  } = smallMachine(`samples 5 ${style}`, {
    style,
    input: 'bits',
    output: 'scores',
    size: 4,
  })
  return {
    name: `streaming, ${style}`,
    machine: streaming.lower(work, spec),
    options: { inputs, images: 40 },
    energy: 'zynq-28nm',
    exact: true,
    accounted: (sample) => [...layerCycles(sample), ...allCycles(sample)],
    inFlight: 0,
  }
})

const lists = [[], [pass('share-results')], [pass('reuse-kernels', { trees: 4 }), pass('prune-inclusion')]]
const arrays = lists.flatMap((chosen, i) =>
  (['on-chip', 'streamed'] as const).map((weights): SampledCase => {
    const network = randomNetwork(`samples ${i}`, { first: i === 1 ? 'int8' : 'bits', thresholds: 'int' })
    const spec = {
      ...randomSpec(`samples ${i}`, chosen),
      weights,
      rows: i === 2 ? 'independent' : 'lock-step',
    } as const
    return {
      name: `pe-array, ${weights}, ${chosen.map(({ name }) => name).join(' and ') || 'no pass'}`,
      machine: peArray.lower(applyPasses(workload(network), chosen), spec),
      options: { inputs: pictures(network, 2), images: 3 },
      energy: 'zynq-28nm',
      exact: true,
      accounted: (sample) => [sum(layerCycles(sample)), ...together(sample)],
      inFlight: 0,
    }
  }),
)

/** An out-of-order core knows early when instructions will retire, and late of those that wait for memory. */
const cores = [
  { core: 'cortex-a53', inFlight: 0 },
  { core: 'cortex-a72', inFlight: 600 },
]
const kernels = cores.map(({ core, inFlight }): SampledCase => {
  const network = anyNetwork('2682')
  return {
    name: `arm, ${core}`,
    machine: arm.lower(workload(network), { core: loadCore(core), ...plain }),
    options: { inputs: drawn(network, 2), images: 2 },
    energy: 'cortex-a53-mobile-28nm',
    exact: false,
    accounted: together,
    inFlight,
  }
})

describe.each([...streams, ...arrays, ...kernels])('samples of $name', samplingContract)

describe('Sampling', () => {
  const sample = (totalCycles: number) => ({ totalCycles }) as Sample
  const taken = (cycles: number, body: (sampling: Sampling) => void): number[] => {
    const seen: number[] = []
    body(new Sampling({ cycles, sample: ({ totalCycles }) => seen.push(totalCycles) }, sample))
    return seen
  }

  it('goes on with the first multiple behind a late sample', () => {
    expect(
      taken(10, (sampling) => {
        sampling.take(10)
        sampling.take(37)
        expect(sampling.next).toBe(40)
        sampling.end(50)
      }),
    ).toEqual([10, 37])
  })

  it('takes none at the end, which has a result', () => {
    expect(
      taken(10, (sampling) => {
        sampling.rest(31)
        sampling.end(30)
      }),
    ).toEqual([10, 20])
  })

  it('is due never where nothing is sampled', () => {
    expect(new Sampling(undefined, sample).next).toBe(Infinity)
  })
})
