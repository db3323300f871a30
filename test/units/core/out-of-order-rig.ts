// A small out-of-order core on assembled text, for tests: what each block accesses is given by hand.

import { assemble } from '../../../src/isa/assemble.ts'
import type { Program } from '../../../src/isa/instruction.ts'
import { type TimingClass, timingClasses } from '../../../src/isa/timing-class.ts'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import type { CacheSpec } from '../../../src/mem/cache/spec.ts'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { Decoded } from '../../../src/units/core/decoded.ts'
import type { InstructionTimes } from '../../../src/units/core/observer.ts'
import { OutOfOrder } from '../../../src/units/core/out-of-order.ts'
import type { CoreWires } from '../../../src/units/core/pipeline.ts'
import type { ClassTiming, OutOfOrderSpec } from '../../../src/units/core/spec.ts'
import { StoreHistory } from '../../../src/units/core/store-history.ts'

const pipes = [
  { name: 'branch', queue: 8 },
  { name: 'alu0', queue: 8 },
  { name: 'alu1', queue: 8 },
  { name: 'load', queue: 8 },
  { name: 'store', queue: 8 },
  { name: 'simd0', queue: 8 },
  { name: 'simd1', queue: 8 },
]
const [BRANCH, ALU, LOAD, STORE, SIMD] = [[0], [1, 2], [3], [4], [5, 6]]

export const classTiming = (latency: number, on: readonly number[], more: Partial<ClassTiming> = {}): ClassTiming => ({
  latency,
  accumulate: null,
  pipes: on,
  occupancy: 12,
  slots: 1,
  passes: 1,
  further: { latency: 1, occupancy: 12, slots: 1, passes: 0 },
  ...more,
})

function plain(name: TimingClass): ClassTiming {
  if (name === 'nop') return classTiming(1, [])
  if (name.startsWith('branch')) return classTiming(1, BRANCH)
  if (name.startsWith('load') || name === 'prefetch') return classTiming(4, LOAD)
  if (name.startsWith('store')) return classTiming(1, STORE)
  if (name.startsWith('vector')) return classTiming(3, SIMD)
  if (name.startsWith('multiply')) return classTiming(3, [1], { accumulate: 1 })
  if (name.startsWith('divide')) return classTiming(20, [2], { occupancy: 240 })
  return classTiming(1, ALU)
}

/** The core of these tests; of some classes with other timings. */
export function coreSpec(
  changes: Partial<OutOfOrderSpec> = {},
  timings: Partial<Record<TimingClass, ClassTiming>> = {},
): OutOfOrderSpec {
  const timing = timingClasses.map((name) => {
    const one = timings[name] ?? plain(name)
    return [name, { narrow: one, quad: one }]
  })
  return {
    kind: 'out-of-order',
    name: 'test',
    width: 4,
    retire: 4,
    reorderBuffer: 32,
    loadQueue: 16,
    storeQueue: 8,
    storeBuffer: 8,
    pipes,
    timing: Object.fromEntries(timing) as OutOfOrderSpec['timing'],
    fetch: { width: 8, queue: 64, takenBubble: 0, mispredictPenalty: 10 },
    predictor: { entries: 64, history: 0, returns: 4, targets: 16 },
    unaligned: { boundary: 16, latency: 1, occupancy: 12 },
    forward: { narrow: 6, quad: 7 },
    writeBackLatency: 1,
    ...changes,
  }
}

export const MEMORY_LATENCY = 50

const l1: CacheSpec = {
  name: 'l1d',
  bytes: 4096,
  ways: 2,
  line: 64,
  replacement: 'lru',
  mshrs: 4,
  writeBuffer: 4,
  missLatency: 1,
  fillLatency: 1,
  prefetcher: { type: 'none' },
}

export function wiresOf(cache: Partial<CacheSpec> = {}, period = 1): CoreWires {
  const kernel = new Kernel()
  const below = new FixedLatency(kernel, { name: 'below', latency: MEMORY_LATENCY * period, interval: 0, queue: 1 })
  const caches = ['l1d', 'l1i'].map((name) => new FirstLevelCache(kernel, { ...l1, ...cache, name }, period, below))
  return { kernel, period, l1d: caches[0]!, l1i: caches[1]!, history: new StoreHistory(128) }
}

export interface Step {
  readonly block: number
  readonly addresses: readonly number[]
  readonly taken?: boolean
  readonly mispredicted?: boolean
}

export class Rig {
  readonly program: Program
  readonly decoded: Decoded
  readonly wires: CoreWires
  core: OutOfOrder
  readonly times: InstructionTimes[] = []

  /** Blocks are compiled after `patience` runs. */
  constructor(text: string, spec = coreSpec(), wires = wiresOf(), patience = 0) {
    this.program = assemble(text, 'test.s')
    this.decoded = new Decoded(spec)
    this.decoded.grow(this.program.instructions, this.program.blocks)
    this.wires = wires
    this.core = new OutOfOrder(spec, this.decoded, wires, patience)
    this.core.observe({ retired: (times) => this.times.push(times) }, 0)
  }

  /** Makes the lines from `address` on present. */
  warm(address: number, bytes: number): this {
    const { l1d } = this.wires
    for (let line = address >> 6; line <= (address + bytes - 1) >> 6; line++) l1d.warm(line)
    return this
  }

  run({ block, addresses, taken = false, mispredicted = false }: Step): this {
    this.core.run(block, Int32Array.from(addresses), 0, taken, mispredicted)
    return this
  }

  /** Cycles until all has retired. */
  finish(): number {
    this.core.drain()
    return this.core.cycle + 1
  }

  get counted(): number {
    return this.core.counts.reduce((sum, count) => sum + count, 0)
  }
}

/** Runs a text without branches once, with all its lines present. */
export function straight(text: string, addresses: readonly number[] = [], spec = coreSpec()): Rig {
  const rig = new Rig(text, spec)
  for (const address of addresses) rig.warm(address, 64)
  rig.run({ block: 0, addresses })
  rig.finish()
  return rig
}

export const repeat = (times: number, text: string | ((i: number) => string)): string =>
  Array.from({ length: times }, (_, i) => (typeof text === 'string' ? text : text(i))).join('\n')
