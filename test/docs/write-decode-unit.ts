// Writes outputs into docs/decode-unit.md, as many lines as it shows: npx tsx test/docs/write-decode-unit.ts

import { rmSync, writeFileSync } from 'node:fs'
import { commands, linesShown, outputOf, page, readersFolder, shortened, text } from './decode-unit.ts'

const folder = readersFolder()
let written = text
for (const { command, shown } of commands) {
  const output = await outputOf(command, folder)
  if (shown === undefined) continue
  const lines = linesShown(shown)
  const before = `npx bnnsim ${command}\n\`\`\`\n\n\`\`\`text\n`
  const block = lines === null ? output : shortened(output, lines)
  written = written.replace(`${before}${shown}\`\`\``, () => `${before}${block}\`\`\``)
}
writeFileSync(page, written)
rmSync(folder, { recursive: true })
