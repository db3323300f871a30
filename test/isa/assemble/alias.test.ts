// What is written in two ways means the same.

import { describe, expect, it } from 'vitest'
import { one, shown } from './one.ts'

describe('aliases', () => {
  it.each([
    ['cmp x0, #5', 'subs xzr, x0, #5'],
    ['cmp x0, #-5', 'adds xzr, x0, #5'],
    ['cmn w0, w1, asr #2', 'adds wzr, w0, w1, asr #2'],
    ['tst w0, #0xff', 'ands wzr, w0, #255'],
    ['neg x0, x1, lsl #2', 'sub x0, xzr, x1, lsl #2'],
    ['mvn w0, w1', 'orn w0, wzr, w1'],
    ['mov x0, x1', 'orr x0, xzr, x1'],
    ['mov x29, sp', 'add fp, sp, #0'],
    ['mov w0, #-1', 'movn w0, #0'],
    ['mov x0, #0x12340000', 'movz x0, #0x1234, lsl #16'],
    ['add sp, sp, #4096', 'add sp, sp, #1, lsl #12'],
    ['add x0, x1, #-16', 'sub x0, x1, #16'],
    ['add x0, sp, x1, lsl #2', 'add x0, sp, x1, uxtx #2'],
    ['add x0, x1, x2, sxtw', 'add x0, x1, w2, sxtw #0'],
    ['lsl w0, w1, #3', 'ubfm w0, w1, #29, #28'],
    ['lsl x0, x1, #0', 'ubfm x0, x1, #0, #63'],
    ['lsr x0, x1, #3', 'ubfm x0, x1, #3, #63'],
    ['asr w0, w1, #31', 'sbfm w0, w1, #31, #31'],
    ['ror w0, w1, #7', 'extr w0, w1, w1, #7'],
    ['ubfx x0, x1, #3, #5', 'ubfm x0, x1, #3, #7'],
    ['ubfiz x0, x1, #3, #5', 'ubfm x0, x1, #61, #4'],
    ['bfi w0, w1, #8, #4', 'bfm w0, w1, #24, #3'],
    ['bfxil w0, w1, #8, #4', 'bfm w0, w1, #8, #11'],
    ['sxtw x0, w1', 'sbfm x0, x1, #0, #31'],
    ['uxtb w0, w1', 'ubfm w0, w1, #0, #7'],
    ['uxtw x0, w1', 'mov w0, w1'],
    ['mneg x0, x1, x2', 'msub x0, x1, x2, xzr'],
    ['umull x0, w1, w2', 'umaddl x0, w1, w2, xzr'],
    ['cset w0, ne', 'csinc w0, wzr, wzr, eq'],
    ['csetm x0, hs', 'csinv x0, xzr, xzr, lo'],
    ['cneg w0, w1, lt', 'csneg w0, w1, w1, ge'],
    ['bcc start', 'b.lo start'],
    ['ret', 'ret x30'],
    ['ldur x0, [x1, #-8]', 'ldr x0, [x1, #-8]'],
    ['ldr w0, =1', 'mov w0, #1'],
    ['mvni v0.8h, #255', 'movi v0.8h, #255, lsl #8'],
    ['mov v0.s[1], v1.s[2]', 'ins v0.s[1], v1.s[2]'],
    ['mov v0.d[1], x3', 'fmov v0.d[1], x3'],
    ['mov s0, v1.s[2]', 'dup s0, v1.4s[2]'],
    ['mvn v0.8b, v1.8b', 'not v0.8b, v1.8b'],
    ['uxtl2 v0.8h, v1.16b', 'ushll2 v0.8h, v1.16b, #0'],
    ['LD1 {V0.16B-V2.16B}, [X0], #48', 'ld1 { v0.16b, v1.16b , v2.16b },[x0],48'],
    ['ldr q0, [x0, x1, lsl #0]', 'ldr q0, [x0, x1]'],
    ['add ip0, ip1, lr', 'add x16, x17, x30'],
    ["mov w0, #'a'", 'mov w0, #(1 << 6) + 0b100001'],
    ['hint #34', 'nop'],
  ])('%s is %s', (alias, plain) => {
    const [a, b] = [one(alias), one(plain)]
    const { line: _, text: __, ...meaning } = b
    expect(a).toMatchObject(meaning)
    expect(shown(a)).toBe(shown(b))
  })
})

describe('immediates', () => {
  it.each([
    ['and w0, w1, #-2', 0xffff_fffen],
    ['mov x0, #-2', 0xffff_ffff_ffff_fffen],
    ['movi v0.4s, #1, msl #16', 0x1_ffffn],
    ['movi v0.2d, #0xff00ff00ff00ff00', 0xff00_ff00_ff00_ff00n],
    ['mvni v0.8h, #1', 0xfffen],
    ['bic v0.4s, #1, lsl #24', 0x100_0000n],
    ['movi v0.16b, #-1', 0xffn],
  ])('%s holds %i', (text, value) => {
    expect(one(text).operands.at(-1)).toEqual({ kind: 'immediate', value })
  })

  it('of movk are the field in place and where it starts, also of nothing', () => {
    expect(one('movk x0, #0, lsl #32').operands.slice(1)).toEqual([
      { kind: 'immediate', value: 0n },
      { kind: 'immediate', value: 32n },
    ])
  })
})
