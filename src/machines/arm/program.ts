// Runs an assembled program on the ARM machine: executed for its values, timed block by block.

import { Execution } from '../../isa/execute.ts'
import type { Program } from '../../isa/instruction.ts'
import type { BlockStream, Resident } from '../../isa/stream.ts'
import type { CoreSpec } from '../../units/core/spec.ts'
import { didYouMean, InputError } from '../../work/input-error.ts'
import type { ArmSystem } from './system.ts'

export interface ProgramOptions {
  /** Label to start at; by default `main` or `_start`, else the first instruction. */
  readonly entry?: string
  /** Repeats the loop at a label instead, with its instructions and data in L1. */
  readonly loop?: { readonly label: string; readonly iterations: number }
  /** Stands between execution and timing, e.g. to record; told what is in L1 from the start. */
  readonly tap?: (stream: BlockStream, resident: readonly Resident[]) => BlockStream
  /** Called now and then; the argument tells the instructions executed so far. */
  readonly progress?: (instructions: () => number) => void
}

interface ProgramRun {
  readonly execution: Execution
  /** Of a loop: on average over the second half of its iterations; null where that is no steady state. */
  readonly cyclesPerIteration: number | null
}

/** Runs `program` to its end. Throws InputError for what the program does wrong, with its line. */
export function runProgram(system: ArmSystem, program: Program, options: ProgramOptions = {}): ProgramRun {
  const { loop, tap, progress } = options
  const execution = new Execution(program, loop === undefined ? {} : { loop })
  if (loop === undefined) execution.start(entryOf(program, options.entry))
  else pointToWindows(execution)
  const resident = residentOf(program, execution)
  for (const { cache, address, bytes } of resident) system.warm(cache, address, bytes)
  const stream = tap?.(execution, resident) ?? execution
  const meter = loop === undefined ? null : new LoopMeter(program, execution.next, loop.iterations)
  for (let words = stream.run(); words > 0; words = stream.run()) {
    if (meter === null) system.core.time(stream, words)
    else meter.time(system, stream, words)
    progress?.(() => system.core.executedCounts().instructions)
  }
  const cyclesPerIteration = meter?.cyclesPerIteration(system) ?? null
  system.finish()
  return { execution, cyclesPerIteration }
}

function entryOf({ file, symbols, textBase }: Program, entry: string | undefined): number {
  if (entry === undefined) return symbols.get('main') ?? symbols.get('_start') ?? textBase
  const address = symbols.get(entry)
  if (address !== undefined) return address
  throw new InputError(`no label '${entry}'${didYouMean(entry, symbols.keys())}`, { file, key: '--entry' })
}

/** Each register points into the window of what is accessed through it. */
function pointToWindows(execution: Execution): void {
  const { base, apart } = execution.window!
  for (let register = 0; register < 32; register++) execution.setX(register, BigInt(base + register * apart))
}

/** Of a loop, the windows and the code. */
function residentOf({ textBase, instructions }: Program, { window }: Execution): Resident[] {
  if (window === null) return []
  return [
    { cache: 'l1d', address: window.base, bytes: window.total },
    { cache: 'l1i', address: textBase, bytes: 4 * instructions.length },
  ]
}

/** Largest difference between the cycles of an iteration in the third and in the fourth quarter, as part of them. */
const STEADY = 0.02

/** Takes the times at which half and three quarters of the iterations have begun. */
class LoopMeter {
  private readonly lengths: Int32Array // of trace records, by block
  private readonly header: number
  private readonly iterations: number
  private readonly marks: readonly [half: number, later: number]
  private readonly cycles: number[] = [] // at each mark
  private before = 0 // instructions executed before the first mark
  private begun = 0

  constructor({ blocks, instructions }: Program, header: number, iterations: number) {
    this.lengths = Int32Array.from(blocks, ({ first, count }) => {
      return 1 + instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length
    })
    this.header = header
    this.iterations = iterations
    this.marks = [Math.floor(iterations / 2), Math.floor((3 * iterations) / 4)]
  }

  time({ core }: ArmSystem, stream: BlockStream, words: number): void {
    const { trace } = stream
    const { lengths, header, marks, cycles } = this
    let from = 0
    for (let at = 0; at < words && cycles.length < marks.length; at += lengths[trace[at]!]!) {
      if (trace[at] !== header || this.begun++ !== marks[cycles.length]) continue
      core.time(stream, words, from, at)
      if (cycles.push(core.cycles) === 1) this.before = core.executedCounts().instructions
      from = at
    }
    core.time(stream, words, from)
  }

  /** Null while the core still fills, and where the last quarters differ. */
  cyclesPerIteration({ core, config }: ArmSystem): number | null {
    const { iterations } = this
    const [half, later] = this.marks
    const [atHalf, atLater] = this.cycles
    if (atHalf === undefined || atLater === undefined || this.before < mostInFlight(config.core)) return null
    const third = (atLater - atHalf) / (later - half)
    const fourth = (core.cycles - atLater) / (iterations - later)
    if (Math.abs(third - fourth) > STEADY * Math.min(third, fourth)) return null
    return (core.cycles - atHalf) / (iterations - half)
  }
}

/** Instructions: until so many have come, an out-of-order core takes them in faster than it executes them. */
const mostInFlight = (spec: CoreSpec): number => spec.fetch.queue + ('reorderBuffer' in spec ? spec.reorderBuffer : 0)
