// Seeded random programs: the core against its rules written naively, and against itself saved and loaded.

import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { OutOfOrder } from '../../../src/units/core/out-of-order.ts'
import type { OutOfOrderSpec } from '../../../src/units/core/spec.ts'
import { NaiveOutOfOrder } from './naive-out-of-order.ts'
import { classTiming, coreSpec, Rig, type Step, wiresOf } from './out-of-order-rig.ts'

const DATA = 0x20_0000

class Random {
  private readonly prng: seedrandom.PRNG

  constructor(seed: string) {
    this.prng = seedrandom(seed)
  }

  below(n: number): number {
    return Math.floor(this.prng() * n)
  }

  chance(probability: number): boolean {
    return this.prng() < probability
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
}

const templates: readonly string[] = [
  'add X, X, X',
  'add X, X, #1',
  'subs X, X, #1',
  'madd X, X, X, X',
  'udiv X, X, X',
  'add V.4s, V.4s, V.4s',
  'mla V.4s, V.4s, V.4s',
  'uaddlp V.8h, V.16b',
  'nop',
  'ldr X, [x20]',
  'ldr wD, [x20, X]',
  'ldr X, [x21], #8',
  'ldr qD, [x20]',
  'ldp xD, x11, [x20]',
  'ld1 {v4.16b, v5.16b, v6.16b}, [x22], #48',
  'str X, [x20]',
  'strb wD, [X]',
  'str qD, [x20], #16',
  'stp X, X, [X]',
  'prfm pldl1keep, [X]',
]

const lines = (template: string, random: Random): string =>
  template.replace(/[XVD]/g, (letter) => `${letter === 'D' ? '' : letter.toLowerCase()}${random.below(6)}`)

/** Blocks of random instructions; each but the last ends in a branch to the next. */
function programText(random: Random): string {
  const some = Array.from({ length: 2 + random.below(templates.length) }, () => random.of(templates))
  const blocks = Array.from({ length: 3 }, (_, i) => {
    const body = Array.from({ length: 1 + random.below(14) }, () => lines(random.of(some), random))
    return [`b${i}:`, ...body, `cbz x${random.below(6)}, b${(i + 1) % 3}`].join('\n')
  })
  return blocks.join('\n')
}

function randomSpec(random: Random): OutOfOrderSpec {
  const width = 1 + random.below(4)
  return coreSpec(
    {
      width,
      retire: 1 + random.below(4),
      reorderBuffer: random.of([4, 7, 16, 40]),
      loadQueue: random.of([2, 5, 16]),
      storeQueue: random.of([1, 3, 8]),
      fetch: {
        width: 1 + random.below(4),
        queue: random.of([2, 8, 24]),
        takenBubble: random.below(3),
        mispredictPenalty: 3 + random.below(10),
      },
      forward: { narrow: 1 + random.below(8), quad: 1 + random.below(8) },
      writeBackLatency: 1 + random.below(2),
    },
    {
      'vector-add': classTiming(3, [5, 6], { occupancy: random.of([8, 12, 16, 24]) }),
      'load-multiple': classTiming(5, [3], { slots: 1 + random.below(2) }),
      'store-pair': classTiming(1, [4], { slots: 2, occupancy: 24 }),
    },
  )
}

interface Memory {
  /** How many different lines are accessed. */
  readonly spread: number
  /** Whether they are present at first. */
  readonly warm: boolean
}

function randomSteps(rig: Rig, random: Random, { spread }: Memory, count: number): Step[] {
  const { accessCount } = rig.decoded
  return Array.from({ length: count }, () => {
    const block = random.below(rig.decoded.blocks)
    const addresses = Array.from({ length: accessCount[block]! }, () => {
      const offset = random.chance(0.5) ? 8 * random.below(8) : random.below(64)
      return DATA + 64 * random.below(spread) + offset
    })
    const taken = random.chance(0.5)
    return { block, addresses, taken, mispredicted: random.chance(0.15) }
  })
}

interface Case {
  readonly text: string
  readonly spec: OutOfOrderSpec
  readonly memory: Memory
  readonly mshrs: number
  readonly fillLatency: number
  readonly patience: number
  /** Ticks of a cycle. */
  readonly period: number
}

function randomCase(random: Random): Case {
  const warm = random.chance(0.4)
  return {
    text: programText(random),
    spec: randomSpec(random),
    memory: { spread: warm ? 1 + random.below(30) : random.of([1, 8, 200]), warm },
    mshrs: 1 + random.below(5),
    fillLatency: 1 + random.below(4),
    patience: random.of([0, 2, Infinity]),
    period: 1 + random.below(3),
  }
}

function rigOf({ text, spec, memory, mshrs, fillLatency, patience, period }: Case): Rig {
  const rig = new Rig(text, spec, wiresOf({ mshrs, fillLatency }, period), patience)
  return memory.warm ? rig.warm(DATA, 64 * memory.spread + 64) : rig
}

describe('an out-of-order core on random programs', () => {
  it('agrees with its rules, in every cycle of every instruction and in what cycles are charged to', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(`naive ${seed}`)
      const one = randomCase(random)
      const rig = rigOf(one)
      const steps = randomSteps(rig, random, one.memory, 12)
      for (const step of steps) rig.run(step)
      rig.finish()
      const { decoded, wires } = rigOf(one)
      const naive = new NaiveOutOfOrder(one.spec, decoded, wires)
      naive.run(
        steps.flatMap(({ block, addresses, taken = false, mispredicted = false }) => {
          let word = 0
          const first = decoded.first[block]!
          return Array.from({ length: decoded.count[block]! }, (_, k) => {
            const accesses = decoded.instructions[first + k]!.memory !== null
            const last = k === decoded.count[block]! - 1
            const address = accesses ? addresses[word++]! : 0
            return { i: first + k, address, taken: last && taken, mispredicted: last && mispredicted }
          })
        }),
      )
      const times = rig.times.map(({ dispatch, issue, retire }) => ({ dispatch, issue, retire }))
      expect(times, `seed ${seed}`).toEqual(naive.times)
      expect(rig.core.cycle, `seed ${seed}`).toBe(naive.cycle)
      expect([...rig.core.counts], `seed ${seed}`).toEqual([...naive.counts])
      expect(rig.counted, `seed ${seed}`).toBe(rig.core.cycle + 1)
    }
  })
})

describe('the state of an out-of-order core', () => {
  it('recurs in a loop', () => {
    const text =
      'loop: ld1 {v0.16b, v1.16b}, [x0], #32\n cnt v0.16b, v0.16b\n cnt v1.16b, v1.16b\n str q0, [x1]\n b loop'
    const spec = coreSpec({}, { 'vector-count': classTiming(3, [5, 6], { occupancy: 16 }) })
    const rig = new Rig(text, spec).warm(DATA, 128)
    const seen = new Map<string, number>()
    const words = new Int32Array(1 << 12)
    const recurs = (iteration: number): boolean => {
      rig.run({ block: 0, addresses: [DATA, DATA + 64], taken: true })
      const state = words.subarray(0, rig.core.save(words)).join()
      const before = seen.get(state)
      seen.set(state, iteration)
      return before !== undefined
    }
    const first = Array.from({ length: 100 }, (_, i) => recurs(i)).indexOf(true)
    expect(first).toBeGreaterThan(0)
    expect(first).toBeLessThan(50)
  })

  it('goes on in another instance as if nothing had been', () => {
    let moved = 0
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(`state ${seed}`)
      const one = randomCase(random)
      const rig = rigOf(one)
      const copied = rigOf(one)
      const words = new Int32Array(1 << 14)
      for (const step of randomSteps(rig, random, one.memory, 30)) {
        rig.run(step)
        copied.run(step)
        const { l1d } = copied.wires
        if (!l1d.settled || !copied.core.settled || random.chance(0.3)) continue
        const length = copied.core.save(words)
        const { cycle, counts } = copied.core
        copied.core = new OutOfOrder(one.spec, copied.decoded, copied.wires, one.patience)
        copied.core.counts.set(counts)
        copied.core.load(words.subarray(0, length), cycle)
        const again = new Int32Array(1 << 14)
        expect(again.subarray(0, copied.core.save(again)), `seed ${seed}`).toEqual(words.subarray(0, length))
        expect(copied.core.storesInFlight).toBe(rig.core.storesInFlight)
        moved++
      }
      rig.finish()
      copied.finish()
      expect(copied.core.cycle, `seed ${seed}`).toBe(rig.core.cycle)
      expect([...copied.core.counts], `seed ${seed}`).toEqual([...rig.core.counts])
    }
    expect(moved).toBeGreaterThan(300)
  })
})
