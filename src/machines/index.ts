// Machine kinds by name. A new one is a folder and a line here.

import { arm } from './arm/index.ts'
import type { MachineKind } from './machine.ts'
import { peArray } from './pe-array/index.ts'
import { streaming } from './streaming/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: each kind has a specification of its own
export const machines: Readonly<Record<string, MachineKind<any>>> = { arm, 'pe-array': peArray, streaming }
