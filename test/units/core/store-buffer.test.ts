import { describe, expect, it } from 'vitest'
import { UNKNOWN } from '../../../src/units/core/cycles.ts'
import { DataSide, HIT } from '../../../src/units/core/data-side.ts'
import { StoreBuffer } from '../../../src/units/core/store-buffer.ts'
import { MEMORY_LATENCY, wiresOf } from './in-order-rig.ts'

const DATA = 0x20_0000

function parts(size = 3) {
  const { kernel, l1d } = wiresOf()
  const data = new DataSide(kernel, 1, l1d)
  return { data, stores: new StoreBuffer(size, data) }
}

/** Cycles in which the stores are in the cache, the youngest first. */
const drains = (stores: StoreBuffer): number[] => Array.from({ length: stores.size }, (_, age) => stores.drainOf(age))

/** The fill of a line that is asked for now. */
function pending(data: DataSide, address: number): number {
  const handle = data.first(address, true)
  expect(handle).not.toBe(HIT)
  expect(data.ask(handle)).toBe(true)
  return handle
}

describe('a store buffer', () => {
  it('has each store in the cache two cycles after its data, one a cycle', () => {
    const { stores } = parts()
    stores.push(10, HIT)
    expect(stores.drainOf(0)).toBe(12)
    stores.push(10, HIT)
    stores.push(20, HIT)
    expect(drains(stores)).toEqual([22, 13, 12])
    expect([11, 12, 13, 21, 22].map((cycle) => stores.inFlight(cycle))).toEqual([3, 2, 1, 1, 0])
    expect(stores.roomAt).toBe(12)
    expect(stores.readyOf(1)).toBe(10)
  })

  it('keeps those behind a miss waiting, whatever its size', () => {
    for (const size of [1, 2, 3]) {
      const { data, stores } = parts(size)
      const handle = pending(data, DATA)
      stores.push(0, handle)
      for (let i = 1; i < size; i++) stores.push(i, HIT)
      expect(drains(stores)).toEqual(Array(size).fill(UNKNOWN))
      expect(stores.roomAt).toBe(UNKNOWN)
      const filled = data.wait(handle)
      expect(filled).toBeGreaterThan(MEMORY_LATENCY)
      stores.resolve()
      expect(drains(stores).reverse()).toEqual(Array.from({ length: size }, (_, i) => filled + 1 + i))
      expect(stores.roomAt).toBe(filled + 1)
    }
  })

  it('takes on what it saved, at another cycle', () => {
    const { stores } = parts()
    stores.push(10, HIT)
    stores.push(13, HIT)
    const words = new Int32Array(6)
    expect(stores.save(words, 0, 13)).toBe(6)
    const other = parts().stores
    expect(other.load(words, 0, 100)).toBe(6)
    expect(other.inFlight(100)).toBe(1)
    expect([other.drainOf(0), other.readyOf(0)]).toEqual([102, 100])
    expect(other.inFlight(102)).toBe(0)
    other.rebase(90)
    expect([other.drainOf(0), other.readyOf(0)]).toEqual([12, 10])
  })
})
