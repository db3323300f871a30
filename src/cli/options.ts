// Flags that several commands share, and their checks: a wrong value is one line that
// says what was expected.

import { didYouMean, InputError } from '../work/input-error.ts'

export const formats = ['text', 'json', 'csv'] as const
export type Format = (typeof formats)[number]

/** A flag that takes one of `choices`. */
export function choice<T extends string>(flag: string, choices: readonly T[], given: unknown): T {
  const found = choices.find((each) => each === given)
  if (found !== undefined) return found
  const text = String(given)
  throw new InputError(`expected ${choices.join(', ')}, got '${text}'${didYouMean(text, choices)}`, {
    key: `--${flag}`,
  })
}

/** A flag that takes a whole number of at least `least`. */
export function whole(flag: string, least: number, given: unknown): number {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least) return number
  throw new InputError(`expected a whole number of at least ${least}, got '${String(given)}'`, { key: `--${flag}` })
}

/** A flag that may be given once only. */
export function single(flag: string, given: unknown): string {
  if (typeof given === 'string' || typeof given === 'number') return String(given)
  throw new InputError(Array.isArray(given) ? 'given more than once' : 'expected a value', { key: `--${flag}` })
}

const formatFlag = (choices: readonly string[]) => ({
  format: {
    describe: `how the result is printed: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    default: 'text',
    requiresArg: true,
    names: () => choices,
  },
})

export const formatOption = formatFlag(formats)

export const textOrJson = formatFlag(['text', 'json'])
