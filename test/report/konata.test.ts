import { describe, expect, it } from 'vitest'
import { KonataWriter } from '../../src/report/konata.ts'
import type { InstructionTimes } from '../../src/units/core/observer.ts'
import { readKonata, type Shown } from './konata-log.ts'
import { drawn, three, times } from './pipeline-samples.ts'

const pipes = ['load', 'vector', 'integer']

function written(all: readonly InstructionTimes[], window?: { from: number; to: number }): string {
  let log = ''
  const writer = new KonataWriter((text) => (log += text), pipes, window)
  for (const each of all) writer.retired(each)
  writer.close()
  return log
}

const stage = ({ stages }: Shown, name: string) => stages.find((each) => each.name === name)

describe('a Konata log', () => {
  it('of three instructions is what the format asks for', () => {
    const lines = [
      'Kanata 0004',
      'C= 10',
      'I 0 0 0',
      'L 0 0 400000:_ldr_q0,_[x1]',
      'L 0 1 load,_1_cycle',
      'S 0 0 F',
      'I 1 1 0',
      'L 1 0 400004:_cnt_v0.16b,_v0.16b',
      'L 1 1 vector,_1_cycle',
      'S 1 0 F',
      'C 1',
      'I 2 2 0',
      'L 2 0 400008:_add_x2,_x2,_#1',
      'L 2 1 integer,_1_cycle',
      'S 2 0 F',
      'C 1',
      'E 0 0 F',
      'S 0 0 Ds',
      'E 1 0 F',
      'S 1 0 Ds',
      'C 1',
      'E 0 0 Ds',
      'S 0 0 X',
      'E 1 0 Ds',
      'S 1 0 Is',
      'E 2 0 F',
      'S 2 0 Ds',
      'C 1',
      'E 2 0 Ds',
      'S 2 0 X',
      'C 1',
      'E 2 0 X',
      'S 2 0 Wb',
      'C 3',
      'E 0 0 X',
      'S 0 0 Wb',
      'E 1 0 Is',
      'S 1 0 X',
      'W 1 0 0',
      'C 1',
      'E 0 0 Wb',
      'R 0 0 0',
      'C 2',
      'E 1 0 X',
      'S 1 0 Wb',
      'C 1',
      'E 1 0 Wb',
      'R 1 1 0',
      'E 2 0 Wb',
      'R 2 2 0',
      '',
    ]
    expect(written(three)).toBe(lines.map((line) => line.replaceAll(' ', '\t').replaceAll('_', ' ')).join('\n'))
  })

  it('of an in-order core shows the wait before issue, and every instruction through to its retirement', () => {
    const [first, second] = readKonata(
      written([
        times(0, 'ldr q0, [x1]', [3, 5, 5, 8, 8], [0, 1]),
        times(1, 'cnt v0.16b, v0.16b', [3, 8, 8, 11, 11], [1, 1], [0]),
      ]),
    )
    expect(first!.stages).toEqual([
      { name: 'F', start: 3, end: 4 },
      { name: 'Is', start: 4, end: 5 },
      { name: 'X', start: 5, end: 8 },
      { name: 'Wb', start: 8, end: 9 },
    ])
    expect(second!.stages).toContainEqual({ name: 'Is', start: 4, end: 8 })
    expect(second!.producers).toEqual([{ id: 0, cycle: 8 }])
    expect(second!.retire).toBe(12)
  })

  it.each([true, false])('of drawn instructions keeps to the grammar and loses nothing (in order: %s)', (inOrder) => {
    for (let seed = 0; seed < 8; seed++) {
      const all = drawn(`konata ${seed}`, 400, inOrder)
      const shown = readKonata(written(all))
      expect(shown.length).toBe(all.length)
      for (const [i, each] of shown.entries()) {
        const { sequence, fetch, issue, complete, retire, producers } = all[i]!
        expect(each.sequence).toBe(sequence)
        expect([each.begin, each.retire]).toEqual([fetch, retire + 1])
        expect(stage(each, 'X')).toEqual({ name: 'X', start: issue, end: complete })
        expect(stage(each, 'Wb')).toEqual({ name: 'Wb', start: complete, end: retire + 1 })
        expect(each.producers).toEqual(producers.map((id) => ({ id, cycle: issue })))
      }
    }
  })

  it('shows the instructions in flight within a window, with arrows between them only', () => {
    const all = drawn('window', 2000, false)
    const [from, to] = [all[500]!.retire, all[900]!.fetch]
    const inside = all.filter(({ fetch, retire }) => fetch < to && retire >= from)
    expect(inside.length).toBeGreaterThan(100)
    expect(inside.length).toBeLessThan(1500)
    const shown = readKonata(written(all, { from, to }))
    expect(shown.map(({ sequence }) => sequence)).toEqual(inside.map(({ sequence }) => sequence))
    const first = inside[0]!.sequence
    for (const [i, { producers }] of shown.entries())
      expect(producers.map(({ id }) => id + first)).toEqual(inside[i]!.producers.filter((each) => each >= first))
    expect(inside.some(({ producers }) => producers.some((each) => each < first))).toBe(true)
  })

  it('of a window without instructions is only the header', () => {
    expect(written(three, { from: 30, to: 40 })).toBe('Kanata\t0004\n')
    expect(written(three, { from: 0, to: 10 })).toBe('Kanata\t0004\n')
  })

  it('is written as the instructions come: memory holds those in flight', () => {
    const pieces: string[] = []
    const writer = new KonataWriter((text) => pieces.push(text), pipes)
    const all = drawn('pieces', 20_000, false)
    for (const each of all) writer.retired(each)
    const before = pieces.join('').length
    writer.close()
    const whole = pieces.join('').length
    expect(whole - before).toBeLessThan(200_000)
    expect(before).toBeGreaterThan(whole / 2)
  })

  it('refuses a core that fetches out of order', () => {
    const writer = new KonataWriter(() => {}, pipes)
    writer.retired(times(0, 'nop', [10, 11, 12, 13, 14], [-1, 0]))
    expect(() => writer.retired(times(1, 'nop', [9, 11, 12, 13, 14], [-1, 0]))).toThrow(/cycle 9 is over/)
  })
})
