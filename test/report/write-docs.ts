// Writes docs/results.md: run as `npm run docs`.

import { writeFileSync } from 'node:fs'
import { resultsPage } from '../../src/report/page.ts'

writeFileSync(new URL('../../docs/results.md', import.meta.url), resultsPage())
