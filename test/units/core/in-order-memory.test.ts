import { describe, expect, it } from 'vitest'
import { coreSpec, L2_LATENCY, MEMORY_LATENCY, Rig, repeat, straight, wiresOf } from './in-order-rig.ts'

const DATA = 0x20_0000
const line = (i: number): number => DATA + 64 * i
/** From the cycle in which a load issues until its line is there: request, answer, fill. */
const MISS = 1 + MEMORY_LATENCY + 1

describe('loads of an in-order core', () => {
  it('use what hits after the latency', () => {
    expect(straight(repeat(4, 'ldr x0, [x0]'), Array(4).fill(DATA)).issues).toEqual([0, 3, 6, 9])
  })

  it('let the base that is written back be used in the next cycle', () => {
    const rig = straight(
      repeat(4, 'ldr x1, [x0], #8'),
      [0, 8, 16, 24].map((offset) => DATA + offset),
    )
    expect(rig.issues).toEqual([0, 1, 2, 3])
  })

  it('bring several registers one after another, and keep the pipe', () => {
    const rig = straight('ldp x0, x1, [x9]\n add x0, x0, #1\n add x1, x1, #1\n ldr x2, [x9]', [DATA, DATA])
    expect(rig.issues).toEqual([0, 3, 4, 4])
    expect(straight('ldp x0, x1, [x9]\n ldr x2, [x9]', [DATA, DATA]).issues).toEqual([0, 2])
  })

  it('cost more across a boundary of eight bytes', () => {
    const two = 'ldr x0, [x1]\n ldr x2, [x1]\n add x2, x2, #1'
    expect(straight(two, [DATA, DATA + 8]).issues).toEqual([0, 1, 4])
    expect(straight(two, [DATA + 4, DATA + 8]).issues).toEqual([0, 2, 5])
    expect(straight(two, [DATA, DATA + 9]).issues).toEqual([0, 1, 5])
    expect(straight('ldr w0, [x1]\n ldr w2, [x1]', [DATA + 4, DATA]).issues).toEqual([0, 1])
    expect(straight('ldr q0, [x1]\n ldr w2, [x1]', [DATA + 8, DATA]).issues).toEqual([0, 1])
    expect(straight('ldr q0, [x1]\n ldr w2, [x1]', [DATA + 4, DATA]).issues).toEqual([0, 2])
  })

  it('miss without blocking: who uses the data waits', () => {
    const rig = new Rig(`ldr x0, [x1]\n${repeat(10, 'add x2, x2, #1')}\n add x0, x0, #1`)
    rig.run({ addresses: [DATA] }).finish()
    expect(rig.issues.slice(0, 11)).toEqual([0, ...Array.from({ length: 10 }, (_, i) => i)])
    expect(rig.issues[11]).toBe(MISS + 3)
    expect(rig.count('l1Miss')).toBe(MISS + 3 - 10)
    expect(rig.counted).toBe(rig.core.cycle + 1)
  })

  it('share the miss of their line', () => {
    const rig = new Rig('ldr x0, [x1]\n ldr x2, [x1]\n add x0, x0, x2')
    rig.run({ addresses: [DATA, DATA + 8] }).finish()
    expect(rig.issues).toEqual([0, 1, MISS + 3])
    expect(rig.wires.l1d.count.readMisses).toBe(1)
  })

  it('wait for a miss status register', () => {
    const rig = new Rig(repeat(4, (i) => `ldr x${i}, [x9]`))
    rig.run({ addresses: [0, 1, 2, 3].map(line) }).finish()
    expect(rig.issues[1]).toBe(1)
    expect(rig.issues[2]).toBeGreaterThanOrEqual(MISS - 1)
    expect(rig.issues[2]).toBeLessThanOrEqual(MISS + 1)
    expect(rig.count('missQueue')).toBe(rig.issues[2]! - 2)
    expect(rig.counted).toBe(rig.core.cycle + 1)
  })

  it('wait for it as long whatever else happens in memory', () => {
    const issues = ['none', 'each', 'odd', 'even'].map((ticks) => {
      const wires = wiresOf(false, { fillLatency: 4 })
      const noise = { name: 'noise', wake: () => {} }
      const hears = {
        none: () => false,
        each: () => true,
        odd: (t: number) => t % 2 === 1,
        even: (t: number) => t % 2 === 0,
      }[ticks]!
      for (let tick = 0; tick < 2000; tick++) if (hears(tick)) wires.kernel.schedule(tick, noise)
      const rig = new Rig(
        repeat(8, (i) => `ldr x${i}, [x9]`),
        coreSpec(),
        wires,
      )
      rig.run({ addresses: [0, 1, 2, 3, 4, 5, 6, 7].map(line) }).finish()
      return rig.issues
    })
    expect(issues.slice(1)).toEqual([issues[0], issues[0], issues[0]])
  })

  it('of two lines wait for the later one', () => {
    const rig = new Rig('ldr x0, [x1]\n add x0, x0, #1')
    rig
      .warm(line(0))
      .run({ addresses: [line(1) - 4] })
      .finish()
    expect(rig.issues).toEqual([0, MISS + 3 + 1])
  })

  it('are charged to the level that was missed', () => {
    const wires = wiresOf(true)
    const text = 'ldr x0, [x1]\n add x0, x0, #1'
    const cold = new Rig(text, coreSpec(), wires)
    cold.run({ addresses: [DATA] }).finish()
    expect(cold.count('l2Miss')).toBe(cold.issues[1]! - 1)
    expect(cold.issues[1]).toBeGreaterThan(MEMORY_LATENCY)
    expect(cold.count('l1Miss')).toBe(0)
    // Two more lines of the set push it out of L1; level 2 still has it.
    const away = cold.run({ addresses: [DATA + 0x800] }).run({ addresses: [DATA + 0x1000] })
    const before = away.count('l2Miss')
    away.run({ addresses: [DATA] }).finish()
    expect(away.count('l2Miss')).toBe(before)
    expect(away.count('l1Miss')).toBe(1 + L2_LATENCY + 1 + 3 - 1)
    expect(away.counted).toBe(away.core.cycle + 1)
  })

  it('are helped by a prefetch, which waits for nothing', () => {
    const rig = new Rig(`prfm pldl1keep, [x1]\n${repeat(80, 'add x2, x2, #1')}\n ldr x0, [x1]\n add x0, x0, #1`)
    rig.run({ addresses: [DATA, DATA] }).finish()
    expect(rig.wires.l1d.count.softwarePrefetches).toBe(1)
    expect(rig.count('l1Miss')).toBe(0)
    const [use, load] = rig.issues.reverse()
    expect(use! - load!).toBe(3)
  })
})

describe('stores of an in-order core', () => {
  it('forward to a load: three cycles from data to use, five of 128 bits', () => {
    const chain = (text: string) => straight(repeat(3, text), Array(6).fill(DATA)).issues.filter((_, i) => i % 2 === 0)
    expect(chain('str x0, [x1]\n ldr x0, [x1]')).toEqual([0, 3, 6])
    expect(chain('str q0, [x1]\n ldr q0, [x1]')).toEqual([0, 5, 10])
  })

  it('forward only while they are on the way', () => {
    const use = (between: string) =>
      straight(`str x0, [x1]\n ${between} ldr x2, [x1]\n add x2, x2, #1`, [DATA, DATA]).issues.at(-1)
    expect(use('')).toBe(3)
    expect(use('mov x3, #1\n mov x4, #1\n mov x5, #1\n')).toBe(2 + 3)
  })

  it('make a load that needs more wait until they are in the cache', () => {
    const rig = straight('str w0, [x1]\n ldr x2, [x1]\n add x2, x2, #1', [DATA, DATA])
    expect(rig.issues).toEqual([0, 2, 2 + 3])
    const other = straight('str w0, [x1]\n ldr x2, [x1]\n add x2, x2, #1', [DATA, DATA + 8])
    expect(other.issues).toEqual([0, 1, 4])
  })

  it('drain one a cycle: a full buffer costs nothing while all hit', () => {
    const rig = straight(repeat(20, 'str x0, [x1]'), Array(20).fill(DATA))
    expect(rig.issues).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('wait for room where the oldest misses', () => {
    const rig = new Rig(repeat(5, 'str x0, [x1]'))
    rig
      .warm(line(1))
      .run({ addresses: [line(0), ...Array<number>(4).fill(line(1))] })
      .finish()
    expect(rig.issues.slice(0, 3)).toEqual([0, 1, 2])
    expect(rig.issues[3]).toBe(MISS + 1) // the first is in the cache then
    expect(rig.issues[4]).toBe(MISS + 2)
    expect(rig.count('storeBuffer')).toBe(MISS + 1 - 3)
    expect(rig.counted).toBe(rig.core.cycle + 1)
  })

  it('do not wait for their own miss', () => {
    const rig = new Rig('str x0, [x1]\n mov x2, #1\n mov x3, #1')
    rig.run({ addresses: [DATA] }).finish()
    expect(rig.issues).toEqual([0, 0, 1])
  })

  it('of several registers keep the pipe', () => {
    expect(straight('stp x0, x1, [x9]\n str x2, [x9]', [DATA, DATA]).issues).toEqual([0, 2])
  })
})
