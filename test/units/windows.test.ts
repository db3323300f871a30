import { describe, expect, it } from 'vitest'
import type { WindowGeometry } from '../../src/units/window-lockstep.ts'
import { geometry, lockStepWindow, ringWindow } from './cases.ts'
import { BareRig, count, randomWords, type UnitCase } from './rig.ts'

const geometries: readonly WindowGeometry[] = [
  geometry(3, 1, 6, 1),
  geometry(3, 1, 8, 3),
  geometry(2, 2, 8, 2),
  geometry(2, 1, 5, 4),
  geometry(3, 2, 9, 2),
  geometry(1, 1, 4, 2),
]

const rig = (each: UnitCase, frames: number, options = {}) =>
  new BareRig(each, randomWords('pixels', each.wordsIn * frames, each.inWidth), options)

const rowOf = (g: WindowGeometry): number => g.size * g.wordsPerPixel
const windowsOf = (g: WindowGeometry): number => g.outputs ** 2 * g.kernel ** 2 * g.wordsPerPixel

/** Cycle of the last word of each frame. */
const ends = (left: readonly number[], perFrame: number): number[] =>
  count(left.length / perFrame, (frame) => left[(frame + 1) * perFrame - 1]!)

describe.each(geometries)('windows $kernel x $kernel / $stride over $size, $wordsPerPixel words a pixel', (g) => {
  const { kernel, stride, outputs } = g
  const row = rowOf(g)
  const perFrame = windowsOf(g)
  const startUp = kernel * row

  it('ring: reads once kernel rows are complete, not a word sooner, and registers the word', () => {
    const each = ringWindow(8, g)
    expect(new BareRig(each, randomWords('p', startUp - 1, 8)).run().left).toEqual([])
    const { left } = new BareRig(each, randomWords('p', startUp, 8)).run()
    expect(left[0]).toBe(startUp + 1)
  })

  it('ring: with kernel + stride rows, then fewer and more, the interval follows from the rows that must be waited for', () => {
    for (let rows = kernel; rows <= 2 * kernel + 1; rows++) {
      const lacking = Math.max(0, kernel + stride - rows) * row
      const between = Math.max(0, 2 * kernel - rows) * row
      const interval = perFrame + (outputs - 1) * lacking + between
      const regular =
        outputs * kernel ** 2 * g.wordsPerPixel >= stride * row && g.size === (outputs - 1) * stride + kernel
      if (!regular) continue
      const [, first, second] = ends(rig(ringWindow(8, g, rows), 3).run().left, perFrame)
      expect(second! - first!, `${rows} rows`).toBe(interval)
    }
  })

  it('ring: reading and writing do not wait for each other', () => {
    const each = ringWindow(8, g)
    const held = kernel + stride
    const blocked = rig(each, 2, { accepted: (cycle: number) => Math.max(cycle, 10_000) })
    blocked.run(9_999)
    expect(blocked.unit.count.bufferWrites).toBe(held * row)
    const starved = new BareRig(each, randomWords('p', startUp, 8), { expects: 1 })
    expect(starved.run().left.length).toBe(outputs * kernel ** 2 * g.wordsPerPixel)
  })

  it.each([1, 2, 4])('lock step, lag %d: the first window word comes with the word after kernel rows', (lag) => {
    const each = lockStepWindow(8, g, lag)
    const starved = new BareRig(each, randomWords('p', startUp, 8), { expects: 2 })
    expect(starved.run().left).toEqual([])
    expect(rig(each, 1).run().left[0]).toBe(startUp + lag)
  })

  it.each([1, 2, 4])(
    'lock step, lag %d: a frame takes start-up rows, then the longer of windows and reads a row',
    (lag) => {
      const steps = startUp + outputs * Math.max(outputs * kernel ** 2 * g.wordsPerPixel, stride * row)
      const [first, second, third] = ends(rig(lockStepWindow(8, g, lag), 3).run().left, perFrame)
      expect(second! - first!).toBe(steps + lag)
      expect(third! - second!).toBe(steps + lag)
    },
  )

  it('lock step: where windows take longer, a row of them reads a word less than it frees, one step early', () => {
    const window = outputs * kernel ** 2 * g.wordsPerPixel
    const reads = stride * row - 1
    if (window <= stride * row || outputs < 3) return
    const { taken } = rig(lockStepWindow(8, g), 1).run()
    const expected = (i: number): number => startUp + Math.floor(i / reads) * (window - 1) + (i % reads)
    expect(taken.slice(startUp, startUp + 2 * reads)).toEqual(count(2 * reads, expected))
  })

  it('lock step: while a window word waits, no word is read', () => {
    const lag = 2
    const blocked = rig(lockStepWindow(8, g, lag), 1, { accepted: (cycle: number) => Math.max(cycle, 10_000) })
    const { taken } = blocked.run(9_999)
    expect(taken.length).toBeLessThanOrEqual(startUp + lag)
    expect(taken.length).toBeGreaterThan(startUp)
  })

  it('lock step: while a word is lacking, no window word leaves', () => {
    const half = startUp + Math.floor((stride * row) / 2)
    const starved = new BareRig(lockStepWindow(8, g, 1), randomWords('p', half, 8), { expects: 2 })
    const { left } = starved.run()
    expect(left.length).toBeLessThan(outputs * kernel ** 2 * g.wordsPerPixel)
  })

  it('both: each word is written once, and read as often as windows need it', () => {
    for (const each of [ringWindow(8, g), lockStepWindow(8, g)]) {
      const twice = rig(each, 2)
      twice.run()
      expect(twice.unit.count).toEqual({ bufferReads: 2 * perFrame, bufferWrites: 2 * each.wordsIn })
    }
  })
})
