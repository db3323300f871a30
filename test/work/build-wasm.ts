// Compiles src/work/popcount.wat into src/work/popcount.wasm.ts:
// `npx tsx test/work/build-wasm.ts`.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import wabt from 'wabt'

const work = new URL('../../src/work/', import.meta.url)
export const generated = new URL('popcount.wasm.ts', work)

/** The text of popcount.wasm.ts that popcount.wat gives. */
export async function wasmModule(): Promise<string> {
  const source = readFileSync(new URL('popcount.wat', work), 'utf8')
  const { buffer } = (await wabt()).parseWat('popcount.wat', source, { simd: true }).toBinary({})
  return `// Generated from popcount.wat by test/work/build-wasm.ts.\n\nexport const popcountWasm =\n  '${Buffer.from(buffer).toString('base64')}'\n`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(generated, await wasmModule())
  console.log(`wrote ${fileURLToPath(generated)}`)
}
