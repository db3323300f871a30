import { gzipSync } from 'node:zlib'
import seedrandom from 'seedrandom'
import { afterAll, describe, expect, it } from 'vitest'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { TraceFiles } from './files.ts'
import { executed } from './walk.ts'

const files = new TraceFiles()
afterAll(() => files.remove())

const header = 'bnnsim-trace 1\n'
const code = [
  'B 400000 add x1, x2, #8\n', // line 2
  'I 400004 ldr q0, [x1], #16\n',
  'I 400008 b.ne 0x400000\n',
  'I 40000c ret\n',
].join('')
const loop = '400000\n400004 100040\n400008 t\n400000\n400004 100050\n400008 n\n40000c t\n'
const good = `${header}${code}${loop}E 7\n`

async function problemOf(content: string | Uint8Array): Promise<string> {
  const file = files.file(content)
  try {
    await executed(new TraceReader(file))
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as Error).message.replace(file, 'FILE')
  }
  return 'none'
}

describe('a malformed trace is an error with file and line:', () => {
  it.each([
    ['nothing is wrong', good, 'none'],
    ['comments and blank lines are not', good.replace('\n400000\n', '\n# go\n\n400000\n'), 'none'],
    ['lines in the caches are not', good.replace(header, `${header}R l1i 400000 16\nR l1d 100000 64\n`), 'none'],
    ...['R l2 100 64', 'R l1d 100', 'R l1d 100 0', 'R l1d 10g 4', 'R l1d ffffffff 2'].map(
      (line): [string, string, string] => [
        line,
        good.replace(header, `${header}${line}\n`),
        `FILE:2: expected 'R', l1d or l1i, an address, and a number of bytes, found '${line}'`,
      ],
    ),
    [
      'lines in the caches that come too late',
      good.replace('\n400000\n', '\n400000\nR l1i 400000 16\n'),
      "FILE:7: expected 'R l1i 400000 16' before the first instruction that is executed",
    ],
    ['no file content', '', 'FILE: expected a trace, found an empty file'],
    ['another file', 'name: x\n', "FILE:1: expected 'bnnsim-trace 1', found 'name: x'"],
    ['another version', good.replace(' 1', ' 2'), "FILE:1: expected version 1 of the format, found '2'"],
    [
      'its end is missing',
      good.replace('E 7\n', ''),
      "FILE:12: expected 'E 7' as the last line: the trace is cut short",
    ],
    [
      'a wrong number of lines',
      good.replace('E 7', 'E 8'),
      "FILE:13: expected 'E 7', after as many executed instructions, found 'E 8'",
    ],
    ['a line behind its end', `${good}400000\n`, "FILE:14: expected nothing after the last line, found '400000'"],
    [
      'an address without instruction',
      good.replace('\n40000c t', '\n400010'),
      "FILE:12: expected an address that a 'B' or 'I' line has given an instruction, found '400010'",
    ],
    [
      'an address of more than 32 bits',
      good.replace('\n400000\n', '\n5500400000\n'),
      "FILE:6: expected an address that a 'B' or 'I' line has given an instruction, found '5500400000'",
    ],
    [
      'no access of a load',
      good.replace('400004 100040', '400004'),
      "FILE:7: expected of 'ldr q0, [x1], #16' its address and the address accessed, found '400004'",
    ],
    [
      'an empty access of a load',
      good.replace('400004 100040', '400004 '),
      "FILE:7: expected of 'ldr q0, [x1], #16' its address and the address accessed, found '400004 '",
    ],
    [
      'an access of what has none',
      good.replace('\n400000\n', '\n400000 1000\n'),
      "FILE:6: expected of 'add x1, x2, #8' its address, found '400000 1000'",
    ],
    [
      'no outcome of a branch',
      good.replace('400008 t', '400008'),
      "FILE:8: expected of 'b.ne 0x400000' its address and 't' or 'n', found '400008'",
    ],
    [
      'an outcome of no branch',
      good.replace('\n400000\n', '\n400000 t\n'),
      "FILE:6: expected of 'add x1, x2, #8' its address, found '400000 t'",
    ],
    [
      'a jump without branch',
      good.replace('400004 100040\n', ''),
      'FILE:7: expected the instruction at 400004 to follow, found 400008',
    ],
    [
      'a branch that goes elsewhere',
      good.replace('400008 t', '400008 n'),
      'FILE:9: expected the instruction at 40000c to follow, found 400000',
    ],
    [
      'a branch to another place',
      good.replace('400008 n', '400008 t'),
      'FILE:12: expected the instruction at 400000 to follow, found 40000c',
    ],
    [
      'a line of another kind',
      good.replace('\n400000\n', '\nX 400000\n'),
      "FILE:6: expected an address, 'B', 'I', 'R', 'E' or '#', found 'X 400000'",
    ],
    [
      'an address twice',
      good.replace('I 40000c', 'I 400008'),
      'FILE:5: expected each address to have one instruction, found a second one at 400008',
    ],
    [
      'an odd address',
      good.replace('I 40000c', 'I 40000e'),
      "FILE:5: expected 'B' or 'I', the address of an instruction, a multiple of 4, and its text, found 'I 40000e ret'",
    ],
    [
      'two instructions in a line',
      good.replace('add x1, x2, #8', 'nop; nop'),
      "FILE:2:13: expected a number, a symbol or '(' before '; nop'",
    ],
  ])('%s', async (_, content, problem) => {
    expect(await problemOf(content)).toBe(problem)
  })

  it('an instruction that does not exist, with what the assembler says of it', async () => {
    expect(await problemOf(good.replace('add x1', 'adx x1'))).toMatch(/^FILE:2:10: unknown instruction 'adx'/)
    expect(await problemOf(good.replace('ret', 'b .L3'))).toMatch(/^FILE:5:12: undefined symbol '\.L3'/)
  })

  it('a directive in place of an instruction', async () => {
    expect(await problemOf(good.replace('ret', '.space 8'))).toBe(
      "FILE:5:10: expected an instruction, found '.space 8'",
    )
  })

  it('lines without end', async () => {
    expect(await problemOf(`${header}${'0'.repeat(100_000)}`)).toBe('FILE: expected lines of at most 65536 bytes')
  })

  it('a gzip file that is cut short, or is none behind its beginning', async () => {
    const whole = gzipSync(good)
    expect(await problemOf(whole)).toBe('none')
    expect(await problemOf(whole.subarray(0, whole.length - 12))).toMatch(/^FILE: expected whole gzip data \(.+\)$/)
    expect(await problemOf(Buffer.concat([whole.subarray(0, 20), Buffer.alloc(40, 7)]))).toMatch(
      /^FILE: expected whole/,
    )
  })

  it('a file that is not there, and a folder', async () => {
    await expect(new TraceReader('no/such.trace').run()).rejects.toThrow(
      'no/such.trace: expected a file that can be read',
    )
    await expect(new TraceReader('docs').run()).rejects.toThrow('docs: expected a file, got a folder')
  })

  it('every trace that is cut short at some byte', async () => {
    for (let length = 0; length < good.length - 1; length += 3)
      expect(await problemOf(good.slice(0, length))).not.toBe('none')
  })

  it('whatever bytes are changed: nothing else is thrown', async () => {
    const random = seedrandom('bytes')
    const log = '0, 0x400080, 0x3dc00020, "ldr q0, [x1]", load, 0x00410000\n0, 0x400084, 0xd65f03c0, "ret "\n'
    for (let i = 0; i < 400; i++) {
      const bytes = Buffer.from(i % 2 === 0 ? good : log)
      for (let changes = 0; changes < 1 + (i % 3); changes++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 128)
      await problemOf(bytes)
    }
  })
})
