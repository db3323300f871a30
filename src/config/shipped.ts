// Where the configurations lie that ship with the project. Nothing is loaded to tell.

import { existsSync, readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `src/config` and `dist/config` lie equally deep. */
const shipped = fileURLToPath(new URL('../../configs/', import.meta.url))

/** Files of a folder that ships by the name of the configuration, in order; those of folders in it included. */
export function shippedConfigs(folder: string): Map<string, string> {
  const path = join(shipped, folder)
  if (!existsSync(path)) return new Map()
  const files = readdirSync(path, { encoding: 'utf8', recursive: true }).filter((file) => extname(file) === '.yaml')
  const named = files.map((file): [string, string] => [basename(file, '.yaml'), join(path, file)])
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)))
}
