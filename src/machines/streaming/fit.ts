// What a device gives a streaming design: resources, ceilings, and the memory port.

import type { Device } from '../../config/device.ts'
import type { MemoryPortSpec } from '../../mem/memory-port.ts'
import { InputError } from '../../work/input-error.ts'
import type { Resources } from '../machine.ts'
import { constants } from './resources.ts'
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

export const availableOn = (device: Device): Resources => ({
  lut: device.lut.value,
  lutram: device.lutram.value,
  ff: device.ff.value,
  bram36: device.bram36.value,
  dsp: device.dsp.value,
})

/** Throws InputError naming what overflows and by how much; `key` is what to change. */
export function checkFit(
  used: Resources,
  device: Device,
  key = 'machine.folding',
  remedy = 'fold it more or take a larger device',
): void {
  const available = availableOn(device)
  const over = (Object.keys(used) as (keyof Resources)[]).filter((key) => used[key] > available[key])
  if (over.length === 0) return
  const parts = over.map((key) => `${key} ${used[key]} of ${available[key]} (${used[key] - available[key]} too many)`)
  throw new InputError(`the design does not fit ${device.name}: ${parts.join(', ')}; ${remedy}`, { key })
}
