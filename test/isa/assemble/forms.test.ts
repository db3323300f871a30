import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formsFor, mnemonics } from '../../../src/isa/assemble/forms/form-table.ts'
import { assemble } from '../../../src/isa/assemble.ts'
import { FLAGS, SP, V0 } from '../../../src/isa/instruction.ts'
import { ops } from '../../../src/isa/ops.ts'
import { forms } from '../forms.ts'
import { one } from './one.ts'

const reference = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/reference/arm/llvm-mca-uops.csv')
if (!existsSync(reference)) console.log('The list of forms is not compared: the reference table is absent.')

describe('the forms of the reference', () => {
  it.each(forms)('%s assembles', (form) => {
    const { instructions } = assemble(`.Lx: ${form}`, 'form.s')
    expect(instructions).toHaveLength(1)
    expect(instructions[0]!.text).toBe(form)
  })

  it.skipIf(!existsSync(reference))('are all listed', () => {
    const rows = readFileSync(reference, 'utf8').trim().split('\n').slice(1)
    const listed = rows.map((row) => /^"([^"]*)"|^[^,]*/.exec(row)!).map(([whole, quoted]) => quoted ?? whole)
    expect(forms).toEqual([...new Set(listed)])
    expect(forms).toHaveLength(228)
  })
})

describe('the tables of forms', () => {
  it('reach every operation', () => {
    const reached = new Set(mnemonics.flatMap((mnemonic) => formsFor(mnemonic)!.map(({ op }) => op)))
    expect(ops.filter((op) => !reached.has(op))).toEqual([])
  })
})

const v = (...indices: number[]): number[] => indices.map((index) => V0 + index)

describe('operation, timing class and dataflow', () => {
  it.each([
    ['ld1 {v0.16b, v1.16b}, [x0], #32', 'ld1', 'load-multiple', [0], v(0, 1)],
    ['ld1 {v0.s}[1], [x0], x2', 'ld1', 'load-lane', [0, 2, ...v(0)], v(0)],
    ['ld4 {v30.8b - v1.8b}, [x3]', 'ld4', 'load-structure-4', [3], v(30, 31, 0, 1)],
    ['ldr q0, [x0, x1]', 'ldr', 'load-vector-register', [0, 1], v(0)],
    ['ldp x0, xzr, [sp, #16]', 'ldp', 'load-pair-64', [SP], [0]],
    ['ldrsb w0, [x1, w2, sxtw]', 'ldrsb', 'load-narrow-register', [1, 2], [0]],
    ['ldr d0, start', 'ldr', 'load-literal', [], v(0)],
    ['str x0, [x1], #8', 'str', 'store', [1, 0], []],
    ['stp q0, q1, [x0]', 'stp', 'store-vector-pair', [0, ...v(0, 1)], []],
    ['eor v0.16b, v1.16b, v2.16b', 'veor', 'vector-logic', v(1, 2), v(0)],
    ['bsl v0.16b, v1.16b, v2.16b', 'bsl', 'vector-select', v(1, 2, 0), v(0)],
    ['mov v0.16b, v1.16b', 'vorr', 'vector-move', v(1), v(0)],
    ['uaddlv h0, v1.8b', 'uaddlv', 'vector-sum-long-8', v(1), v(0)],
    ['addv s0, v1.4s', 'addv', 'vector-sum-32', v(1), v(0)],
    ['xtn2 v0.16b, v1.8h', 'xtn', 'vector-narrow', v(1, 0), v(0)],
    ['sli v0.8h, v1.8h, #8', 'sli', 'vector-shift-insert', v(1, 0), v(0)],
    ['sqshl v0.8h, v1.8h, #3', 'sqshl', 'vector-shift-saturating', v(1), v(0)],
    ['sqshl v0.8h, v1.8h, v2.8h', 'sqshl', 'vector-shift-round-register', v(1, 2), v(0)],
    ['tbl v0.8b, {v1.16b, v2.16b}, v3.8b', 'tbl', 'vector-table-2', v(1, 2, 3), v(0)],
    ['ins v0.s[1], w3', 'ins', 'insert-general', [3, ...v(0)], v(0)],
    ['mov w0, v1.s[3]', 'umov', 'move-to-general', v(1), [0]],
    ['fmul v0.4s, v1.4s, v2.s[3]', 'fmul', 'float-multiply', v(1, 2), v(0)],
    ['fdiv d0, d1, d2', 'fdiv', 'float-divide-64', v(1, 2), v(0)],
    ['scvtf s0, w1', 'scvtf', 'float-from-general', [1], v(0)],
    ['fcvtzs x0, d1, #4', 'fcvtzs', 'float-to-general', v(1), [0]],
    ['fcmpe s0, #0.0', 'fcmp', 'float-compare', v(0), [FLAGS]],
    ['cmp x0, x1, lsl #3', 'subs', 'alu-shifted', [0, 1], [FLAGS]],
    ['add x0, x1, w2, uxtb', 'add', 'alu-shifted-far', [1, 2], [0]],
    ['add x0, x1, x2, lsr #1', 'add', 'alu-shifted-far', [1, 2], [0]],
    ['adcs x0, x1, x2', 'adcs', 'carry-flags', [1, 2, FLAGS], [0, FLAGS]],
    ['lsl x0, x1, #3', 'ubfm', 'shift-immediate', [1], [0]],
    ['lsl x0, x1, x2', 'lslv', 'shift-register', [1, 2], [0]],
    ['bfi x0, x1, #3, #5', 'bfm', 'bitfield-insert', [1, 0], [0]],
    ['mul w0, w1, w2', 'madd', 'multiply-32', [1, 2], [0]],
    ['madd x0, x1, x2, x3', 'madd', 'multiply-add-64', [1, 2, 3], [0]],
    ['cset w0, gt', 'csinc', 'conditional-select', [FLAGS], [0]],
    ['movk x0, #1, lsl #16', 'movk', 'alu', [0], [0]],
    ['bl start', 'bl', 'branch-call', [], [30]],
    ['ret', 'ret', 'branch-return', [30], []],
    ['tbz w0, #3, start', 'tbz', 'branch-compare', [0], []],
    ['prfm pldl1keep, [x0, #256]', 'prfm', 'prefetch', [0], []],
  ] as const)('%s', (text, op, timing, sources, results) => {
    expect(one(text)).toMatchObject({ op, timing, sources, results })
  })

  it.each([
    ['mla v0.8h, v1.8h, v2.8h', V0],
    ['mla v0.8h, v0.8h, v2.8h', null],
    ['uadalp v0.8h, v1.16b', V0],
    ['usra v0.8h, v1.8h, #7', V0],
    ['fmadd s0, s1, s2, s3', V0 + 3],
    ['madd x0, x1, x2, xzr', null],
    ['madd x0, x1, x3, x3', null],
    ['sli v0.8h, v1.8h, #1', null],
  ])('accumulates: %s into %s', (text, accumulator) => {
    expect(one(text).accumulator).toBe(accumulator)
  })

  it.each([
    ['str x0, [x1]', [0], null],
    ['str x0, [x0]', [], null],
    ['stp x0, x1, [x1, #-16]!', [0], 1],
    ['st1 {v0.16b, v1.16b}, [x0], x1', v(0, 1), 0],
    ['ldr x0, [x1], #8', [], 1],
    ['str wzr, [sp, #-16]!', [], SP],
  ])('stores only, and writes its base: %s', (text, stored, writeBack) => {
    expect(one(text)).toMatchObject({ stored, writeBack })
  })

  it.each([
    ['ldr q0, [x0]', 16, 1, true],
    ['ldr b0, [x0]', 1, 1, false],
    ['ldrsw x0, [x1]', 4, 1, false],
    ['ldpsw x0, x1, [x2]', 8, 2, false],
    ['ldp d0, d1, [x0]', 16, 2, false],
    ['ld1 {v0.8b-v3.8b}, [x0]', 32, 4, false],
    ['ld1 {v0.d}[1], [x0]', 8, 1, false],
    ['ld1r {v0.4s}, [x0]', 4, 1, true],
    ['ld3 {v0.16b, v1.16b, v2.16b}, [x0]', 48, 3, true],
    ['st2 {v0.h, v1.h}[2], [x0]', 4, 2, false],
  ])('moves: %s, %i bytes, %i registers', (text, bytes, transfers, quad) => {
    const instruction = one(text)
    expect(instruction.memory?.bytes).toBe(bytes)
    expect(instruction).toMatchObject({ transfers, quad })
  })
})
