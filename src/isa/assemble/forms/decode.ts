// Forms of the instructions of a decode unit, which no ARM core has: docs/decode-unit.md.

import type { Row } from './form.ts'

export const decode: readonly Row[] = [
  ['decstart', '[8 read]'],
  ['decread', 'Q'],
]
