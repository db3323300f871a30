// Specifications of small streaming machines for tests.

import { loadDevice } from '../../../src/config/device.ts'
import { planLayers } from '../../../src/machines/streaming/plan.ts'
import type { StreamingSpec } from '../../../src/machines/streaming/spec.ts'
import { hlsDepths } from '../../../src/machines/streaming/styles.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { PORT_WIDTH } from './small-machine.ts'

export const baseSpec: Omit<StreamingSpec, 'folding'> = {
  device: loadDevice('xc7z020'),
  clock: 100e6,
  style: 'hls',
  depths: hlsDepths,
  memory: { readLatency: 60, writeLatency: 60 },
  fifo: 2,
  inputFifo: 2,
}

/** One PE and one synapse for each of `layers` layers. */
export const unfolded = (layers: number): StreamingSpec => ({
  ...baseSpec,
  folding: Array.from({ length: layers }, () => ({ pe: 1, simd: 1 })),
})

export const plansOf = (network: Network) => planLayers(workload(network), PORT_WIDTH)

/** Layer of 16 bits a pixel on 8 x 8: 3x3 to 12 channels, 2x2 pool, 3x3 to 24, dense to 10 scores. */
export function sampleNetwork(): Network {
  const picture = { channels: 16, height: 8, width: 8 }
  const net = new RandomNetwork('sample', picture, { kind: 'thermometer', levels: 1 })
  let at = net.threshold(net.mac('input', { channels: 12, kernel: 3, sum: 'matches' }), 72, 5)
  at = net.pool(at, 'max', 2)
  at = net.threshold(net.mac(at, { channels: 24, kernel: 3, sum: 'matches' }), 54, 4)
  return net.build(net.mac(at, { channels: 10, sum: 'matches' }))
}
