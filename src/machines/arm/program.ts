// Runs an assembled program on the ARM machine: executed for its values, timed block by block.

import { Execution } from '../../isa/execute.ts'
import type { Program } from '../../isa/instruction.ts'
import type { BlockStream } from '../../isa/stream.ts'
import { didYouMean, InputError } from '../../work/input-error.ts'
import type { ArmSystem } from './system.ts'

export interface ProgramOptions {
  /** Label to start at; by default `main` or `_start`, else the first instruction. */
  readonly entry?: string
  /** Repeats the loop at a label instead, with its instructions and data in L1. */
  readonly loop?: { readonly label: string; readonly iterations: number }
  /** Stands between execution and timing, e.g. to record. */
  readonly tap?: (stream: BlockStream) => BlockStream
  /** Called now and then; the argument tells the instructions executed so far. */
  readonly progress?: (instructions: () => number) => void
}

/** Of a loop: cycles of an iteration, on average over the second half of them. */
export interface ProgramRun {
  readonly execution: Execution
  readonly cyclesPerIteration: number | null
}

/** Runs `program` to its end. Throws InputError for what the program does wrong, with its line. */
export function runProgram(system: ArmSystem, program: Program, options: ProgramOptions = {}): ProgramRun {
  const { loop, tap, progress } = options
  const execution = new Execution(program, loop === undefined ? {} : { loop })
  if (loop === undefined) execution.start(entryOf(program, options.entry))
  else warm(system, program, execution)
  const stream = tap?.(execution) ?? execution
  const meter = loop === undefined ? null : new LoopMeter(program, execution.next, loop.iterations)
  for (let words = stream.run(); words > 0; words = stream.run()) {
    if (meter === null) system.core.time(stream, words)
    else meter.time(system, stream, words)
    progress?.(() => system.core.executedCounts().instructions)
  }
  const cyclesPerIteration = meter?.cyclesPerIteration(system.core.cycles) ?? null
  system.finish()
  return { execution, cyclesPerIteration }
}

function entryOf({ file, symbols, textBase }: Program, entry: string | undefined): number {
  if (entry === undefined) return symbols.get('main') ?? symbols.get('_start') ?? textBase
  const address = symbols.get(entry)
  if (address !== undefined) return address
  throw new InputError(`no label '${entry}'${didYouMean(entry, symbols.keys())}`, { file, key: '--entry' })
}

/** Each register points into the window of what is accessed through it; the windows and the code are in L1. */
function warm(system: ArmSystem, program: Program, execution: Execution): void {
  const { window } = execution
  if (window === null) return
  for (let register = 0; register < 32; register++)
    execution.setX(register, BigInt(window.base + register * window.apart))
  system.warm('l1d', window.base, window.total)
  system.warm('l1i', program.textBase, 4 * program.instructions.length)
}

/** Takes the time at which half of the iterations have begun. */
class LoopMeter {
  private readonly lengths: Int32Array // of trace records, by block
  private readonly header: number
  private readonly iterations: number
  private readonly half: number
  private begun = 0
  private cycles = 0

  constructor({ blocks, instructions }: Program, header: number, iterations: number) {
    this.lengths = Int32Array.from(blocks, ({ first, count }) => {
      return 1 + instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length
    })
    this.header = header
    this.iterations = iterations
    this.half = Math.floor(iterations / 2)
  }

  time({ core }: ArmSystem, stream: BlockStream, words: number): void {
    const { trace } = stream
    const { lengths, header } = this
    let from = 0
    for (let at = 0; at < words && this.begun <= this.half; at += lengths[trace[at]!]!) {
      if (trace[at] !== header || this.begun++ !== this.half) continue
      core.time(stream, words, 0, at)
      this.cycles = core.cycles
      from = at
    }
    core.time(stream, words, from)
  }

  cyclesPerIteration(cycles: number): number | null {
    return this.half === 0 ? null : (cycles - this.cycles) / (this.iterations - this.half)
  }
}
