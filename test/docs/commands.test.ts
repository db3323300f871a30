// How commands of the documentation are found, and what is compared with their output.

import { describe, expect, it } from 'vitest'
import { isShown, needs, outputsOf, pages, shownCommands, writtenFiles } from './commands.ts'

describe('commands of the documentation', () => {
  it('are found in blocks and in help, without comments, with output', async () => {
    const shown = await shownCommands()
    expect(shown).toContainEqual({ place: 'README.md', line: 'bnnsim list networks' })
    expect(shown).toContainEqual({ place: 'bnnsim run --help', line: 'bnnsim run demo' })
    const first = shown.find(({ line }) => line === 'bnnsim run my-first.yaml --out results/first')
    expect(first?.output).toMatch(/^A trained network on two FPGAs\n/)
    expect(shown.filter(({ line }) => / # /.test(line))).toEqual([])
    const lines = pages().flatMap(({ text }) => [...text.matchAll(/^(?:npx )?bnnsim [a-z]+ .*/gm)])
    expect(shown.filter(({ place, line }) => place.endsWith('.md') && line.startsWith('bnnsim '))).toHaveLength(
      lines.length,
    )
  })

  it('have the files that the reader writes', () => {
    expect([...writtenFiles().keys()]).toEqual(expect.arrayContaining(['my-first.yaml', 'my-clocks.yaml']))
  })

  it('wait for what earlier ones write', () => {
    expect(outputsOf('bnnsim asm a.s --record r.gz --trace=t.json > out.txt')).toEqual(['r.gz', 't.json', 'out.txt'])
    expect(needs('bnnsim replay r.gz', ['r.gz'])).toBe(true)
    expect(needs('bnnsim run results/first/config.yaml', ['results/first'])).toBe(true)
    expect(needs('bnnsim run results2', ['results'])).toBe(false)
  })

  it.each([
    ['a\nb\n', 'a\nb\n', true],
    ['a\nb\n', 'a\nc\n', false],
    ['a\nb\nc\n', 'a\n...\nc\n', true],
    ['a\nb\nc\nd\n', '...\nb\n...\nd\n', true],
    ['a\nb\nc\nd\n', '...\nc\n...\nb\n...\n', false],
    ['a\nb\n', 'a\nb\n...\nb\n', false],
    ['a\nb\n', 'a\n...\n', true],
  ])('print what is shown: %j, %j', (printed, shown, same) => expect(isShown(printed, shown)).toBe(same))
})
