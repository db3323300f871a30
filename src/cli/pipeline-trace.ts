// `--trace FILE` and `--window FROM:TO` of the commands that run a core.

import { KonataWriter } from '../report/konata.ts'
import { PipelineChromeWriter } from '../report/pipeline-chrome.ts'
import type { Core } from '../units/core/core.ts'
import type { CoreSpec } from '../units/core/spec.ts'
import { InputError } from '../work/input-error.ts'
import { single } from './options.ts'
import { OutputFile } from './output-file.ts'

export const pipelineTraceOptions = {
  trace: { describe: 'file for the pipeline: .kanata for Konata, .json for Perfetto', requiresArg: true },
  window: {
    describe: 'cycles that --trace shows, FROM:TO, the last one not included; all without it',
    requiresArg: true,
  },
} as const

const writers = { kanata: KonataWriter, json: PipelineChromeWriter } as const

/** Sets up the trace that the flags ask for; returns what completes its file. */
export function tracePipeline(core: Core, spec: CoreSpec, args: Readonly<Record<string, unknown>>): () => void {
  if (args.trace === undefined) {
    if (args.window !== undefined) throw new InputError('expected --trace with it', { key: '--window' })
    return () => {}
  }
  const name = single('trace', args.trace)
  const window = windowOf(args.window)
  const [, kind] = /\.(kanata|json)$/.exec(name) ?? []
  if (kind === undefined) throw new InputError(`expected a name in .kanata or .json, got '${name}'`, { key: '--trace' })
  const file = new OutputFile(name, 'trace')
  const pipes = spec.pipes.map((pipe) => pipe.name)
  const writer = new writers[kind as keyof typeof writers]((text) => file.write(text), pipes, window)
  core.observe({ observer: writer, ...window })
  return () => {
    writer.close()
    file.close()
    if (writer.empty)
      process.stderr.write(
        `bnnsim: ${name}: --window: nothing is in flight within ${window.from}:${window.to} of ${core.cycles} cycles: the trace is empty\n`,
      )
  }
}

function windowOf(given: unknown): { readonly from: number; readonly to: number } {
  if (given === undefined) return { from: 0, to: Infinity }
  const text = single('window', given)
  const [, from, to] = /^(\d{1,15}):(\d{1,15})$/.exec(text) ?? []
  if (from !== undefined && Number(from) < Number(to)) return { from: Number(from), to: Number(to) }
  throw new InputError(`expected FROM:TO, two cycles in order, got '${text}'`, { key: '--window' })
}
