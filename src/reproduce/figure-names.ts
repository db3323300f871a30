// Which figures a variant can have, by the keys of the result document, such as operations.neededMacs.

import { figureKeys } from '../report/figure-value.ts'
import { pathPattern } from '../report/figures.ts'
import { names } from '../report/names.ts'

/** Names that a part in braces may have; of those not listed, any. */
const placeholders: Readonly<Record<string, readonly string[]>> = {
  '{operation}': Object.keys(names.operation),
  '{level}': Object.keys(names.level),
}

/** Keys with the names that are known in the place of braces. */
export const figureNames: readonly string[] = figureKeys.flatMap((key) => {
  const [brace = ''] = /\{\w+\}/.exec(key) ?? []
  return placeholders[brace]?.map((name) => key.replace(brace, name)) ?? [key]
})

/** Whether a variant can have a number of this name. */
export const isFigure = (figure: string): boolean =>
  figureNames.some((name) => (name.includes('{') ? pathPattern(name).test(figure) : name === figure))
