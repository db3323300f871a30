import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import seedrandom from 'seedrandom'
import { expect, it } from 'vitest'
import { readTrace } from '../../../src/mem/dram/trace.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { withFiles } from '../../config/files.ts'
import type { Row } from './traces.ts'

async function rowsOf(file: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const { length, address, write, cycle } of readTrace(file))
    for (let i = 0; i < length; i++) rows.push([address[i]!, write[i] === 1, cycle[i]!])
  return rows
}

const folderWith = (text: string): string => withFiles({ 't.trace': text })
const rowsIn = (text: string): Promise<Row[]> => rowsOf(join(folderWith(text), 't.trace'))

it('reads lines, with or without an end, spare blanks or empty lines', async () => {
  expect(await rowsIn('0x1FFFFFFFFFFFFF READ 0\r\n\n  0XfF\tWRITE  3 \n0x40 READ 9007199254740991')).toEqual([
    [Number.MAX_SAFE_INTEGER, false, 0],
    [0xff, true, 3],
    [0x40, false, Number.MAX_SAFE_INTEGER],
  ])
})

it('passes over comments', async () => {
  expect(await rowsIn('# of a run\n0x40 READ 3\n  #0x80 READ 4\n\n0x40 READ 3\n# end')).toEqual([
    [0x40, false, 3],
    [0x40, false, 3],
  ])
})

it('reads many blocks, whole or compressed, whatever the pieces', async () => {
  const random = seedrandom('trace')
  let cycle = 0
  const rows = Array.from({ length: 200_000 }, (): Row => {
    return [Math.floor(random() * 2 ** 36) * 64, random() < 0.5, (cycle += Math.floor(random() * 1e4))]
  })
  const text = rows.map(([address, write, cycle]) => `0x${address.toString(16)} ${write ? 'WRITE' : 'READ'} ${cycle}\n`)
  const folder = folderWith(text.join(''))
  writeFileSync(join(folder, 't.trace.gz'), gzipSync(text.join(''), { level: 1 }))
  expect(await rowsOf(join(folder, 't.trace'))).toEqual(rows)
  expect(await rowsOf(join(folder, 't.trace.gz'))).toEqual(rows)
})

it.each([
  ['0x40 READ 1\n40 READ 2', 't.trace:2: expected an address in hexadecimal, such as 0x1F40; got "40 READ 2"'],
  ['0x READ 2', 't.trace:1: expected an address in hexadecimal, such as 0x1F40; got "0x READ 2"'],
  ['0x4g READ 2', 't.trace:1: expected an address in hexadecimal, such as 0x1F40; got "0x4g READ 2"'],
  ['0x20000000000000 READ 2', /^t\.trace:1: expected an address in hexadecimal/],
  ['0x40 RAED 2', 't.trace:1: expected READ or WRITE; did you mean \'READ\'?; got "RAED 2"'],
  ['0x40', 't.trace:1: expected READ or WRITE; got nothing'],
  ['0x40 READ', 't.trace:1: expected the cycle of the request, a whole number; got nothing'],
  ['0x40 READ -3', 't.trace:1: expected the cycle of the request, a whole number; got "-3"'],
  ['0x40 READ 1.5', 't.trace:1: expected the cycle of the request, a whole number; got "1.5"'],
  ['\n\n0x40 READ 1 9', 't.trace:3: expected the line to end after address, READ or WRITE, and cycle; got "9"'],
  ['0x40 READ 3\n0x40 READ 2', 't.trace:2: expected requests in the order of their cycles, 3 or later; got "2"'],
  ['# none', 't.trace: expected requests such as 0x1F40 READ 100, found none'],
  [`# ${'x'.repeat(600_000)}`, /^t\.trace:1: expected a line such as 0x1F40 READ 100; got "# x{38}"$/],
  ['x'.repeat(600_000), /^t\.trace:1: expected a line such as 0x1F40 READ 100; got "x{40}"$/],
  ['', 't.trace: expected requests such as 0x1F40 READ 100, found none'],
])('refuses what is no trace: %j', async (text, message) => {
  const folder = folderWith(text)
  const error = await rowsOf(join(folder, 't.trace')).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(InputError)
  expect((error as Error).message.replace(`${folder}/`, '')).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
})

it('keeps to the order of cycles from one block to the next', async () => {
  const text = `${'0x40 READ 5\n'.repeat(1 << 16)}0x40 READ 4\n`
  await expect(rowsIn(text)).rejects.toThrow(
    /t\.trace:65537: expected requests in the order of their cycles, 5 or later/,
  )
})

it('refuses files that cannot be read', async () => {
  const folder = withFiles({ 'broken.gz': 'no gzip' })
  await expect(rowsOf(join(folder, 'broken.gz'))).rejects.toThrow(/broken\.gz: cannot be read \(Z_DATA_ERROR\)/)
  await expect(rowsOf(join(folder, 'none'))).rejects.toThrow(/none: cannot be read \(ENOENT\)/)
  await expect(rowsOf(join(folder, 'none.gz'))).rejects.toThrow(/none\.gz: cannot be read \(ENOENT\)/)
})
