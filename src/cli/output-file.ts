// A trace on disk: kept in a file without a name as the run goes, put in its place when whole.

import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { ChromeTracer } from '../sim/tracer.ts'
import { InputError } from '../work/input-error.ts'

const CHUNK = 1 << 20

/**
 * The file has no name until it is whole: a run is synchronous, so no handler could remove it when a signal ends
 * the process. Throws InputError where `file` cannot be written.
 */
export class TraceFile {
  readonly tracer: ChromeTracer

  private readonly file: string
  private readonly part: string
  private readonly descriptor: number

  constructor(file: string) {
    this.file = file
    this.part = `${file}.${process.pid}.part`
    if (file === '') throw refused(file, 'expected the name of a file')
    if (existsSync(file) && !statSync(file).isFile())
      throw refused(file, `expected a file, got a ${statSync(file).isDirectory() ? 'folder' : 'device'}`)
    this.descriptor = written(file, () => {
      const descriptor = openSync(this.part, 'wx+')
      rmSync(this.part)
      return descriptor
    })
    this.tracer = new ChromeTracer((text) => written(file, () => writeAll(this.descriptor, Buffer.from(text))))
  }

  close(): void {
    this.tracer.close()
    // From here on the part has a name: a signal is heard once it is in its place.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.kill(process.pid, signal))
    written(this.file, () => {
      try {
        copy(this.descriptor, this.part)
        renameSync(this.part, this.file)
      } finally {
        rmSync(this.part, { force: true })
        closeSync(this.descriptor)
      }
    })
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

function written<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw refused(file, `expected a file that can be written (${(error as NodeJS.ErrnoException).code})`)
  }
}

const refused = (file: string, problem: string): InputError =>
  new InputError(problem, { ...(file === '' ? {} : { file }), key: '--trace' })
