import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { BlockStream, Resident } from '../isa/stream.ts'
import { gzipped } from '../isa/trace/gzip.ts'
import { Recorder } from '../isa/trace/record.ts'
import type { ProgramOptions } from '../machines/arm/program.ts'
import { loadTarget, runAssembly, type Target } from '../program.ts'
import { asmText } from '../report/asm-text.ts'
import { InputError } from '../work/input-error.ts'
import { type Command, printJson } from './command.ts'
import { configNames } from './names.ts'
import { choice, single, textOrJson, whole } from './options.ts'
import { OutputFile } from './output-file.ts'
import { pipelineTraceOptions, tracePipeline } from './pipeline-trace.ts'
import { Progress } from './progress.ts'

export const coreOptions = {
  core: {
    describe: "name, as 'bnnsim list cores' prints them, or YAML file",
    default: 'cortex-a53',
    requiresArg: true,
    names: configNames('cores'),
  },
  set: {
    describe: 'PATH=VALUE over what the core says, such as clock.value="1.4 GHz"; repeatable',
    type: 'string',
    array: true,
    requiresArg: true,
  },
  slow: {
    describe: 'time every block by itself, without the fast path; the figures are the same',
    type: 'boolean',
    default: false,
  },
} as const

export const asmCommand: Command = {
  name: 'asm',
  argument: { name: 'file', describe: 'AArch64 assembly, as gcc -S or objdump -d print it' },
  describe: 'Run an assembly program or loop on an ARM core',
  options: {
    ...coreOptions,
    entry: { describe: 'label to start at; by default main, _start or the first instruction', requiresArg: true },
    loop: {
      describe: 'label of a loop to repeat, with its data in L1; the whole program runs without',
      requiresArg: true,
    },
    iterations: { describe: 'times that --loop is repeated', default: 2000, requiresArg: true },
    record: { describe: 'file for the instructions executed, for replay; .gz compresses it', requiresArg: true },
    ...pipelineTraceOptions,
    ...textOrJson,
  },
  examples: [
    { line: 'traces/binary-dot.s', meaning: 'cycles, stalls and cache misses of a program on a Cortex-A53' },
    {
      line: 'traces/binary-dot.s --trace dot.kanata --window 1000:1200',
      meaning: 'what its pipeline does in 200 of the cycles, for Konata',
    },
    {
      line: 'traces/binary-dot.s --loop words --iterations 500',
      meaning: 'one loop alone, with its data in the first-level cache',
    },
    { line: 'traces/binary-dot.s --record dot.trace.gz', meaning: 'the instructions executed, for bnnsim replay' },
  ],
  handler: (args) => {
    const file = inputFile(args.file)
    const format = choice('format', ['text', 'json'], args.format)
    for (const output of ['trace', 'record'])
      if (args[output] !== undefined && resolve(String(args[output])) === resolve(file))
        throw new InputError('expected another file than the program', { key: `--${output}`, file })
    if (args.trace !== undefined && args.trace === args.record)
      throw new InputError('expected another file than that of --trace', { key: '--record' })
    const target = targetOf(args)
    const finishTrace = tracePipeline(target.system.core, target.system.config.core, args)
    const recording = args.record === undefined ? null : new Recording(single('record', args.record))
    const progress = new Progress(false)
    const result = runAssembly(target, textOf(file), file, {
      ...startOf(args),
      ...(recording === null ? {} : { tap: (stream, resident) => recording.of(stream, resident, file) }),
      progress: (instructions) => progress.update(() => `${instructions().toLocaleString('en')} instructions`),
    })
    progress.clear()
    finishTrace()
    recording?.close()
    if (format === 'json') printJson(result)
    else process.stdout.write(asmText(result, args.loop !== undefined))
  },
}

/** Name of the file to read; yargs gives an empty one for `-`. */
export function inputFile(given: unknown): string {
  if (given !== '') return String(given)
  throw new InputError('expected the name of a file: standard input is not read')
}

/** The target that --core, --set and --slow describe. */
export function targetOf(args: Readonly<Record<string, unknown>>): Target {
  const set = ((args.set ?? []) as unknown[]).map(String)
  return loadTarget(single('core', args.core), set, args.slow !== true)
}

/** `--record FILE`. */
class Recording {
  private readonly file: OutputFile
  private readonly compressed: boolean
  private recorder: Recorder | null = null

  constructor(name: string) {
    this.file = new OutputFile(name, 'record')
    this.compressed = name.endsWith('.gz')
  }

  of(stream: BlockStream, resident: readonly Resident[], file: string): BlockStream {
    const write = (bytes: string | Uint8Array) => this.file.write(bytes)
    this.recorder = new Recorder(stream, this.compressed ? gzipped(write) : write, resident, file)
    return this.recorder
  }

  close(): void {
    this.recorder?.close()
    this.file.close()
  }
}

function startOf(args: Readonly<Record<string, unknown>>): Pick<ProgramOptions, 'entry' | 'loop'> {
  if (args.loop === undefined) return args.entry === undefined ? {} : { entry: single('entry', args.entry) }
  if (args.entry !== undefined) throw new InputError('cannot be given with --entry', { key: '--loop' })
  return { loop: { label: single('loop', args.loop), iterations: whole('iterations', 1, args.iterations) } }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`cannot be read (${(error as NodeJS.ErrnoException).code})`, { file })
  }
}
