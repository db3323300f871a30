// Finds the form of a statement, and says what is wrong where there is none.

import { didYouMean } from '../../work/input-error.ts'
import type { Condition, Operand } from '../instruction.ts'
import type { Op } from '../ops.ts'
import { failAt, type Place } from './cursor.ts'
import type { Form } from './forms/form.ts'
import { formsFor, mnemonics } from './forms/form-table.ts'
import type { Parsed } from './section.ts'
import { type Context, Problem } from './slot.ts'

interface Match {
  readonly op: Op
  readonly operands: readonly Operand[]
}

/** Throws InputError where the mnemonic is unknown, or no form of it takes the operands. */
export function matchForm(parsed: Parsed, place: Place, context: Context): Match {
  const { mnemonic } = parsed
  if (mnemonic.startsWith('b.')) return conditionalBranch(parsed, place, context)
  const forms = formsFor(mnemonic)
  if (forms === null) {
    failAt(place, `unknown instruction '${mnemonic}'${didYouMean(mnemonic, mnemonics)}`)
  }
  let nearest: Problem | null = null
  for (const form of forms) {
    const result = tryForm(form, parsed, place, context)
    if (result !== null && !(result instanceof Problem)) return result
    nearest ??= result
  }
  if (nearest !== null) failAt({ ...place, column: nearest.column }, `${mnemonic}: ${nearest.text}`)
  failAt(place, `no such form of ${mnemonic}: '${parsed.text}'; there are ${listed(mnemonic, forms)}`)
}

function tryForm(form: Form, { operands }: Parsed, place: Place, context: Context): Match | Problem | null {
  const { slots, rewrite, op } = form
  if (slots.length !== operands.length) return null
  const read: Operand[] = []
  let problem: Problem | null = null
  for (let k = 0; k < slots.length; k++) {
    const operand = slots[k]!.read(operands[k]!, context)
    if (operand === null) return null
    if (operand instanceof Problem) problem ??= operand
    else read.push(operand)
  }
  if (problem !== null) return problem
  const canonical = rewrite === null ? read : rewrite(read)
  return typeof canonical === 'string' ? new Problem(canonical, place.column) : { op, operands: canonical }
}

function conditionalBranch(parsed: Parsed, place: Place, context: Context): Match {
  const [form] = formsFor('b.cond')!
  const result = tryForm(form!, parsed, place, context)
  const { mnemonic } = parsed
  if (result instanceof Problem) failAt({ ...place, column: result.column }, `${mnemonic}: ${result.text}`)
  if (result === null) failAt(place, `no such form of ${mnemonic}: '${parsed.text}'; there is ${mnemonic} label`)
  const code = mnemonic.slice(2) as Condition
  if (code === 'al') return { op: 'b', operands: result.operands }
  return { op: 'b.cond', operands: [{ kind: 'condition', code }, ...result.operands] }
}

const mostListed = 24

/** `add W, W, W{shift}; add ...` */
function listed(mnemonic: string, forms: readonly Form[]): string {
  const texts = [...new Set(forms.map(({ text }) => `${mnemonic} ${text}`.trim()))]
  const more = texts.length - mostListed
  return [...texts.slice(0, mostListed), ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
