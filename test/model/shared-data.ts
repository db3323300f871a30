// Reference data beside the checkout, in ../shared; tests that need it skip where it is absent.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const sharedData = (name: string): string =>
  fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url))

/** Prints a notice when `names` are not all there. */
export function absent(...names: readonly string[]): boolean {
  const missing = names.filter((name) => !existsSync(sharedData(name)))
  if (missing.length > 0) console.warn(`skipped: ../shared/data lacks ${missing.join(', ')}`)
  return missing.length > 0
}
