// The one error that bad input gives: YAML, model, image and trace files, flags.
// The command line prints `message` alone and exits with 2; anything else that
// escapes is a defect of the simulator.

import { distance } from 'fastest-levenshtein'

export interface InputErrorPlace {
  readonly file?: string
  readonly line?: number
  /** From 1; printed behind the line. */
  readonly column?: number
  /** Dotted path of the offending entry, or the flag. */
  readonly key?: string
}

/** Prints as `file:line:column: key: problem`, on one line. */
export class InputError extends Error {
  readonly place: InputErrorPlace

  constructor(problem: string, place: InputErrorPlace = {}) {
    const at = [place.file, place.line, place.column].slice(0, place.line === undefined ? 1 : 3)
    super(
      [place.file && at.filter((part) => part !== undefined).join(':'), place.key, problem]
        .filter((part) => part !== undefined && part !== '')
        .join(': ')
        .replace(/\s*\n\s*/g, ' '),
    )
    this.name = 'InputError'
    this.place = place
  }
}

/** What `body` gives; an InputError from it that names no key is thrown with `key`. */
export function keyed<T>(key: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof InputError) || error.place.key !== undefined) throw error
    throw new InputError(error.message, { ...error.place, key })
  }
}

/** The candidate that `name` most likely meant, as `; did you mean 'x'?`, or '' when none is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = ''
  let least = Math.max(2, Math.floor(name.length / 2)) + 1
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase())
    if (edits < least) {
      least = edits
      best = candidate
    }
  }
  return best === '' ? '' : `; did you mean '${best}'?`
}
