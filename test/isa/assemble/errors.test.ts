import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { refusal } from './one.ts'

describe('what is refused, with line and column', () => {
  it.each([
    ['nop\n  ad x0, x1, x2', "bad.s:2:3: unknown instruction 'ad'; did you mean 'add'?"],
    ['svc #0', /^bad.s:1:1: unknown instruction 'svc'/],
    ['add x0, x1, w2', /^bad.s:1:1: no such form of add: 'add x0, x1, w2'; there are add W, W, W\{, lsl\|lsr\|asr/],
    ['mul v0.2d, v1.2d, v2.2d', /^bad.s:1:1: no such form of mul.*; mul V.4s, V.4s, V.4s;/],
    ['a: nop; add x0, x1, #4097', 'bad.s:1:21: add: immediate 4097: expected 0 to 4095, or such a number times 4096'],
    ['and x0, x1, #5', /^bad.s:1:13: and: immediate 5: expected a mask of 64 bits/],
    ['mov x0, #0x12345', /^bad.s:1:9: mov: immediate 74565: expected one that/],
    ['ldr x0, [x1, #32768]', /^bad.s:1:9: ldr: offset 32768: expected 0 to 32760 by 8, or -256 to 255/],
    ['ldp q0, q1, [x0, #8]', /^bad.s:1:13: ldp: offset 8: expected -1024 to 1008 by 16/],
    ['ld1 {v0.16b}, [x0], #32', 'bad.s:1:21: ld1: expected #16'],
    ['ld1 {v0.16b, v2.16b}, [x0]', /^bad.s:1:5: registers of a list follow one another/],
    ['mov v0.s[4], w1', 'bad.s:1:5: mov: index 4: expected 0 to 3'],
    ['mla v0.8h, v1.8h, v16.h[0]', "bad.s:1:19: mla: 'v16.h': expected v0 to v15"],
    ['ushr v0.8h, v1.8h, #17', 'bad.s:1:20: ushr: immediate 17: expected 1 to 16'],
    ['ubfx w0, w1, #30, #3', 'bad.s:1:1: ubfx: width 3: expected 1 to 2'],
    ['lsl w0, w1, #32', 'bad.s:1:13: lsl: immediate 32: expected 0 to 31'],
    ['ldr x0, [x1, w2]', /^bad.s:1:14: ldr: 'w2': a w register needs uxtw or sxtw/],
    ['ldr x0, [x1, x2, lsl #2]', 'bad.s:1:18: ldr: expected a shift by 0 or 3'],
    ['ldr x0, [w1]', 'bad.s:1:9: ldr: expected x0 to x30 or sp as the base'],
    ['fmov s0, #0.1', /^bad.s:1:10: fmov: 0.1: expected/],
    ['cset w0, al', /^bad.s:1:1: no such form of cset/],
    ['b nowhere', "bad.s:1:3: undefined symbol 'nowhere'"],
    ['loop: b lop', "bad.s:1:9: undefined symbol 'lop'; did you mean 'loop'?"],
    ['b 1f', 'bad.s:1:3: undefined local label 1'],
    ['a: nop\na: nop', "bad.s:2:1: 'a' is defined twice"],
    [
      'tbz x0, #1, far\n.rept 9000\nnop\n.endr\nfar:',
      /^bad.s:1:13: tbz: the target is 36004 bytes away, more than 32768/,
    ],
    ['.data\nnop', 'bad.s:2:1: an instruction in .data, which is not executable'],
    ['.bite 1', "bad.s:1:1: unknown directive '.bite'; did you mean '.byte'?"],
    ['.data\n.byte 256', 'bad.s:2:7: 256 does not fit in 1 bytes'],
    ['.data\n.byte x * 2\n.set x, y\n.set y, x', /'[xy]' is defined by itself/],
    ['.align 40', /^bad.s:1:8: alignment 40/],
    ['.skip n', 'bad.s:1:7: expected a number that is known here'],
    ['adrp x0, :got:x', /^bad.s:1:10: relocation ':got:' is not supported/],
    ['mov x0, #(1', /^bad.s:1:12: expected '\)' at the end/],
    ['mov x0, #1 2', /^bad.s:1:12: expected the end of the statement before '2'/],
    ['mov x0, 09', "bad.s:1:9: '09' is not a number"],
    ['mov x0, 1/0', /^bad.s:1:12: division by zero/],
    ['.word a * a\na:', /'\*' of addresses|fit/],
    ['.section .init_array,"aw"\n.xword 1', 'bad.s: .init_array is not empty: nothing runs before the entry'],
    ['.macro m\nm\n.endm\nm', /^bad.s:4:1: macro 'm' calls itself without end/],
    ['.rept 3\nnop', 'bad.s:1:1: this block has no end'],
    ['.endr', 'bad.s:1:1: .endr without its beginning'],
    ['.macro m a:req\n.endm\nm', "bad.s:3:1: macro 'm' needs 'a'"],
    ['.inst 0xd503201f', /^bad.s:1:1: an instruction given by its encoding/],
  ])('%j', (text, message) => {
    expect(refusal(text)).toMatch(message)
  })

  it('is an InputError with its place', () => {
    expect.assertions(2)
    try {
      assemble('nop\n nop; foo', 'a.s')
    } catch (error) {
      expect(error).toBeInstanceOf(InputError)
      expect((error as InputError).place).toEqual({ file: 'a.s', line: 2, column: 7 })
    }
  })
})
