// Energy of what a memory did, from the currents of its data sheet: charge beyond that of standing by,
// for each command, and standing by itself, with a bank of the rank open or none. No I/O, no termination.

import type { DramSpec, Supply } from './spec.ts'
import { dataCycles } from './timing.ts'

/** What a memory has done until some cycle. */
export interface DramCounts {
  readonly reads: number
  readonly writes: number
  readonly activates: number
  readonly precharges: number
  readonly refreshes: number
  /** Reads, and writes, that were not the first access to their row since its activation. */
  readonly rowHits: number
  readonly writeRowHits: number
  /** Cycles in which a rank had a bank open, or had none, over all ranks. */
  readonly activeCycles: number
  readonly idleCycles: number
}

/** In pJ. `activate` includes the precharge that follows. */
export interface DramEnergy {
  readonly activate: number
  readonly read: number
  readonly write: number
  readonly refresh: number
  readonly background: number
}

/** pJ of one command, and of one rank standing by for one cycle. */
export interface DramPrices {
  readonly activate: number
  readonly read: number
  readonly write: number
  readonly refresh: number
  readonly activeCycle: number
  readonly idleCycle: number
}

/** Source of the formulas: Micron TN-41-01, "Calculating Memory System Power for DDR3". */
export function pricesOf(spec: DramSpec): DramPrices {
  const { tRC, tRAS, tRP, tRFC } = spec.timing
  const data = dataCycles(spec)
  // V * mA * ns = pJ
  const cycle = (spec.organization.devices * 1e9) / spec.clockHz
  const price = (charge: (supply: Supply) => number): number =>
    spec.supplies.reduce((sum, supply) => sum + supply.volts * charge(supply) * cycle, 0)
  return {
    activate: price(({ IDD0, IDD3N, IDD2N }) => IDD0 * tRC - (IDD3N * tRAS + IDD2N * tRP)),
    read: price(({ IDD4R, IDD3N }) => (IDD4R - IDD3N) * data),
    write: price(({ IDD4W, IDD3N }) => (IDD4W - IDD3N) * data),
    refresh: price(({ IDD5, IDD3N }) => (IDD5 - IDD3N) * tRFC),
    activeCycle: price(({ IDD3N }) => IDD3N),
    idleCycle: price(({ IDD2N }) => IDD2N),
  }
}

export function energyOf(spec: DramSpec, counts: DramCounts): DramEnergy {
  const prices = pricesOf(spec)
  return {
    activate: counts.activates * prices.activate,
    read: counts.reads * prices.read,
    write: counts.writes * prices.write,
    refresh: counts.refreshes * prices.refresh,
    background: counts.activeCycles * prices.activeCycle + counts.idleCycles * prices.idleCycle,
  }
}
