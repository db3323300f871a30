import { describe, expect, it } from 'vitest'
import { reasonAt } from '../../../src/units/core/stalls.ts'
import { classTiming, coreSpec, MEMORY_LATENCY, Rig, repeat, straight, wiresOf } from './out-of-order-rig.ts'

const issues = (rig: Rig): number[] => rig.times.map(({ issue }) => issue)
const DATA = 0x20_0000

describe('an out-of-order core', () => {
  it('executes a chain of dependent additions one a cycle', () => {
    const rig = straight(repeat(40, 'add x0, x0, #1'))
    expect(issues(rig)).toEqual(Array.from({ length: 40 }, (_, i) => 1 + i))
    expect(rig.core.cycle + 1).toBe(42) // dispatch, 40 issues, retirement
  })

  it('is limited by the pipes, or by the width', () => {
    expect(straight(repeat(40, (i) => `mov x${i % 16}, #1`)).core.cycle + 1).toBe(20 + 2)
    const mixed = repeat(20, (i) => `mov x${i % 16}, #1\n add v${i}.4s, v30.4s, v31.4s`)
    expect(issues(straight(mixed, [], coreSpec({ width: 3 }))).at(-1)).toBe(Math.ceil(40 / 3))
  })

  it('takes several slots from one cycle and from the next ones', () => {
    const rig = straight(repeat(4, 'ld1 {v0.16b, v1.16b, v2.16b}, [x0]'), [DATA, DATA, DATA, DATA])
    expect(rig.times.map(({ dispatch }) => dispatch)).toEqual([0, 1, 2, 2])
  })

  it('issues as often as a fractional occupancy lets it', () => {
    const spec = coreSpec({}, { 'vector-add': classTiming(3, [5, 6], { occupancy: 16 }) })
    const rig = straight(
      repeat(60, (i) => `add v${i % 16}.4s, v30.4s, v31.4s`),
      [],
      spec,
    )
    expect(issues(rig).slice(0, 8)).toEqual([1, 1, 2, 2, 3, 3, 5, 5]) // of each pipe, three in four cycles
    expect(rig.times.at(-1)!.issue).toBe(1 + (60 / 6) * 4 - 2)
    const half = coreSpec({}, { 'vector-add': classTiming(3, [5], { occupancy: 8 }) })
    const faster = straight(
      repeat(60, (i) => `add v${i % 16}.4s, v30.4s, v31.4s`),
      [],
      half,
    )
    expect(faster.times.at(-1)!.issue).toBe(1 + 60 / 1.5 - 1)
  })

  it('goes on past a long operation until the reorder buffer is full', () => {
    const rig = straight(`udiv x0, x1, x2\n${repeat(60, 'mov x3, #1')}`)
    const [division, ...moves] = rig.times
    expect(division!.complete).toBe(1 + 20)
    expect(moves[30]!.dispatch).toBeLessThan(20)
    expect(moves[31]!.dispatch).toBe(21) // 32 entries, the division one of them
  })

  it('stops dispatch while a queue is full', () => {
    const dependent = repeat(20, (i) => `add v${1 + i}.4s, v0.4s, v0.4s`)
    const rig = straight(`udiv x0, x1, x2\n dup v0.4s, w0\n ${dependent}\n mov x3, #1`)
    const [, , ...rest] = rig.times
    const queued = rest.filter(({ dispatch }) => dispatch < 21)
    expect(queued.length).toBe(8 + 8) // of two pipes
    expect(rest.at(-1)!.dispatch).toBeGreaterThan(21)
  })

  it('keeps younger instructions waiting for older ones in a queue, but not for those that are not ready', () => {
    const rig = straight('udiv x0, x1, x2\n madd x3, x0, x0, x3\n mul x4, x5, x6\n mul x7, x5, x6')
    expect(issues(rig)).toEqual([1, 21, 1, 2])
  })

  it('forwards an accumulator early', () => {
    const chain = straight(repeat(10, 'madd x0, x1, x2, x0'))
    expect(issues(chain)).toEqual(Array.from({ length: 10 }, (_, i) => 1 + i))
    const factor = straight(repeat(10, 'madd x0, x0, x2, x1'))
    expect(issues(factor)).toEqual(Array.from({ length: 10 }, (_, i) => 1 + 3 * i))
  })

  it('renames: a register that is written anew waits for nobody', () => {
    const rig = straight('udiv x0, x1, x2\n mov x0, #1\n add x3, x0, #1\n udiv x0, x3, x2')
    expect(issues(rig)).toEqual([1, 1, 2, 21])
  })

  it('fetches again the penalty after a mispredicted branch has issued', () => {
    const rig = new Rig('mul x0, x1, x2\n cbz x0, 1f\n 1: mov x3, #1')
    rig.run({ block: 0, addresses: [], taken: true, mispredicted: true }).run({ block: 1, addresses: [] }).finish()
    expect(issues(rig)).toEqual([1, 4, 4 + 10])
    expect(rig.core.counts[reasonAt.mispredict]).toBe(13 + 1 - 6) // from the branch's retirement until the next instruction has been dispatched
    expect(rig.counted).toBe(rig.core.cycle + 1)
  })

  it('waits for instructions that were missing', () => {
    const rig = new Rig('mov x0, #1')
    rig.core.fetchMiss(() => 30)
    rig.run({ block: 0, addresses: [] }).finish()
    expect(rig.times[0]!.dispatch).toBe(30)
    expect(rig.core.counts[reasonAt.instructionMiss]).toBe(30 + 1) // it arrives at the end of its cycle
  })

  it('counts cycles from a later one after so many, and nothing else changes', () => {
    const took = (gap: number): number[] => {
      const rig = new Rig('udiv x0, x1, x2\n str x0, [x20]\n ldr x3, [x20]\n madd x4, x3, x3, x4\n cbz x5, 1f\n 1: nop')
      rig.warm(DATA, 64)
      rig.core.fetchMiss(() => gap)
      for (let i = 0; i < 10; i++) rig.run({ block: 0, addresses: [DATA, DATA], taken: true, mispredicted: i === 5 })
      expect(rig.finish()).toBeGreaterThan(gap)
      return rig.times.map(({ retire }) => retire - gap)
    }
    expect(took(2 ** 24 + 1000)).toEqual(took(1000))
  })

  it('gives a pipe any cycle, however late: behind a slow fill, or the drain of many stores', () => {
    const slow = new Rig('ldr x0, [x1]\n add x0, x0, #1', coreSpec(), wiresOf({ fillLatency: 3000 }))
    slow.run({ block: 0, addresses: [DATA] }).finish()
    expect(slow.times[1]!.issue).toBe(1 + 1 + MEMORY_LATENCY + 3000 + 4)
    const spec = coreSpec({ reorderBuffer: 8, storeQueue: 2000 }, { store: classTiming(1, [4], { occupancy: 1 }) })
    const { times } = straight(`${repeat(1500, 'str w0, [x1]')}\n ldr x2, [x1]`, Array(1501).fill(DATA), spec)
    expect(times[1500]!.issue).toBeGreaterThan(times[1499]!.retire + 1000) // the last of the stores has drained
  })

  it('has any number of pipes', () => {
    const pipes = Array.from({ length: 18 }, (_, i) => ({ name: `p${i}`, queue: 4 }))
    const all = pipes.map((_, i) => i)
    const fetch = { width: 18, queue: 64, takenBubble: 0, mispredictPenalty: 10 }
    const spec = coreSpec({ pipes, width: 18, retire: 18, fetch, reorderBuffer: 64 }, { alu: classTiming(1, all) })
    const rig = straight(
      repeat(36, (i) => `mov x${i % 16}, #1`),
      [],
      spec,
    )
    expect(rig.times.map(({ pipe }) => pipe)).toEqual([...all, ...all])
  })

  it('has queues of any length', () => {
    const pipes = coreSpec().pipes.map((pipe) => ({ ...pipe, queue: 400 }))
    const spec = coreSpec({ pipes, width: 25, reorderBuffer: 600, fetch: { ...coreSpec().fetch, width: 25 } })
    const { times } = straight(`udiv x0, x1, x2\n${repeat(500, 'madd x3, x0, x0, x3')}`, [], spec)
    expect(times.filter(({ dispatch }) => dispatch < 21).length).toBe(1 + 400)
    expect(times.at(-1)!.issue).toBe(21 + 499)
  })

  it('issues all that wait at once where they take no time of their pipe', () => {
    const pipes = coreSpec().pipes.map((pipe) => ({ ...pipe, queue: 2 }))
    const spec = coreSpec({ pipes }, { alu: classTiming(1, [1], { occupancy: 0 }) })
    expect(issues(straight(repeat(6, 'mov x1, #1'), [], spec))).toEqual([1, 1, 2, 2, 3, 3])
  })

  it('lets a nop pass', () => {
    const rig = straight('nop\n nop\n add x0, x0, #1')
    expect(rig.times.map(({ pipe }) => pipe)).toEqual([-1, -1, 1])
    expect(rig.core.cycle + 1).toBe(3)
  })
})

describe('loads and stores of an out-of-order core', () => {
  it('use what hits after the latency', () => {
    const chain = straight(repeat(5, 'ldr x0, [x0]'), Array(5).fill(DATA))
    expect(issues(chain)).toEqual([1, 5, 9, 13, 17])
  })

  it('let the base that is written back be used at once', () => {
    const rig = straight(
      repeat(5, 'ldr x1, [x0], #8'),
      [0, 8, 16, 24, 32].map((offset) => DATA + offset),
    )
    expect(issues(rig)).toEqual([1, 2, 3, 4, 5])
  })

  it('cost more across a boundary', () => {
    const rig = straight('ldr x0, [x1]\n ldr x2, [x1]\n add x0, x0, #1', [DATA + 12, DATA])
    expect(issues(rig)).toEqual([1, 3, 1 + 4 + 1])
  })

  it('forward from store to load, with data or address late', () => {
    const text = repeat(5, 'str x0, [x1]\n ldr x0, [x1]')
    const chain = straight(text, Array(10).fill(DATA))
    expect(issues(chain).filter((_, i) => i % 2 === 0)).toEqual([1, 7, 13, 19, 25])
    expect(issues(chain)[1]).toBe(2) // after the store
    const late = straight('str x0, [x1]\n udiv x2, x3, x4\n ldr x5, [x2]\n add x5, x5, #1', [DATA, DATA])
    // The store has drained by then, but is the one that was in flight at dispatch.
    expect(issues(late)).toEqual([1, 1, 21, 22])
  })

  it('make a load wait for the drain of a store that holds a part only', () => {
    const rig = straight('str w0, [x1]\n ldr x2, [x1]', [DATA, DATA])
    const [store, load] = rig.times
    expect(load!.issue).toBe(store!.retire + 1)
    expect(load!.complete).toBe(load!.issue + 4)
  })

  it('drain one store a cycle and stop dispatch while the store queue is full', () => {
    const rig = straight(repeat(30, 'str x0, [x1]'), Array(30).fill(DATA))
    expect(issues(rig)).toEqual(Array.from({ length: 30 }, (_, i) => 1 + i))
    const full = new Rig(repeat(10, 'str x0, [x1]'))
    const line = (i: number): number => DATA + (i === 0 ? 0 : 0x1000)
    full.warm(line(1), 64).run({ block: 0, addresses: Array.from({ length: 10 }, (_, i) => line(i)) })
    full.finish()
    const filled = 1 + 1 + MEMORY_LATENCY + 1 // issue, request, answer, fill
    expect(full.times[7]!.dispatch).toBe(1)
    expect(full.times[8]!.dispatch).toBe(filled + 1)
    expect(full.core.counts[reasonAt.storeBuffer]).toBeGreaterThan(40)
    expect(full.counted).toBe(full.core.cycle + 1)
  })

  it('bound the loads in flight by the load queue', () => {
    const text = `udiv x0, x1, x2\n${repeat(6, 'ldr x3, [x4]')}`
    const rig = straight(text, Array(6).fill(DATA), coreSpec({ loadQueue: 5 }))
    expect(rig.times[5]!.dispatch).toBe(1)
    expect(rig.times[6]!.dispatch).toBe(rig.times[1]!.retire)
  })

  it('overlap misses as far as there are miss status registers', () => {
    const lines = Array.from({ length: 12 }, (_, i) => DATA + 64 * i)
    for (const mshrs of [1, 2, 4, 12]) {
      const rig = new Rig(
        repeat(12, (i) => `ldr x${i}, [x20]`),
        coreSpec({ loadQueue: 16 }),
        wiresOf({ mshrs }),
      )
      rig.run({ block: 0, addresses: lines }).finish()
      const rounds = 12 / mshrs
      const miss = 1 + MEMORY_LATENCY + 1 // request, answer, fill
      expect(rig.core.cycle, `${mshrs}`).toBeGreaterThanOrEqual(rounds * miss)
      expect(rig.core.cycle, `${mshrs}`).toBeLessThan(rounds * (miss + 2) + 16)
      expect(rig.counted).toBe(rig.core.cycle + 1)
      expect(rig.core.counts[reasonAt.l1Miss]).toBeGreaterThan(MEMORY_LATENCY - 10)
    }
  })

  it('wait for a miss status register that stores hold', () => {
    const lines = [0, 1, 2, 3, 4].map((i) => DATA + 64 * i)
    const rig = new Rig(`${repeat(2, 'mul x3, x3, x3')}\n ${repeat(4, 'str x0, [x1]')}\n ldr x2, [x3]\n mov x4, #1`)
    rig.run({ block: 0, addresses: lines }).finish()
    const [, , , , , store, load, move] = rig.times
    const filled = 1 + 1 + MEMORY_LATENCY + 1 // of the first: issue, request, answer, fill
    expect(load!.issue).toBe(7)
    expect(load!.complete).toBe(filled + (filled - 1) + 4) // asked for when the first line has come
    expect(store!.retire).toBe(8)
    expect(rig.core.counts[reasonAt.missQueue]).toBe(filled - 1 - 8)
    expect(rig.core.counts[reasonAt.l1Miss]).toBe(load!.complete - filled)
    expect(move!.issue).toBe(2)
  })

  it('prefetch without waiting', () => {
    const rig = new Rig(`prfm pldl1keep, [x0]\n${repeat(60, 'add x1, x1, #1')}\n ldr x2, [x0]`)
    rig.run({ block: 0, addresses: [DATA, DATA] }).finish()
    expect(rig.wires.l1d.count.softwarePrefetches).toBe(1)
    expect(rig.core.counts[reasonAt.l1Miss]).toBe(0)
    const [load] = rig.times.slice(-1)
    expect(load!.complete - load!.issue).toBeLessThan(MEMORY_LATENCY)
  })
})
