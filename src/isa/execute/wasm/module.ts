// A module: one imported memory, imported functions, and functions of its own, of which some are exported.

import { type Type, typeCodes, unsigned } from './code.ts'

export interface Signature {
  readonly parameters: readonly Type[]
  readonly result: Type
}

export interface ImportedFunction extends Signature {
  readonly name: string
}

export interface DefinedFunction extends Signature {
  /** Locals beyond the parameters. */
  readonly locals: readonly Type[]
  /** Without the final `end`. */
  readonly body: readonly number[]
  readonly exportName: string | null
}

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...flat(items)]
const name = (text: string): number[] => {
  const bytes = new TextEncoder().encode(text)
  return [...unsigned(bytes.length), ...bytes]
}
const section = (id: number, bytes: readonly number[]): number[] => flat([[id], unsigned(bytes.length), bytes])

function flat(parts: readonly (readonly number[])[]): number[] {
  const bytes: number[] = []
  for (const part of parts) for (const byte of part) bytes.push(byte)
  return bytes
}

const signature = ({ parameters, result }: Signature): number[] => [
  0x60,
  ...vector(parameters.map((type) => [typeCodes[type]])),
  1,
  typeCodes[result],
]

/** Runs of equal types: count and type. */
function runs(types: readonly Type[]): number[][] {
  const found: { type: Type; count: number }[] = []
  for (const type of types) {
    const last = found.at(-1)
    if (last?.type === type) last.count++
    else found.push({ type, count: 1 })
  }
  return found.map(({ type, count }) => [...unsigned(count), typeCodes[type]])
}

/** Imports come from `env`: the memory as `memory`. Functions are numbered imports first. */
export function encodeModule(
  memoryPages: number,
  imports: readonly ImportedFunction[],
  functions: readonly DefinedFunction[],
): Uint8Array<ArrayBuffer> {
  const importEntries = [
    [...name('env'), ...name('memory'), 2, 1, ...unsigned(memoryPages), ...unsigned(memoryPages)],
    ...imports.map((imported, i) => [...name('env'), ...name(imported.name), 0, ...unsigned(i)]),
  ]
  const exports = functions.flatMap(({ exportName }, i) =>
    exportName === null ? [] : [[...name(exportName), 0, ...unsigned(imports.length + i)]],
  )
  const bodies = functions.map(({ locals, body }) => {
    const bytes = flat([vector(runs(locals)), body, [0x0b]])
    return flat([unsigned(bytes.length), bytes])
  })
  return Uint8Array.from(
    flat([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector([...imports, ...functions].map(signature))),
      section(2, vector(importEntries)),
      section(3, vector(functions.map((_, i) => unsigned(imports.length + i)))),
      section(7, vector(exports)),
      section(10, vector(bodies)),
    ]),
  )
}
