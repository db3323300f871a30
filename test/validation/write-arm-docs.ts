// npx tsx test/validation/write-arm-docs.ts: writes docs/validation-arm.md anew.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { page, validate } from './arm-docs.ts'

writeFileSync(fileURLToPath(new URL('../../docs/validation-arm.md', import.meta.url)), page(validate()))
