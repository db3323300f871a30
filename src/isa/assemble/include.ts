// Where `.include` finds its files.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { didYouMean } from '../../work/input-error.ts'
import { failAt, type Place } from './cursor.ts'

/** A file of assembly text. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** The file that is called `name` at `place`. Throws InputError, at `place`, where there is none. */
export type Include = (name: string, place: Place) => Source

export const includeNothing: Include = (name, place) => failAt(place, `no file '${name}'`)

/** Paths begin in the folder of the file that includes. */
export const includeBeside: Include = (name, place) => {
  const file = isAbsolute(name) ? name : join(dirname(place.file), name)
  try {
    return { file, text: readFileSync(file, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') failAt(place, `'${name}' cannot be read (${code})`)
    const folder = dirname(file)
    const names = existsSync(folder) ? readdirSync(folder) : []
    failAt(place, `no file '${name}'${didYouMean(basename(name), names)}`)
  }
}
