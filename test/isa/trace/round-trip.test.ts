import { afterAll, describe, expect, it } from 'vitest'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { Recorder } from '../../../src/isa/trace/record.ts'
import { compressed, record, TraceFiles } from './files.ts'
import { type Executed, executed, RandomWalk, randomProgram } from './walk.ts'

const files = new TraceFiles()
afterAll(() => files.remove())

const cases = Array.from({ length: 24 }, (_, i) => `walk ${i}`)

/** Steps of a walk: most are some lines, some are read in several chunks. */
const stepsOf = (seed: string): number => [3000, 50, 1, 700, 60_000, 7][Number(seed.slice(5)) % 6]!

/** Index of the first instruction that differs, -1 if none does. */
const differing = (a: readonly Executed[], b: readonly Executed[]): number =>
  a.length === b.length ? a.findIndex((each, i) => each.some((part, k) => part !== b[i]![k])) : 0

describe('a recorded trace', () => {
  it.each(cases)('is read as what was executed: %s', async (seed) => {
    const program = randomProgram(seed)
    const walk = (): RandomWalk => new RandomWalk(program, seed, stepsOf(seed))
    const text = record(walk())
    const expected = await executed(walk())
    const plain = new TraceReader(files.file(text))
    expect(differing(await executed(plain), expected)).toBe(-1)
    expect(differing(await executed(new TraceReader(files.file(compressed(text)))), expected)).toBe(-1)
    const written = new Map(program.instructions.map((each) => [each.address, each]))
    for (const { line, text, operands, ...read } of plain.instructions) {
      const { line: _, text: __, operands: ___, ...original } = written.get(read.address)!
      expect(read).toEqual(original)
    }
  })

  it('is passed through while it is recorded', async () => {
    const program = randomProgram('through')
    const recorder = new Recorder(new RandomWalk(program, 'through', 5000), () => {})
    expect(await executed(recorder)).toEqual(await executed(new RandomWalk(program, 'through', 5000)))
  })

  it('has blocks whose last instruction alone branches, of consecutive addresses, none twice', async () => {
    for (const seed of cases) {
      const reader = new TraceReader(files.file(record(new RandomWalk(randomProgram(seed), seed, stepsOf(seed)))))
      await executed(reader)
      const { instructions, blocks } = reader
      for (const { first, count } of blocks) {
        const of = instructions.slice(first, first + count)
        expect(of.length).toBe(count)
        expect(of.slice(0, -1).every(({ branch }) => branch === null)).toBe(true)
        expect(of.map(({ address }) => address)).toEqual(of.map((_, i) => of[0]!.address + 4 * i))
      }
      expect(new Set(blocks.map(({ first, count }) => `${first} ${count}`)).size).toBe(blocks.length)
      expect(new Set(instructions.map(({ address }) => address)).size).toBe(instructions.length)
    }
  })

  it('begins in the middle of a program as well, and ends where recording is stopped', async () => {
    const program = randomProgram('middle')
    const walk = new RandomWalk(program, 'middle', 20_000)
    let text = ''
    walk.run()
    const recorder = new Recorder(walk, (piece) => (text += piece))
    recorder.run()
    recorder.close()
    const again = new RandomWalk(program, 'middle', 20_000)
    again.run()
    const words = again.run()
    const once = { ...again, instructions: again.instructions, blocks: again.blocks, trace: again.trace, next: -1 }
    let left = words
    const expected = await executed({ ...once, run: () => [left, (left = 0)][0]! })
    expect(await executed(new TraceReader(files.file(text)))).toEqual(expected)
  })

  it('may be of nothing', async () => {
    const walk = new RandomWalk(randomProgram('nothing'), 'nothing', 0)
    walk.next = -1
    expect(record(walk)).toBe('bnnsim-trace 1\nE 0\n')
    const reader = new TraceReader(files.file('bnnsim-trace 1\nE 0\n'))
    expect([await reader.run(), reader.next, await reader.run()]).toEqual([0, -1, 0])
  })
})
