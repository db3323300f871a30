// Lines of a file that may be long and compressed: memory holds some chunks of it only.

import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../../work/input-error.ts'

const CHUNK = 1 << 18
const NEWLINE = 10
/** No trace has lines as long as this: the file is something else. */
const LONGEST_LINE = 1 << 16

/**
 * Pieces of `file`, each of whole lines that end with a newline; gzip is told by its first bytes. Throws InputError
 * where the file cannot be read or is not text in lines.
 */
export async function* linesOf(file: string): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of open(file) as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(NEWLINE) + 1
      if (end > 0) yield rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)])
      const tail = chunk.subarray(end)
      rest = end > 0 || rest.length === 0 ? Buffer.from(tail) : Buffer.concat([rest, tail])
      if (rest.length > LONGEST_LINE) throw new InputError(`expected lines of at most ${LONGEST_LINE} bytes`, { file })
    }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw unreadable(file, error)
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.of(NEWLINE)])
}

function open(file: string): Readable {
  const gzip = isGzip(file)
  const bytes = createReadStream(file, { highWaterMark: CHUNK })
  // Its end is that of the last stream, which is read: errors are thrown there.
  return gzip ? pipeline(bytes, createGunzip({ chunkSize: CHUNK }), () => {}) : bytes
}

function isGzip(file: string): boolean {
  if (statSync(file).isDirectory()) throw new InputError('expected a file, got a folder', { file })
  const descriptor = openSync(file, 'r')
  try {
    const first = Buffer.alloc(2)
    return readSync(descriptor, first, 0, 2, 0) === 2 && first[0] === 0x1f && first[1] === 0x8b
  } finally {
    closeSync(descriptor)
  }
}

function unreadable(file: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code?.startsWith('Z_')) return new InputError(`expected whole gzip data (${message})`, { file })
  if (code !== undefined) return new InputError(`expected a file that can be read (${code})`, { file })
  return error
}
