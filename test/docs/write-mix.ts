// Writes the table of instruction mixes into docs/arm.md: npx tsx test/docs/write-mix.ts

import { readFileSync, writeFileSync } from 'node:fs'
import { page, table, tablePattern } from './mix.ts'

writeFileSync(page, readFileSync(page, 'utf8').replace(tablePattern, table()))
