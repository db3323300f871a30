// Whether a design fits an FPGA.

import type { Device } from '../../config/device.ts'
import { InputError } from '../../work/input-error.ts'
import type { Resources } from '../machine.ts'

export const availableOn = (device: Device): Resources => ({
  lut: device.lut.value,
  lutram: device.lutram.value,
  ff: device.ff.value,
  bram36: device.bram36.value,
  dsp: device.dsp.value,
})

/** Throws InputError naming what overflows and by how much; `key` is what to change, and `remedy` how. */
export function checkFit(used: Resources, device: Device, key: string, remedy: string): void {
  const available = availableOn(device)
  const over = (Object.keys(used) as (keyof Resources)[]).filter((key) => used[key] > available[key])
  if (over.length === 0) return
  const parts = over.map((key) => `${key} ${used[key]} of ${available[key]} (${used[key] - available[key]} too many)`)
  throw new InputError(`the design does not fit ${device.name}: ${parts.join(', ')}; ${remedy}`, { key })
}
