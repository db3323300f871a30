import { describe, expect, it } from 'vitest'
import { orPool } from './cases.ts'
import { BareRig, count, randomWords } from './rig.ts'

const rig = (each: ReturnType<typeof orPool>, frames: number) =>
  new BareRig(each, randomWords('pixels', each.wordsIn * frames, each.inWidth))

describe('pool', () => {
  it.each([
    [6, 2, 1],
    [6, 3, 2],
    [8, 4, 1],
    [10, 2, 3],
  ])(
    'two loops, %d wide, windows of %d, lag %d: reads its rows at two cycles a word, then writes, then reads on',
    (size, window, lag) => {
      const each = orPool({ width: 8, size, window, overlapped: false, lag })
      const outputs = size / window
      const reads = 2 * window * size
      const row = reads + outputs + lag
      const { taken, left } = rig(each, 2).run()
      expect(taken).toEqual(
        count(2 * size ** 2, (i) => Math.floor(i / (window * size)) * row + 2 * (i % (window * size))),
      )
      expect(left).toEqual(count(2 * outputs ** 2, (i) => Math.floor(i / outputs) * row + reads + (i % outputs) + lag))
    },
  )

  it('overlapped: takes a word a cycle, and a window leaves with its last word, lag later', () => {
    const [size, window, lag] = [6, 3, 2]
    const { taken, left } = rig(orPool({ width: 8, size, window, overlapped: true, lag }), 2).run()
    expect(taken).toEqual(count(2 * size ** 2, (i) => i))
    const last = (i: number) => Math.floor(i / 2) * window * size + (window - 1) * size + (i % 2) * window + window - 1
    expect(left).toEqual(count(8, (i) => last(i) + lag))
  })

  it('counts words, and a comparison for each bit of them', () => {
    const each = rig(orPool({ width: 70, size: 6, window: 2, overlapped: true }), 3)
    each.run()
    expect(each.unit.count).toEqual({ words: 108, poolCompares: 108 * 70 })
  })
})
