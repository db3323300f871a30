// Tells an observer of the instructions of a core, in program order, each as soon as its last cycle is known.

import { type Instruction, REGISTERS } from '../../isa/instruction.ts'
import type { InstructionTimes, PipelineObserver } from './observer.ts'
import { TWELFTHS } from './spec.ts'

/** Times of an instruction as its core knows them; `complete` is Infinity while a load misses, `busy` in twelfths. */
interface IssueTimes {
  readonly fetch: number
  readonly dispatch?: number
  readonly issue: number
  readonly complete: number
  readonly retire?: number
  readonly pipe: number
  readonly busy: number
}

interface Waiting {
  readonly times: Omit<InstructionTimes, 'complete' | 'retire'> & { readonly retire: number }
  readonly complete: number
  readonly completes: () => number
}

export class Watch {
  private readonly observer: PipelineObserver
  private readonly writer = new Int32Array(REGISTERS).fill(-1)
  private readonly waiting: Waiting[] = []
  private sequence: number
  private retired = 0

  /** `sequence` is the number of the first instruction that it will be told of. */
  constructor(observer: PipelineObserver, sequence: number) {
    this.observer = observer
    this.sequence = sequence
  }

  /** The next instruction in program order; `completes` is asked where `complete` is Infinity. */
  issued(instruction: Instruction, { busy, ...times }: IssueTimes, completes: () => number): void {
    const sources = instruction.sources.map((source) => this.writer[source]!)
    const producers = [...new Set(sources)].filter((producer) => producer >= 0)
    const { sequence } = this
    this.sequence++
    for (const register of instruction.results) this.writer[register] = sequence
    if (instruction.writeBack !== null) this.writer[instruction.writeBack] = sequence
    const whole = Math.max(1, Math.ceil(busy / TWELFTHS))
    const { complete } = times
    const known = { dispatch: times.issue, retire: 0, ...times, sequence, instruction, busy: whole, producers }
    this.waiting.push({ times: known, complete, completes })
    this.flush()
  }

  /** Tells what is known by now. */
  flush(): void {
    while (this.waiting.length > 0) {
      const { times, complete, completes } = this.waiting[0]!
      const cycle = complete === Infinity ? completes() : complete
      if (cycle === Infinity) return
      this.waiting.shift()
      const done = Math.max(times.issue + 1, cycle)
      this.retired = Math.max(this.retired, done, times.retire)
      this.observer.retired({ ...times, complete: done, retire: this.retired })
    }
  }
}
