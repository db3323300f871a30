// Names that the command line takes, for shells to complete. Nothing is loaded to tell them.

import { existsSync, readdirSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the configurations that ship; `src/cli` and `dist/cli` lie equally deep. */
const shipped = fileURLToPath(new URL('../../configs/', import.meta.url))

/** Names of the configurations in a folder that ships, those of folders in it included. */
export const configNames = (folder: string) => (): string[] => {
  const path = `${shipped}${folder}`
  if (!existsSync(path)) return []
  const files = readdirSync(path, { encoding: 'utf8', recursive: true }).filter((file) => extname(file) === '.yaml')
  return files.map((file) => basename(file, '.yaml')).sort()
}
