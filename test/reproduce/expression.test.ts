import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  computed,
  expressionShape,
  type Operand,
  type Reference,
  readExpression,
  referencesOf,
  type WrittenOperand,
} from '../../src/reproduce/expression.ts'

const schema = z.strictObject(expressionShape)

/** As a claims file writes it, nothing checked. */
const expression = (written: z.input<typeof schema>) =>
  readExpression(
    schema.parse(written),
    ({ value, of = '?', variant, figure = '?' }: WrittenOperand): Operand =>
      value !== undefined ? value : { of, figure, ...(variant === undefined ? {} : { variant }) },
  )

const table: Readonly<Record<string, number>> = {
  'run/a/cycles': 12,
  'run/b/cycles': 4,
  'run/a/joules': 0.5,
  'count//bits': 9,
}
const figure = ({ of, variant = '', figure: key }: Reference): number => table[`${of}/${variant}/${key}`] ?? Number.NaN
const value = (written: z.input<typeof schema>): number => computed(expression(written), figure)

describe('an expression', () => {
  it('is a figure, a number, a ratio, a difference, a multiple', () => {
    expect(value({ of: 'run', variant: 'a', figure: 'cycles' })).toBe(12)
    expect(value({ value: 7 })).toBe(7)
    expect(
      value({ of: 'run', variant: 'a', figure: 'cycles', over: { of: 'run', variant: 'b', figure: 'cycles' } }),
    ).toBe(3)
    expect(value({ value: 1000, over: { of: 'run', variant: 'a', figure: 'joules' } })).toBe(2000)
    expect(value({ value: 15, over: { value: 3 }, minus: { value: 8, over: { value: 4 } }, times: 10 })).toBe(30)
  })

  it('takes what a part does not say from the part before it', () => {
    expect(value({ of: 'run', variant: 'a', figure: 'cycles', over: { variant: 'b' } })).toBe(3)
    expect(value({ of: 'run', variant: 'a', figure: 'cycles', over: { figure: 'joules' } })).toBe(24)
    const removed = { of: 'run', variant: 'b', figure: 'cycles', over: { variant: 'a' } }
    expect(value({ value: 1, minus: removed, times: 100 })).toBeCloseTo(66.6667, 3)
    expect(value({ of: 'run', variant: 'a', figure: 'cycles', minus: { variant: 'b' } })).toBe(8)
  })

  it('takes no variant of one experiment for another', () => {
    const { over } = expression({ of: 'run', variant: 'a', figure: 'cycles', over: { of: 'count', figure: 'bits' } })
    expect(over).toEqual({ of: 'count', figure: 'bits' })
  })

  it('needs the figures that stand in it', () => {
    const references = referencesOf(
      expression({ value: 1, minus: { of: 'run', variant: 'b', figure: 'cycles', over: { variant: 'a' } } }),
    )
    expect(references.map(({ variant }) => variant)).toEqual(['b', 'a'])
  })

  it('has twelve digits', () => expect(value({ value: 0.1, minus: { value: -0.2 } })).toBe(0.3))
})
