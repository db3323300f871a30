// Results by key, a file each, as they come. Files are only ever added, and appear whole: whatever ends the process, what
// is finished is kept, and several processes may share a store.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { threadId } from 'node:worker_threads'
import type { VariantResult } from '../report/result.ts'
import { makeFolder, refusal } from '../report/write.ts'

export class Store {
  readonly folder: string

  /** Throws InputError where the folder cannot be made. */
  constructor(folder: string) {
    this.folder = folder
    try {
      makeFolder(resolve(folder))
    } catch (error) {
      throw refusal(error, folder)
    }
  }

  /** What is stored under `key`, else what `made` gives, which is stored. */
  once(key: string, made: () => VariantResult): VariantResult {
    const file = this.fileOf(key)
    const known = readResult(file)
    if (known !== undefined) return known
    const result = made()
    const part = `${file}.${process.pid}.${threadId}.part`
    try {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(part, `${JSON.stringify(result)}\n`)
      renameSync(part, file)
    } catch (error) {
      rmSync(part, { force: true })
      throw refusal(error, this.folder)
    }
    return result
  }

  /** Removes what processes that were ended in the middle of writing have left. */
  tidy(): void {
    for (const name of readdirSync(this.folder, { recursive: true, encoding: 'utf8' })) {
      const [, pid] = /\.(\d+)\.\d+\.part$/.exec(name) ?? []
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(this.folder, name), { force: true })
    }
  }

  private fileOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key.slice(2)}.json`)
  }
}

/** Undefined where there is none, or none that can be read: it is made anew then. */
function readResult(file: string): VariantResult | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VariantResult
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
