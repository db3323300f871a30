// docs/decode-unit.md: its commands run, its outputs are those that come out, its code is that of the files.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { commands, linesShown, outputOf, readersFolder, shortened, shownIn, text } from './decode-unit.ts'
import { root } from './guide.ts'

const folder = readersFolder()
afterAll(() => rmSync(folder, { recursive: true }))

describe('commands', () => {
  it.each(commands)('bnnsim $command', { timeout: 120_000 }, async ({ command, shown }) => {
    const output = await outputOf(command, folder)
    const lines = linesShown(shown ?? '')
    if (shown !== undefined) expect(shown).toBe(lines === null ? output : shortened(output, lines))
  })

  it('are found', () => expect(commands.length).toBe(5))

  it('write the file that ships', () => {
    const written = readFileSync(join(folder, 'decode-weights.s'), 'utf8')
    expect(written).toBe(readFileSync(join(root, 'traces/decode-weights.s'), 'utf8'))
  })
})

it('code is that of the programs that ship', () => {
  const [weights, kernel] = shownIn('asm')
  expect(readFileSync(join(root, 'traces/decode-weights.s'), 'utf8')).toContain(weights)
  expect(readFileSync(join(root, 'traces/decode-layer.s'), 'utf8')).toContain(kernel)
})

it('the error of a core without the unit is that which comes', async () => {
  const { error } = await inProcess('asm', join(root, 'traces/decode-layer.s'))
  expect(text).toContain(`bnnsim: ${error!.replace(root, '')}\n`)
})
