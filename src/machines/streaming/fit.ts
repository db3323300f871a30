// What a style and a device's memory port are to a streaming design.

import type { MemoryPortSpec } from '../../mem/memory-port.ts'
import { constants } from '../fpga/resources.ts'
import type { StreamingSpec } from './spec.ts'

/** LUTs and FFs of the style for each of our RTL's. */
export const styleFactor = (spec: StreamingSpec): number => (spec.style === 'hls' ? constants.hlsFactor.value : 1)

/** The port gives each direction half of what the external memory can move. */
export function portOf(spec: StreamingSpec): MemoryPortSpec {
  const { device } = spec
  const width = device.ports.width.value
  const wordInterval = Math.ceil(((width / 8) * spec.clock) / (device.bandwidth / 2))
  return { width, wordInterval, ...spec.memory }
}
