// Konata's log of a pipeline. Source: "Kanata Log Format", docs/kanata-log-format.md of github.com/shioyadan/Konata, version 0004.

import type { InstructionTimes, PipelineObserver } from '../units/core/observer.ts'
import { ALL_CYCLES, CycleOrder, type CycleWindow } from './cycle-order.ts'

const CHUNK = 1 << 16

/**
 * Stages: F fetched, Ds dispatched to a queue (out-of-order cores), Is waiting to issue, X executing, Wb waiting to
 * retire and retiring. An arrow leads from each producer to the issue of the instruction that used its result.
 */
export class KonataWriter implements PipelineObserver {
  private readonly write: (text: string) => void
  private readonly pipes: readonly string[]
  private readonly window: CycleWindow
  private readonly order: CycleOrder<string>
  private text = 'Kanata\t0004\n'
  /** Cycle of the last line written, -1 at the beginning. */
  private cycle = -1
  /** Sequence number of the first instruction shown, -1 until there is one; its identifier in the file is 0. */
  private first = -1

  /** `pipes` are the names of the core's pipes; only instructions in flight within `window` are shown. */
  constructor(write: (text: string) => void, pipes: readonly string[], window: CycleWindow = ALL_CYCLES) {
    this.write = write
    this.pipes = pipes
    this.window = window
    this.order = new CycleOrder((cycle, lines) => this.lines(cycle, lines))
  }

  retired(times: InstructionTimes): void {
    const { fetch, retire } = times
    if (fetch >= this.window.to || (this.first < 0 && retire < this.window.from)) return
    if (this.first < 0) this.first = times.sequence
    this.order.release(fetch)
    const id = times.sequence - this.first
    this.begin(id, times)
    this.stages(id, times)
    for (const producer of times.producers)
      if (producer >= this.first) this.order.add(times.issue, `W\t${id}\t${producer - this.first}\t0\n`)
    this.order.add(endOf(times), `R\t${id}\t${id}\t0\n`)
  }

  /** No instruction was in flight within the window. */
  get empty(): boolean {
    return this.first < 0
  }

  /** Writes what is left. */
  close(): void {
    this.order.end()
    this.write(this.text)
    this.text = ''
  }

  private begin(id: number, { sequence, instruction, fetch, pipe, busy }: InstructionTimes): void {
    const { address, text } = instruction
    const where = pipe < 0 ? 'no pipe' : `${this.pipes[pipe]}, ${busy} ${busy === 1 ? 'cycle' : 'cycles'}`
    const label = `${address.toString(16)}: ${text.replaceAll('\t', ' ')}`
    this.order.add(fetch, `I\t${id}\t${sequence}\t0\nL\t${id}\t0\t${label}\nL\t${id}\t1\t${where}\n`)
  }

  private stages(id: number, times: InstructionTimes): void {
    const { fetch, dispatch, issue, complete } = times
    const queued = dispatch < issue
    const fetched = queued ? dispatch : Math.min(fetch + 1, issue)
    const dispatched = queued ? dispatch + 1 : fetched
    this.stage(id, 'F', fetch, fetched)
    this.stage(id, 'Ds', fetched, dispatched)
    this.stage(id, 'Is', dispatched, issue)
    this.stage(id, 'X', issue, complete)
    this.stage(id, 'Wb', complete, endOf(times))
  }

  private stage(id: number, name: string, from: number, to: number): void {
    if (from >= to) return
    this.order.add(from, `S\t${id}\t0\t${name}\n`)
    this.order.add(to, `E\t${id}\t0\t${name}\n`)
  }

  private lines(cycle: number, lines: string): void {
    if (cycle !== this.cycle) this.text += this.cycle < 0 ? `C=\t${cycle}\n` : `C\t${cycle - this.cycle}\n`
    this.cycle = cycle
    this.text += lines
    if (this.text.length < CHUNK) return
    this.write(this.text)
    this.text = ''
  }
}

/** The first cycle after the instruction: it is still there in the one in which it retires. */
const endOf = ({ complete, retire }: InstructionTimes): number => Math.max(complete, retire + 1)
