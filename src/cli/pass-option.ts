// `--pass NAME key=value ...`: passes as a command line writes them.

import { parse } from 'yaml'
import { type PassChoice, passes } from '../opt/index.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { complaint } from '../work/schema-complaint.ts'

export const passOption = {
  pass: {
    describe:
      "pass to apply, as 'bnnsim list passes' prints them, its options as key=value behind it; repeatable, in order",
    type: 'string',
    array: true,
    requiresArg: true,
    names: () => Object.keys(passes),
  },
} as const

/** The passes in the words behind `--pass`. Throws InputError, naming the nearest pass or option, where there is none. */
export function passesIn(words: unknown): PassChoice[] {
  const written: { readonly name: string; readonly options: Map<string, unknown> }[] = []
  for (const word of [words ?? []].flat().map(String)) {
    const at = word.indexOf('=')
    if (at < 0) {
      written.push({ name: word, options: new Map() })
      continue
    }
    const key = word.slice(0, at)
    const last = written.at(-1)
    if (last === undefined) throw new InputError(`expected the name of a pass before '${word}'`, { key: '--pass' })
    const place = { key: `--pass ${last.name}.${key}` }
    if (last.options.has(key)) throw new InputError('given more than once', place)
    last.options.set(key, scalar(word.slice(at + 1), place))
  }
  return written.map(({ name, options }) => choiceOf(name, Object.fromEntries(options)))
}

function scalar(text: string, place: { readonly key: string }): unknown {
  try {
    return parse(text)
  } catch {
    throw new InputError(`expected a YAML value, got '${text}'`, place)
  }
}

function choiceOf(name: string, written: object): PassChoice {
  const pass = Object.hasOwn(passes, name) ? passes[name] : undefined
  if (pass === undefined) {
    const names = Object.keys(passes)
    const hint = didYouMean(name, names) || `; expected one of ${names.join(', ')}`
    throw new InputError(`no pass named '${name}'${hint}`, { key: '--pass' })
  }
  const { data, error } = pass.schema.safeParse(written)
  if (error === undefined) return { name, options: data }
  const { path, problem } = complaint(pass.schema, error.issues, written)
  throw new InputError(problem, { key: `--pass ${[name, ...path].map(String).join('.')}` })
}
