// Trace files for tests, in a folder that the test file removes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlockStream } from '../../../src/isa/stream.ts'
import { gzipped } from '../../../src/isa/trace/gzip.ts'
import { Recorder } from '../../../src/isa/trace/record.ts'

export class TraceFiles {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bnnsim-trace-'))
  private count = 0

  /** A new file of this content. */
  file(content: string | Uint8Array): string {
    const path = join(this.folder, `${this.count++}.trace`)
    writeFileSync(path, content)
    return path
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

/** The trace of all that `stream` executes. */
export function record(stream: BlockStream): string {
  let text = ''
  const recorder = new Recorder(stream, (piece) => (text += piece))
  while (recorder.run() > 0);
  recorder.close()
  return text
}

/** As gzip, in members. */
export function compressed(text: string): Buffer {
  const members: Uint8Array[] = []
  const write = gzipped((bytes) => members.push(bytes))
  for (let at = 0; at < text.length; at += 10_000) write(text.slice(at, at + 10_000))
  return Buffer.concat(members)
}
