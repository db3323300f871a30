// npx tsx test/validation/write-dabnn-layers.ts: writes the table of single layers in docs/validation.md anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { layers, milliseconds, page, table, tablePattern } from './dabnn-layers.ts'

const ours = table(layers.map(({ experiment }) => milliseconds(experiment)))
writeFileSync(page, readFileSync(page, 'utf8').replace(tablePattern, ours))
