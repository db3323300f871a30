import { afterAll, describe, expect, it } from 'vitest'
import { spelled } from '../../../src/isa/trace/decode.ts'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { TraceFiles } from './files.ts'
import { executed } from './walk.ts'

const files = new TraceFiles()
afterAll(() => files.remove())

/** Written by hand after the plugin's source: system emulation adds the device, position-independent code is high. */
const log = [
  '0, 0x5500000838, 0x3dc00020, "ldr q0, [x1]", load, 0x5500010040, load, 0x5500010048',
  '0, 0x550000083c, 0x3c810440, "str q0, [x2], #0x10", store, 0x40001000, RAM, store, 0x40001008, RAM',
  '0, 0x5500000840, 0x910023e2, "add x2, sp, #8"',
  '0, 0x5500000844, 0x54ffffa1, "b.ne #0x5500000838"',
  '0, 0x5500000838, 0x3dc00020, "ldr q0, [x1]", load, 0x7ffffffff0, load, 0x7ffffffff8',
  '0, 0x550000083c, 0x3c810440, "str q0, [x2], #0x10", store, 0x40001010, RAM, store, 0x40001018, RAM',
  '0, 0x5500000840, 0x910023e2, "add x2, sp, #8"',
  '0, 0x5500000844, 0x54ffffa1, "b.ne #0x5500000838"',
  '0, 0x5500000848, 0xf9800020, "prfm pldl1keep, [x1]"',
  '0, 0x550000084c, 0xd65f03c0, "ret "',
]
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

const problemOf = async (lines: readonly string[]): Promise<string> => {
  const file = files.file(textOf(lines))
  const problem = await executed(new TraceReader(file)).then(
    () => 'none',
    (error: Error) => error.message,
  )
  return problem.replace(file, 'FILE')
}

describe("a log of QEMU's execlog plugin", () => {
  it('is read as what was executed: low 32 bits of addresses, the first access of each instruction', async () => {
    const reader = new TraceReader(files.file(textOf(log)))
    expect((await executed(reader)).map(([address, access]) => [address, access])).toEqual([
      [0x838, 0x10040],
      [0x83c, 0x40001000],
      [0x840, null],
      [0x844, null],
      [0x838, 0xfffffff0],
      [0x83c, 0x40001010],
      [0x840, null],
      [0x844, null],
      [0x848, null],
      [0x84c, null],
    ])
    expect(reader.instructions.map(({ timing }) => timing)).toEqual([
      'load-vector',
      'store-vector',
      'alu',
      'branch-conditional',
      'nop',
      'branch-return',
    ])
    expect(reader.instructions[3]!.branch!.target).toBe(0x838)
    expect(reader.replaced).toEqual({ executed: 1, texts: ['prfm pldl1keep, [x1]'] })
  })

  it('with an instruction that the assembler does not know is an error, or is timed as nop and counted', async () => {
    const unknown = '0, 0x5500000850, 0xd4000001, "svc #0"'
    expect(await problemOf([...log, unknown])).toMatch(/^FILE:11:31: unknown instruction 'svc'/)
    const reader = new TraceReader(files.file(textOf([...log, unknown])), { unknown: 'nop' })
    expect((await executed(reader)).length).toBe(11)
    expect(reader.replaced).toEqual({ executed: 2, texts: ['prfm pldl1keep, [x1]', 'svc #0'] })
  })

  it.each([
    [
      'another processor',
      ['1, 0x40, 0xd503201f, "nop"'],
      `FILE:11: expected '0, 0xADDRESS, 0xWORD, "INSTRUCTION"' of processor 0 alone, found '1, 0x40, 0xd503201f, "nop"'`,
    ],
    ['output of the program', ['hello'], `FILE:11: expected '0, 0xADDRESS, 0xWORD, "INSTRUCTION"', found 'hello'`],
    [
      'a line cut short',
      ['0, 0x5500000840, 0x910023e2, "add'],
      `FILE:11: expected '0, 0xADDRESS, 0xWORD, "INSTRUCTION"', found '0, 0x5500000840, 0x910023e2, "add'`,
    ],
    [
      'code that changes',
      ['0, 0x5500000840, 0xd503201f, "nop"'],
      'FILE:11: expected the code at 840 to stay as it is, found another instruction there',
    ],
    [
      'a load without access',
      ['0, 0x5500000838, 0x3dc00020, "ldr q0, [x1]"'],
      "FILE:11: expected the address accessed behind 'ldr q0, [x1]'",
    ],
    [
      'an access of what has none',
      ['0, 0x5500000840, 0x910023e2, "add x2, sp, #8", load, 0x10'],
      "FILE:11: expected no access to memory behind 'add x2, sp, #8'",
    ],
  ])('with %s is an error', async (_, lines, problem) => {
    expect(await problemOf([...log, ...lines])).toBe(problem)
  })

  it('ignores the registers that later versions print', async () => {
    const registers = log.map((line, i) => (i === 2 ? `${line}, x2 -> 0x0000005500010040` : line))
    const [plain, more] = [log, registers].map((lines) => executed(new TraceReader(files.file(textOf(lines)))))
    expect(await more).toEqual(await plain)
  })

  it.each([
    ['b.ne #0x400080', 'b.ne 0x400080'],
    ['b.ne 400080 <loop+0x8>  // b.any', 'b.ne 0x400080'],
    ['b.ne #-0x8 (addr 0x400080)', 'b.ne 0x400080'],
    ['bl\t0x5500400080', 'bl 0x400080'],
    ['tbnz w0, #0x1f, #0x400080', 'tbnz w0, #0x1f, 0x400080'],
    ['adrp x0, #0x410000', 'adrp x0, 0x410000'],
    ['ldr q0, #0x400100', 'ldr q0, 0x400100'],
    ['ldr q0, [x1, #0x10]', 'ldr q0, [x1, #0x10]'],
    ['bic v0.4s, #0xff', 'bic v0.4s, #0xff'],
    ['ldr x0, [x1], #0xfffffffffffffff0', 'ldr x0, [x1], #-16'],
    ['ret ', 'ret'],
    ['br x16', 'br x16'],
    ['blr x3', 'blr x3'],
  ])('has %j spelled as %j', (text, expected) => {
    expect(spelled(text)).toBe(expected)
  })
})
