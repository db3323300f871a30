// Entries whose remaining keys depend on one of them: a machine's on its kind, a pass's on its name.

import type { z } from 'zod'
import { didYouMean } from '../work/input-error.ts'
import { errorIn, type Mapping, parseWritten, placeAt, plain, textOf, without } from './written.ts'

/** What each choice expects beside the entry that chooses. */
export type Choices = Readonly<Record<string, { readonly schema: z.ZodType }>>

/**
 * The choice that `node` names under `tag`, and what that choice's schema makes of the other entries,
 * `apart` taken out. Without `choices` any name will do and the entries stay as written.
 */
export function choose(choices: Choices | undefined, node: Mapping, tag: string, apart: readonly string[]) {
  const choice = textOf(node.entries.get(tag))
  if (choice === undefined) throw errorIn(placeAt(node, [tag]), 'expected a name')
  const rest = without(node, tag, ...apart)
  if (choices === undefined) return { choice, value: plain(rest) }
  const chosen = Object.hasOwn(choices, choice) ? choices[choice] : undefined
  if (chosen !== undefined) return { choice, value: parseWritten(chosen.schema, rest) }
  const names = Object.keys(choices)
  const problem = `expected one of ${names.join(', ')}, got '${choice}'${didYouMean(choice, names)}`
  throw errorIn(placeAt(node, [tag]), problem)
}
