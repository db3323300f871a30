import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Instruction } from '../../../src/isa/instruction.ts'
import { decode } from '../../../src/isa/trace/decode.ts'
import { listing } from '../../../src/isa/trace/listing.ts'
import { printed } from '../../../src/isa/trace/print.ts'
import { InputError } from '../../../src/work/input-error.ts'

const uops = new URL('../../../../shared/reference/arm/llvm-mca-uops.csv', import.meta.url)

const listed = (text: string): string[] =>
  assemble(text, 'test.s').instructions.map((instruction) => listing(instruction))

const read = (text: string, address: number): Instruction => decode(text, address, { file: '', line: 1, column: 1 })

describe('the text of an instruction in a trace', () => {
  it('is as written where that stands alone', () => {
    const lines = ['add x0, x1, x2, lsl #3', 'cmp w3, #4', 'movi v0.4s, #1, lsl #8', 'mov v1.16b, v0.16b', 'ret']
    expect(listed(lines.join('\n'))).toEqual(lines)
  })

  it('has numbers for symbols and names for registers where it does not', () => {
    const program = `
      .equ    ROW, 64
      acc     .req    v16
      count   .req    x2
      start:  mov     count, #ROW / 2
      1:      ldr     q0, [x0, #(ROW - 16)]
              add     acc.16b, acc.16b, v0.16b
              xtn2    acc.16b, v1.8h
              movi    acc.4s, #ROW, lsl #16
              movi    acc.4s, #ROW, msl #8
              mvni    acc.8h, #ROW, lsl #8
              mvni    acc.4s, #ROW, msl #16
              movi    acc.2d, #0xff00ff00ff00ff00
              orr     acc.4s, #ROW, lsl #8
              prfm    pldl2strm, [count, #ROW]
              subs    count, count, #1
              b.ne    1b
              cbz     count, end
              tbnz    x3, #ROW / 16, start
              adrp    x1, table
              add     x1, x1, :lo12:table
              ldr     w4, table
              bl      start
      end:    ret
              .data
      table:  .word   1`
    expect(listed(program)).toEqual([
      'mov x2, #32',
      'ldr q0, [x0, #48]',
      'add v16.16b, v16.16b, v0.16b',
      'xtn2 v16.16b, v1.8h',
      'movi v16.4s, #64, lsl #16',
      'movi v16.4s, #64, msl #8',
      'mvni v16.8h, #64, lsl #8',
      'mvni v16.4s, #64, msl #16',
      'movi v16.2d, #18374966859414961920',
      'orr v16.4s, #64, lsl #8',
      'prfm pldl2strm, [x2, #64]',
      'subs x2, x2, #1',
      'b.ne 0x100004',
      'cbz x2, 0x10004c',
      'tbnz x3, #4, 0x100000',
      'adrp x1, 0x101000',
      'add x1, x1, #0',
      'ldr w4, 0x101000',
      'bl 0x100000',
      'ret',
    ])
  })

  it('is refused where it cannot be given', () => {
    const [instruction] = assemble('mov x0, #1', 'test.s').instructions
    const changed: Instruction = { ...instruction!, text: 'nothing', operands: [] }
    expect(() => listing(changed)).toThrow(InputError)
  })
})

describe.skipIf(absent())('the forms of ../shared/reference/arm/llvm-mca-uops.csv', () => {
  it('mean the same when printed from operation and operands', () => {
    const lines = readFileSync(uops, 'utf8').split('\n').slice(1)
    const forms = lines.flatMap((line) => /^"([^"]+)"|^([^,]+)/.exec(line)?.slice(1).find(Boolean) ?? [])
    expect(forms.length).toBeGreaterThan(100)
    const wrong = [...new Set(forms)].flatMap((form) => {
      const [instruction] = assemble(`.Lx: ${form}`, 'form.s').instructions
      const { text, line, operands, ...rest } = instruction!
      try {
        const { text: _, line: __, operands: ___, ...again } = read(printed(instruction!), instruction!.address)
        expect(again).toEqual(rest)
        return []
      } catch (error) {
        return [`${form}: ${printed(instruction!)}: ${(error as Error).message}`]
      }
    })
    expect(wrong).toEqual([])
  })
})

function absent(): boolean {
  if (existsSync(uops)) return false
  console.warn('skipped: no table of forms here (../shared/reference/arm)')
  return true
}
