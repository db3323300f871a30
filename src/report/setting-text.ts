// Settings of sweeps in words: their paths in short, and their values.

/** A value in a cell; what is no plain value as JSON. */
export const cellOf = (value: unknown): string | number =>
  typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value ?? null)

/** A value for people; `-` where a point has none. Of a list of variants or passes, their names. */
export function settingText(value: unknown): string {
  if (value === undefined) return '-'
  const names = Array.isArray(value) ? value.map((item) => (item as { name?: unknown } | null)?.name) : []
  const named = names.length > 0 && names.every((name) => typeof name === 'string')
  return named ? names.join(', ') : String(cellOf(value))
}

/** The last two parts of a path, or as many as tell it from the other paths. */
export function shortest(path: string, paths: readonly string[]): string {
  const named = (each: string) => each.replace(/\.value$/, '')
  const parts = named(path).split('.')
  const tails = parts.map((_, i) => parts.slice(parts.length - 1 - i).join('.')).slice(Math.min(1, parts.length - 1))
  const others = paths.filter((other) => other !== path).map(named)
  return tails.find((tail) => others.every((other) => !`.${other}`.endsWith(`.${tail}`))) ?? path
}
