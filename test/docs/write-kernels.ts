// Writes outputs and figures into docs/kernels.md: npx tsx test/docs/write-kernels.ts

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProcess } from '../cli/in-process.ts'
import { blockPattern, commandsOf, filled, page, tablePattern, words } from './guide.ts'

const folder = mkdtempSync(join(tmpdir(), 'bnnsim-docs-'))
let text = readFileSync(page, 'utf8').replace(tablePattern, filled)
for (const [block, script, shown] of text.matchAll(blockPattern)) {
  if (shown === undefined) continue
  const { stdout, error } = await inProcess(...words(commandsOf(script!).at(-1)!, folder))
  if (error !== null) throw new Error(error)
  text = text.replace(block, () => `\`\`\`sh\n${script}\`\`\`\n\n\`\`\`text\n${stdout}\`\`\`\n`)
}
writeFileSync(page, text)
rmSync(folder, { recursive: true })
