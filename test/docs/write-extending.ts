// Writes outputs into docs/extending.md: npx tsx test/docs/write-extending.ts

import { readFileSync, writeFileSync } from 'node:fs'
import { commands, outputOf, page } from './extending.ts'

let text = readFileSync(page, 'utf8')
for (const { command, shown } of commands()) {
  if (shown === undefined) continue
  const [before, after] = text.split(`npx bnnsim ${command}\n\`\`\`\n\n\`\`\`text\n`) as [string, string]
  const rest = after.slice(after.indexOf('```'))
  text = `${before}npx bnnsim ${command}\n\`\`\`\n\n\`\`\`text\n${await outputOf(command)}${rest}`
}
writeFileSync(page, text)
