// FPGA devices: what a design on them may use, each number with its source.

import { z } from 'zod'
import { count, power, ratio, transferRate } from '../work/quantity.ts'
import { checkSources, cited, sources } from './cited.ts'
import { header, loadConfig } from './load.ts'

export const deviceSchema = z
  .strictObject({
    ...header,
    sources,
    lut: cited(count(1)),
    /** Of the LUTs, those that can serve as memory. */
    lutram: cited(count()),
    ff: cited(count(1)),
    /** Block RAMs of 36 Kib; each splits into two of 18 Kib. */
    bram36: cited(count()),
    dsp: cited(count()),
    /** External memory behind the processing system: bus bits, transfers a second, and DRAM chips. */
    memory: z.strictObject({ width: cited(count(1)), rate: cited(transferRate()), chips: cited(count(1)) }),
    /** Ports from the fabric to that memory: how many, and bits of each, a direction and fabric clock. */
    ports: z.strictObject({ number: cited(count(1)), width: cited(count(1)) }),
    /** Leakage of the device, whatever runs on it. */
    staticPower: cited(power()),
    /** Share of each resource that a design can use and still be routed. */
    ceilings: z.strictObject({
      lut: cited(ratio()),
      ff: cited(ratio()),
      bram36: cited(ratio()),
      dsp: cited(ratio()),
    }),
  })
  .superRefine(checkSources)
  .transform((device) => ({
    ...device,
    /** Peak bytes a second of the external memory. */
    bandwidth: (device.memory.width.value / 8) * device.memory.rate.value,
  }))

export type Device = Readonly<z.infer<typeof deviceSchema>>

/** A device by the name of a shipped one or the path of a YAML file. */
export const loadDevice = (reference: string): Device => loadConfig('devices', reference, deviceSchema)
