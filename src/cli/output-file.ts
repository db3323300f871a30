// A file that grows as a run goes: kept without a name until then, put in its place when whole.

import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { InputError } from '../work/input-error.ts'

const CHUNK = 1 << 20

/**
 * The file has no name until it is whole: a run is synchronous, so no handler could remove it when a signal ends
 * the process. Throws InputError, keyed by `flag`, where `file` cannot be written.
 */
export class OutputFile {
  private readonly file: string
  private readonly flag: string
  private readonly part: string
  private readonly descriptor: number

  constructor(file: string, flag: string) {
    this.file = file
    this.flag = flag
    this.part = `${file}.${process.pid}.part`
    if (file === '') throw this.refused('expected the name of a file')
    if (existsSync(file) && !statSync(file).isFile())
      throw this.refused(`expected a file, got a ${statSync(file).isDirectory() ? 'folder' : 'device'}`)
    this.descriptor = this.written(() => {
      const descriptor = openSync(this.part, 'wx+')
      rmSync(this.part)
      return descriptor
    })
  }

  write(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.written(() => writeAll(this.descriptor, bytes))
  }

  close(): void {
    // From here on the part has a name: a signal is heard once it is in its place.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.kill(process.pid, signal))
    this.written(() => {
      try {
        copy(this.descriptor, this.part)
        renameSync(this.part, this.file)
      } finally {
        rmSync(this.part, { force: true })
        closeSync(this.descriptor)
      }
    })
  }

  private written<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.refused(`expected a file that can be written (${(error as NodeJS.ErrnoException).code})`)
    }
  }

  private refused(problem: string): InputError {
    return new InputError(problem, { ...(this.file === '' ? {} : { file: this.file }), key: `--${this.flag}` })
  }
}

function copy(from: number, file: string): void {
  const to = openSync(file, 'wx')
  try {
    const chunk = Buffer.alloc(CHUNK)
    let at = 0
    for (let read = readSync(from, chunk, 0, CHUNK, at); read > 0; read = readSync(from, chunk, 0, CHUNK, at)) {
      writeAll(to, chunk.subarray(0, read))
      at += read
    }
  } finally {
    closeSync(to)
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}
