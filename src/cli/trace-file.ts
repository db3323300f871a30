// A trace on disk: written beside its place as the run goes, put in its place when whole.

import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { ChromeTracer } from '../sim/tracer.ts'
import { InputError } from '../work/input-error.ts'

export class TraceFile {
  readonly tracer: ChromeTracer

  private readonly file: string
  private readonly part: string
  private readonly descriptor: number
  private readonly discard: () => void

  constructor(file: string) {
    this.file = file
    this.part = `${file}.${process.pid}.part`
    this.descriptor = open(this.part, file)
    this.tracer = new ChromeTracer((text) => writeSync(this.descriptor, text))
    this.discard = () => rmSync(this.part, { force: true })
    process.once('exit', this.discard)
  }

  close(): void {
    this.tracer.close()
    closeSync(this.descriptor)
    renameSync(this.part, this.file)
    process.removeListener('exit', this.discard)
  }
}

function open(part: string, file: string): number {
  try {
    return openSync(part, 'w')
  } catch (error) {
    throw new InputError(`expected a file that can be written (${(error as NodeJS.ErrnoException).code})`, {
      file,
      key: '--trace',
    })
  }
}
