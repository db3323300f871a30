// Several files in one program: what each keeps to itself, and what they share.

import { describe, expect, it } from 'vitest'
import { assembleAll } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'

const file = (name: string, add: number): { file: string; text: string } => ({
  file: `${name}.s`,
  text: `
    .macro step by
      add x0, x0, #\\by
    .endm
    .set amount, ${add}
    count .req x1
    .global ${name}
    ${name}: mov count, #2
    again: step amount
      subs count, count, #1
      csel x2, x2, x3, ne
      b.ne again
      ret`,
})

describe('several files', () => {
  it('have labels, macros, constants and register names of their own, and share global labels', () => {
    const main = { file: 'main.s', text: '.global start\nstart: mov x19, x30\n bl one\n bl two\n mov x30, x19\n ret' }
    const program = assembleAll([file('one', 1), file('two', 10), main])
    const execution = new Execution(program)
    execution.start(program.symbols.get('start')!)
    execution.run()
    expect(execution.getX(0)).toBe(22n)
    expect([...program.symbols.keys()].sort()).toEqual(['one', 'start', 'two'])
  })

  it('do not see what another keeps to itself', () => {
    const text = 'start: bl again\n ret'
    expect(() => assembleAll([file('one', 1), { file: 'main.s', text }])).toThrow(
      "main.s:1:11: undefined symbol 'again'",
    )
  })

  it('cannot share a label twice', () => {
    expect(() => assembleAll([file('one', 1), file('one', 2)])).toThrow("'one' is defined twice")
  })
})
