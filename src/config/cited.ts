// Numbers that say where they come from. A file lists its `sources` once, under short names;
// each number gives its kind and the name of its source.

import { z } from 'zod'

/** `measured` by this project, `published` by others, `derived` from such figures, or `assumed`. */
export const provenance = {
  kind: z.enum(['measured', 'published', 'derived', 'assumed']),
  source: z.string(),
}

export type Kind = z.infer<typeof provenance.kind>

export interface Cited<T> {
  readonly value: T
  readonly kind: Kind
  /** Name in the file's `sources`. */
  readonly source: string
}

/** `{ value, kind, source }` */
export const cited = <T, I>(value: z.ZodType<T, I>) => z.strictObject({ value, ...provenance })

/** Citation by short name. */
export const sources = z.record(z.string(), z.string())

/** Refinement of a schema with `sources`: each source that an entry names is listed. */
export function checkSources(file: { readonly sources: Readonly<Record<string, string>> }, context: z.RefinementCtx) {
  const names = Object.keys(file.sources)
  const visit = (part: unknown, path: readonly PropertyKey[]): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, child] of Object.entries(part)) {
      if (key === 'source' && 'kind' in part && typeof child === 'string' && !names.includes(child)) {
        const message = `expected one of the file's sources (${names.join(', ')})`
        context.addIssue({ code: 'custom', message, path: [...path, key] })
      } else visit(child, [...path, key])
    }
  }
  visit(file, [])
}
