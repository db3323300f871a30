// The forms of the timing reference, as snippets that can be executed.

import { forms } from '../forms.ts'
import { BASE, OFFSET } from './states.ts'

/** Before an access to memory, its base register becomes an address and its index a small number. */
function prepared(text: string): string {
  const [, base, index] = /\[(x\d)(?:, (x\d))?/.exec(text) ?? []
  return [base && `mov ${base}, x${BASE}`, index && `mov ${index}, x${OFFSET}`, text].filter(Boolean).join('\n')
}

/** A branch goes to a label behind the next instruction. */
const labelled = (text: string): string => {
  const branch = text.replace(/\.L\w+$/, '1f')
  return branch === text ? prepared(text) : `${branch}\nadd x5, x5, #1\n1:`
}

export const referenceForms: readonly string[] = forms.map(labelled)
