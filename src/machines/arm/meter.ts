// What each layer of a network took of an ARM system: differences of its counters, taken as layers change.

import type { Count, Traffic } from '../../sim/counters.ts'
import type { LayerRun, OwnEnergy } from '../machine.ts'
import { countsOf } from './figures.ts'
import type { ArmSystem } from './system.ts'

type Numbers = Record<string, number>

interface Snapshot {
  readonly stalls: Numbers
  readonly executed: Numbers
  readonly traffic: Record<string, Traffic>
  readonly counts: readonly Count[]
  readonly dramPicojoules: Numbers
}

const PICO = 1e-12
/** DRAM energy that is spent whether anything happens or not. */
const BACKGROUND = 'background'

export class Meter {
  private readonly system: ArmSystem
  private readonly layers = new Map<string, Snapshot>()
  private last: Snapshot

  constructor(system: ArmSystem) {
    this.system = system
    this.last = snapshotOf(system, system.tick)
  }

  /** What has happened since the last call was for `layer`. */
  charge(layer: string): void {
    const now = snapshotOf(this.system, this.system.tick)
    const difference = minus(now, this.last)
    const before = this.layers.get(layer)
    this.layers.set(layer, before === undefined ? difference : plus(before, difference))
    this.last = now
  }

  /** What layers have been charged with. */
  get charges(): Charges {
    return new Charges(this.layers)
  }

  /** What `charges` would be if `layer` had been charged up to now; nothing for others of `layers` that have not been. */
  chargesSoFar(layer: string, layers: Iterable<string>): Charges {
    const { system, last } = this
    system.catchUp()
    const difference = minus(snapshotOf(system, system.memoryTick), last)
    const nothing = minus(last, last)
    const all = new Map([...layers].map((name): [string, Snapshot] => [name, this.layers.get(name) ?? nothing]))
    return new Charges(all.set(layer, plus(all.get(layer) ?? nothing, difference)))
  }
}

export class Charges {
  private readonly layers: ReadonlyMap<string, Snapshot>

  constructor(layers: ReadonlyMap<string, Snapshot>) {
    this.layers = layers
  }

  /** By layer, with `operations` of each. */
  runs(operations: (layer: string) => Readonly<Record<string, number>>): LayerRun[] {
    return [...this.layers].map(([name, { stalls, executed, traffic, counts }]) => {
      const { busy = 0, ...rest } = stalls
      const cycles = Object.values(stalls).reduce((sum, count) => sum + count, 0)
      const own = counts.map((count) => ({ ...count, layer: name }))
      return {
        name,
        cycles,
        busy,
        stalls: rest,
        operations: { ...executed, ...operations(name) },
        memory: traffic,
        counts: own,
      }
    })
  }

  /** Energy of the DRAM's commands. */
  dramEnergy(): OwnEnergy[] {
    return [...this.layers].map(([layer, { dramPicojoules }]) => {
      const { [BACKGROUND]: _, ...commands } = dramPicojoules
      const joules = Object.values(commands).reduce((sum, energy) => sum + energy, 0) * PICO
      return { layer, component: 'dram', joules }
    })
  }

  /** Energy of the DRAM that is not for commands. */
  dramBackground(): number {
    return [...this.layers.values()].reduce((sum, { dramPicojoules }) => sum + dramPicojoules[BACKGROUND]!, 0) * PICO
  }
}

/** With counts of the DRAM up to `tick`. */
function snapshotOf(system: ArmSystem, tick: number): Snapshot {
  const { core, l1d, l2, dram } = system
  core.settle()
  const { instructions, multiplications, integerMultiplications, loads, stores } = core.executedCounts()
  const { loaded, stored } = core.executedBytes()
  const line = 2 ** l1d.lineBits
  const lines = (reads: number, writes: number): Traffic => {
    return { reads, writes, bytesRead: reads * line, bytesWritten: writes * line }
  }
  const { reads, writes } = dram.counts(tick)
  return {
    stalls: core.stalls(),
    executed: { instructions, multiplications, integerMultiplications, ...decoded(system) },
    traffic: {
      l1d: { reads: loads, writes: stores, bytesRead: loaded, bytesWritten: stored },
      l2: lines(l2.count.reads, l2.count.writes),
      dram: lines(reads, writes),
    },
    counts: countsOf(system),
    dramPicojoules: { ...dram.energy(tick) },
  }
}

/** What a decode unit did. */
function decoded({ decodeUnit }: ArmSystem): Numbers {
  if (decodeUnit === undefined) return {}
  const { sequences, lines, loads, registers } = decodeUnit.counts
  return { decodedSequences: sequences, decodedLines: lines, symbolLoads: loads, decodedRegisters: registers }
}

const combine = (of: (a: number, b: number) => number) => {
  const numbers = <T extends Numbers>(a: T, b: T): T =>
    Object.fromEntries(Object.keys(a).map((key) => [key, of(a[key]!, b[key]!)])) as T
  return (a: Snapshot, b: Snapshot): Snapshot => ({
    stalls: numbers(a.stalls, b.stalls),
    executed: numbers(a.executed, b.executed),
    traffic: Object.fromEntries(
      Object.keys(a.traffic).map((level) => [level, numbers({ ...a.traffic[level]! }, { ...b.traffic[level]! })]),
    ),
    counts: a.counts.map((count, i) => ({ ...count, count: of(count.count, b.counts[i]!.count) })),
    dramPicojoules: numbers(a.dramPicojoules, b.dramPicojoules),
  })
}
const minus = combine((a, b) => a - b)
const plus = combine((a, b) => a + b)
