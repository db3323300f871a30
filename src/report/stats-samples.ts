// Dumps on the way: collects what machines sample while they run.

import { price } from '../energy/price.ts'
import type { EnergyTable } from '../energy/table.ts'
import type { Interval, Sample } from '../machines/machine.ts'
import { InputError } from '../work/input-error.ts'
import { variantResult } from './result.ts'
import { type Dump, dumpOf } from './stats-dump.ts'
import { number } from './table.ts'

/** Statistics of all dumps together: a line each. */
const MOST = 1_000_000

export class Samples {
  /** In the order in which they were taken. */
  readonly dumps: Dump[] = []

  private readonly cycles: number
  private readonly most: number
  private size = 0

  /** A dump each `cycles` cycles. */
  constructor(cycles: number, most = MOST) {
    this.cycles = cycles
    this.most = most
  }

  /** Takes those of a variant, priced by `table`. Throws InputError where there are too many to keep. */
  of(variant: string, table: EnergyTable): Interval {
    return { cycles: this.cycles, sample: (sample) => this.add(sampledDump(variant, sample, table)) }
  }

  private add(dump: Dump): void {
    this.dumps.push(dump)
    this.size += dump.stats.length
    if (this.size <= this.most) return
    const count = `${number(this.most)} statistics in ${this.dumps.length} dumps`
    throw new InputError(
      `more than ${count} by cycle ${dump.cycle} of variant ${dump.variant}: take more cycles, such as ${10 * this.cycles}`,
      { key: '--interval' },
    )
  }
}

/** What is known before the end, as totals: the run so far is one image. */
function sampledDump(variant: string, sample: Sample, table: EnergyTable): Dump {
  const { layers, images, totalCycles, clockHz, staticComponents, ownPower, ownEnergy } = sample
  const counts = layers.flatMap((layer) => layer.counts)
  const energy = price(counts, totalCycles / clockHz, table, staticComponents, ownPower, ownEnergy)
  const later = { simulatedImages: 1, latencyCycles: 0, intervalCycles: null, cyclesPerImage: 0, outputs: [] }
  const run = { ...sample, ...later, images: 1 }
  const unnamed = { passes: '', lossy: false, machine: '', design: {}, energyTable: '' }
  const unchecked = { accuracy: { images: 0, pictures: 0, correct: 0 }, checked: { tensors: 0, values: 0 } }
  const result = variantResult({ name: variant, ...unnamed, run, energy, ...unchecked })
  const { name, totalSeconds, operations, memory, perCycle, ofPeak, peak, staticEnergy } = result
  const known = {
    ...{ name, clockHz, images, totalCycles, totalSeconds, operations, memory, staticEnergy },
    ...{ energy: result.energy, layers: result.layers },
    ...(perCycle && { perCycle }),
    ...(ofPeak && { ofPeak }),
    ...(peak && { peak }),
  }
  return dumpOf(known, 1, false)
}
