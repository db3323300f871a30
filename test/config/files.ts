// Throwaway configuration files for tests.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { InputError } from '../../src/work/input-error.ts'

/** Writes files into a folder that is gone after the test; gives the folder. */
export function withFiles(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Message of the InputError that `run` throws, without `folder`; other errors pass. */
export function problem(run: () => unknown, folder = ''): string {
  try {
    run()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return folder === '' ? error.message : error.message.replaceAll(`${folder}/`, '')
  }
  return 'no error'
}

/** Matches `text` and nothing else. */
export const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`)
