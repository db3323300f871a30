// A small in-order core with its L1 caches over a memory of fixed latency, and a program to drive it with.

import { assemble } from '../../../src/isa/assemble.ts'
import type { Program } from '../../../src/isa/instruction.ts'
import { type TimingClass, timingClasses } from '../../../src/isa/timing-class.ts'
import { Cache } from '../../../src/mem/cache/cache.ts'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { CacheSpec } from '../../../src/mem/cache/spec.ts'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { Decoded } from '../../../src/units/core/decoded.ts'
import { InOrder } from '../../../src/units/core/in-order.ts'
import type { InstructionTimes } from '../../../src/units/core/observer.ts'
import type { CoreWires } from '../../../src/units/core/pipeline.ts'
import type { ClassTiming, InOrderSpec } from '../../../src/units/core/spec.ts'
import { reasonAt, type StallReason } from '../../../src/units/core/stalls.ts'
import { StoreHistory } from '../../../src/units/core/store-history.ts'

const pipes = ['alu0', 'alu1', 'multiply', 'branch', 'load-store', 'vector'].map((name) => ({ name, queue: 1 }))
const [ALU, MULTIPLY, BRANCH, LOAD_STORE, VECTOR] = [[0, 1], [2], [3], [4], [5]]

export const classTiming = (latency: number, on: readonly number[], more: Partial<ClassTiming> = {}): ClassTiming => ({
  latency,
  accumulate: null,
  pipes: on,
  occupancy: 12,
  slots: 1,
  passes: 1,
  further: { latency: 1, occupancy: 12, slots: 0, passes: 1 },
  ...more,
})

function plain(name: TimingClass): ClassTiming {
  if (name === 'nop') return classTiming(1, [])
  if (name.startsWith('branch')) return classTiming(1, BRANCH)
  if (name.startsWith('load') || name === 'prefetch') return classTiming(3, LOAD_STORE)
  if (name.startsWith('store')) return classTiming(1, LOAD_STORE)
  if (name.startsWith('vector')) return classTiming(2, VECTOR)
  if (name.startsWith('multiply')) return classTiming(4, MULTIPLY, { accumulate: 1 })
  return classTiming(1, ALU)
}

/** The core of these tests; of some classes with other timings. */
export function coreSpec(
  changes: Partial<InOrderSpec> = {},
  timings: Partial<Record<TimingClass, ClassTiming>> = {},
): InOrderSpec {
  const timing = timingClasses.map((name) => {
    const one = timings[name] ?? plain(name)
    return [name, { narrow: one, quad: one }]
  })
  return {
    kind: 'in-order',
    name: 'test',
    width: 2,
    orderedWriteBack: false,
    pipes,
    timing: Object.fromEntries(timing) as InOrderSpec['timing'],
    fetch: { width: 2, queue: 8, takenBubble: 2, mispredictPenalty: 9 },
    predictor: { entries: 64, history: 0, returns: 4, targets: 16 },
    unaligned: { boundary: 8, latency: 1, occupancy: 12 },
    forward: { narrow: 3, quad: 5 },
    storeBuffer: 3,
    writeBackLatency: 1,
    ...changes,
  }
}

/** Cycles from a request of L1 until memory, and level 2 where it holds the line, answers. */
export const MEMORY_LATENCY = 50
export const L2_LATENCY = 10

const l1: CacheSpec = {
  name: 'l1d',
  bytes: 4096,
  ways: 2,
  line: 64,
  replacement: 'lru',
  mshrs: 2,
  writeBuffer: 4,
  missLatency: 1,
  fillLatency: 1,
  prefetcher: { type: 'none' },
}

/** Level 1 straight over memory, or with a level 2 between. */
export function wiresOf(withL2 = false, cache: Partial<CacheSpec> = {}): CoreWires {
  const kernel = new Kernel()
  const memory = new FixedLatency(kernel, { name: 'memory', latency: MEMORY_LATENCY, interval: 0, queue: 1 })
  const l2 = { ...l1, name: 'l2', bytes: 1 << 16, missLatency: 2, hitLatency: L2_LATENCY, interval: 1, queue: 2 }
  const below = withL2 ? new Cache(kernel, l2, 1, memory) : memory
  const [l1d, l1i] = ['l1d', 'l1i'].map((name) => new FirstLevelCache(kernel, { ...l1, ...cache, name }, 1, below))
  return { kernel, period: 1, l1d: l1d!, l1i: l1i!, history: new StoreHistory(128) }
}

export interface Step {
  readonly addresses?: readonly number[]
  readonly block?: number
  readonly taken?: boolean
  readonly mispredicted?: boolean
}

export class Rig {
  readonly program: Program
  readonly core: InOrder
  readonly wires: CoreWires
  readonly times: InstructionTimes[] = []

  /** Blocks are compiled after `patience` runs. */
  constructor(text: string, spec = coreSpec(), wires = wiresOf(), patience = 0) {
    this.program = assemble(text, 'test.s')
    const decoded = new Decoded(spec)
    decoded.grow(this.program.instructions, this.program.blocks)
    this.wires = wires
    this.core = new InOrder(spec, decoded, wires, patience)
    this.core.observe({ retired: (times) => this.times.push(times) }, 0)
  }

  /** Makes lines present. */
  warm(address: number, bytes = 64): this {
    const { l1d } = this.wires
    for (let line = address >> 6; line <= (address + bytes - 1) >> 6; line++) l1d.warm(line)
    return this
  }

  run({ block = 0, addresses = [], taken = false, mispredicted = false }: Step = {}): this {
    this.core.run(block, Int32Array.from(addresses), 0, taken, mispredicted)
    return this
  }

  /** Cycles until all has retired. */
  finish(): number {
    this.core.drain()
    return this.core.cycle + 1
  }

  /** Cycles in which instructions issued, in program order; after `finish`. */
  get issues(): number[] {
    return this.times.map(({ issue }) => issue)
  }

  count(reason: StallReason): number {
    return this.core.counts[reasonAt[reason]]!
  }

  /** Sum of all counts, which is the cycles that have passed. */
  get counted(): number {
    return this.core.counts.reduce((sum, count) => sum + count, 0)
  }
}

/** Runs a text without branches once, with all its lines present. */
export function straight(text: string, addresses: readonly number[] = [], spec = coreSpec()): Rig {
  const rig = new Rig(text, spec)
  for (const address of addresses) rig.warm(address, 64)
  rig.run({ addresses })
  rig.finish()
  return rig
}

export const repeat = (times: number, text: string | ((i: number) => string)): string =>
  Array.from({ length: times }, (_, i) => (typeof text === 'string' ? text : text(i))).join('\n')
