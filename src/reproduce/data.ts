// Reference data beside the project: weights and pictures that are taken where they are there.

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathFrom } from '../config/load.ts'
import type { Place } from '../config/written.ts'
import { InputError } from '../work/input-error.ts'

export interface DataFolder {
  /** Absolute path. */
  readonly folder: string
  /** Named by the user: all of its files must be there. */
  readonly named: boolean
}

type Settings = Readonly<Record<string, unknown>>

/** Settings whose values are paths below the folder. */
const files = ['weights', 'images.file', 'images']

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** `given` names a folder, or is `none`; else `usual`, as seen from where it was written, if there is such a folder. */
export function dataFolder(given: string | undefined, usual: string | undefined, place: Place): DataFolder | undefined {
  if (given === 'none') return undefined
  if (given !== undefined) {
    if (!isFolder(given)) throw new InputError(`no such folder: ${given}; 'none' does without`, { key: '--data' })
    return { folder: given, named: true }
  }
  const folder = usual === undefined ? undefined : pathFrom(place, usual)
  return folder !== undefined && isFolder(folder) ? { folder, named: false } : undefined
}

export interface SettingsWithData {
  readonly settings: Settings
  /** `withData` is among them. */
  readonly withData: boolean
}

/** `plain` with what `withData` sets on top where its files are there. Throws InputError where a folder that was named has not all of them. */
export function settingsWith(plain: Settings, withData: Settings, data: DataFolder | undefined): SettingsWithData {
  const without = { settings: plain, withData: false }
  if (data === undefined || Object.keys(withData).length === 0) return without
  const paths = files.flatMap((key): [string, string][] => {
    const value = withData[key]
    return typeof value === 'string' ? [[key, join(data.folder, value)]] : []
  })
  const missing = paths.find(([, path]) => !existsSync(path))
  if (missing === undefined)
    return { settings: { ...plain, ...withData, ...Object.fromEntries(paths) }, withData: true }
  if (data.named) throw new InputError(`no such file: ${missing[1]}`, { key: '--data' })
  return without
}
