// Whole networks against FPGA boards: from start to done, as measured by the host and published in the notebook
// outputs of Xilinx/BNN-PYNQ for the XC7Z020 at 100 MHz (so 100 cycles a microsecond).

import { describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { streaming } from '../../src/machines/streaming/index.ts'
import type { StreamingSpec } from '../../src/machines/streaming/spec.ts'
import { network } from '../../src/model/load.ts'
import { encode } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import { RandomNetwork } from '../work/random-network.ts'

const boards = [
  { experiment: 'cnv-z7020', topology: 'cnv-w1a1', images: 1, microseconds: 1_581 },
  { experiment: 'cnv-z7020', topology: 'cnv-w1a1', images: 10_000, microseconds: 3_278_691 },
  { experiment: 'lfc-z7020', topology: 'lfc-w1a1', images: 10_000, microseconds: 84_116 },
] as const

const TOLERANCE = 0.005

describe('against the board', () => {
  // Timing does not depend on values: seeded weights and pictures will do.
  it.each(boards)(
    '$topology, $images images: $microseconds us',
    ({ experiment, topology, images, microseconds }) => {
      const { machine } = resolveExperiment(experiment, { machineSchemas: { streaming } }).variants[0]!
      const spec = machine.spec as StreamingSpec
      const net = network(topology)
      const pixels = new RandomNetwork('pictures', net.picture, net.encoding).pixels()
      const run = streaming.lower(workload(net), spec).run({ inputs: [encode(net, pixels)], images })
      expect(run.clockHz).toBe(100e6)
      const difference = run.totalCycles / (microseconds * 100) - 1
      console.info(
        `${topology}, ${images} images: ${run.totalCycles} cycles, board ${microseconds * 100}, ${(100 * difference).toFixed(4)} %`,
      )
      expect(Math.abs(difference)).toBeLessThan(TOLERANCE)
    },
    120_000,
  )
})
