// Records the samples in traces/ that are executed here: `npx tsx test/isa/trace/write-samples.ts`.

import { readFileSync, writeFileSync } from 'node:fs'
import { assemble } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import { gzipped } from '../../../src/isa/trace/gzip.ts'
import { Recorder } from '../../../src/isa/trace/record.ts'

const folder = new URL('../../../traces/', import.meta.url)

/** An execution of traces/NAME.s from its label `main`, ready to run. */
export function execution(name: string): Execution {
  const file = new URL(`${name}.s`, folder)
  const program = assemble(readFileSync(file, 'utf8'), `traces/${name}.s`, {})
  const execution = new Execution(program)
  execution.start(program.symbols.get('main')!)
  return execution
}

/** The trace of traces/NAME.s, as gzip. */
export function recorded(name: string): Buffer {
  const pieces: Uint8Array[] = []
  const recorder = new Recorder(
    execution(name),
    gzipped((bytes) => pieces.push(bytes)),
  )
  while (recorder.run() > 0);
  recorder.close()
  return Buffer.concat(pieces)
}

export const samples = ['binary-dot', 'bit-pack']

if (process.argv[1] === new URL(import.meta.url).pathname)
  for (const name of samples) writeFileSync(new URL(`${name}.trace.gz`, folder), recorded(name))
