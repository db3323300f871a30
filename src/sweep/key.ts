// The name of a result in a store: a hash of all that it depends on.

import { createHash, type Hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Inputs } from '../common.ts'
import type { Variant } from '../config/experiment.ts'
import { loadEnergyTable } from '../energy/table.ts'
import { version } from '../version.ts'

/** Digests of what many results depend on, each worked out once. */
export class Keys {
  private readonly known = new WeakMap<object, string>()
  private readonly tables = new Map<string, string>()

  /** Of a variant as it is resolved, the weights, the pictures, the prices and this version of the program. */
  of({ network, batch }: Inputs, { passes, machine, energy }: Variant): string {
    return digestOf([program, this.digest(network), this.digest(batch), this.prices(energy), passes, machine])
  }

  /** Where a table lies is no part of what it says. */
  private prices(reference: string): string {
    const known = this.tables.get(reference) ?? digestOf({ ...loadEnergyTable(reference), file: undefined })
    this.tables.set(reference, known)
    return known
  }

  private digest(value: object): string {
    const known = this.known.get(value)
    if (known !== undefined) return known
    const made = digestOf(value)
    this.known.set(value, made)
    return made
  }
}

/** As the program is when it starts. */
const program = programDigest()

/** Of the version and of every file of the program: what another build computed is never taken for this one's. */
function programDigest(): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|ts|s|inc)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
  const hash = createHash('sha256').update(version)
  for (const file of files.sort()) hash.update(file.slice(root.length).replaceAll('\\', '/')).update(readFileSync(file))
  return hash.digest('hex')
}

/** Of plain values and typed arrays; the order of an object's keys does not matter. */
export function digestOf(value: unknown): string {
  const hash = createHash('sha256')
  feed(hash, value)
  return hash.digest('hex')
}

function feed(hash: Hash, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function') throw new Error('a function has no digest')
    hash.update(typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)};`)
  } else if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength};`)
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  } else if (Array.isArray(value)) {
    hash.update(`[${value.length};`)
    for (const item of value) feed(hash, item)
  } else {
    if (!(value instanceof Map) && Object.getPrototypeOf(value) !== Object.prototype)
      throw new Error(`a ${value.constructor?.name} has no digest`)
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    const sorted = entries.filter(([, part]) => part !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))
    hash.update(`{${sorted.length};`)
    for (const [key, part] of sorted) {
      feed(hash, key)
      feed(hash, part)
    }
  }
}
