// Every quantity by the name that claims give it. A new one is one file and one entry here.

import type { Quantity } from '../quantity.ts'
import { coding } from './coding.ts'
import { multiplications } from './multiplications.ts'
import { postProcessing } from './post-processing.ts'
import { sharing } from './sharing.ts'

export const quantities: Readonly<Record<string, Quantity>> = {
  multiplications,
  coding,
  sharing,
  'post-processing': postProcessing,
}
