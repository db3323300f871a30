import { describe, expect, it } from 'vitest'
import { Kernel } from '../../src/sim/kernel.ts'
import { Stream } from '../../src/sim/stream.ts'
import { WidthConverter } from '../../src/units/width-converter.ts'
import { widthConverter } from './cases.ts'
import { BareRig, count, pausing, randomWords } from './rig.ts'

const rig = (from: number, to: number, words: number, lag: number, options = {}) =>
  new BareRig(widthConverter(from, to, words, lag), randomWords('w', words, from), options)

describe('width converter', () => {
  it.each([
    [64, 8, 1],
    [192, 24, 3],
    [8, 64, 1],
    [5, 40, 2],
    [16, 16, 1],
  ])(
    'from %d to %d bits, lag %d: takes as many cycles as there are words on the side that has more',
    (from, to, lag) => {
      const words = 32
      const out = (words * from) / to
      const { left } = rig(from, to, words, lag).run()
      expect(left.length).toBe(out)
      expect(left.at(-1)).toBe(Math.max(words, out) - 1 + lag)
    },
  )

  it('cuts: a piece a cycle, first bits first, and takes the next word as the last piece leaves', () => {
    const { taken, left } = rig(32, 8, 3, 1).run()
    expect(taken).toEqual([0, 4, 8])
    expect(left).toEqual(count(12, (i) => i + 1))
    expect(widthConverter(32, 8, 1).model([0x44332211n])).toEqual([0x11n, 0x22n, 0x33n, 0x44n])
  })

  it('joins: a word leaves with its last piece, lag later', () => {
    expect(rig(8, 32, 12, 3).run()).toEqual({ taken: count(12, (i) => i), left: [6, 10, 14] })
    expect(rig(8, 32, 12, 3, { offered: pausing(3, 50) }).run().left).toEqual([53, 57, 61])
  })

  it('counts words in and out', () => {
    const each = rig(8, 32, 12, 1)
    each.run()
    expect(each.unit.count).toEqual({ wordsIn: 12, wordsOut: 3 })
  })

  it('refuses widths of which neither divides the other', () => {
    const kernel = new Kernel()
    const input = new Stream('in', kernel, { width: 24, depth: 1 })
    const output = new Stream('out', kernel, { width: 64, depth: 1 })
    expect(() => new WidthConverter('c', kernel, { lag: 1, flushing: true }, { input, output }, 8, 1)).toThrow(
      'c: 24 bits do not convert to 64',
    )
  })

  it('refuses a lag of no step', () => {
    expect(() => rig(8, 8, 1, 0)).toThrow('a lag of at least one step')
  })
})
