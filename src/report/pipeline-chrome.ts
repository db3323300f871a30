// A pipeline as Chrome's trace events, for Perfetto: what each pipe was busy with.

import { ChromeTracer } from '../sim/tracer.ts'
import type { InstructionTimes, PipelineObserver } from '../units/core/observer.ts'
import { ALL_CYCLES, CycleOrder, type CycleWindow } from './cycle-order.ts'

/**
 * A track for each pipe, a slice for each instruction that used it, from its issue on for as long as it kept the pipe
 * busy. Where a pipe takes a further instruction before the last one's whole cycles are over, that is on a track
 * beside it (`vector.2`). Instructions without a pipe have no slice.
 */
export class PipelineChromeWriter implements PipelineObserver {
  /** No instruction was in flight within the window. */
  empty = true

  private readonly tracer: ChromeTracer
  private readonly pipes: readonly string[]
  private readonly window: CycleWindow
  private readonly order: CycleOrder<InstructionTimes>
  /** Of each pipe, the cycle from which on each of its tracks is free. */
  private readonly free: readonly number[][]

  /** `pipes` are the names of the core's pipes; only instructions in flight within `window` are shown. */
  constructor(write: (text: string) => void, pipes: readonly string[], window: CycleWindow = ALL_CYCLES) {
    this.tracer = new ChromeTracer(write)
    this.pipes = pipes
    this.window = window
    this.order = new CycleOrder((_, times) => this.slice(times))
    this.free = pipes.map(() => [])
    for (const pipe of pipes.keys()) this.track(pipe, 0)
  }

  retired(times: InstructionTimes): void {
    if (times.fetch >= this.window.to || times.retire < this.window.from) return
    this.empty = false
    // No instruction to come issues before it is fetched, and fetch is in program order.
    this.order.release(times.fetch)
    if (times.pipe >= 0) this.order.add(times.issue, { ...times })
  }

  /** Ends the file. */
  close(): void {
    this.order.end()
    this.tracer.close()
  }

  private slice({ pipe, issue, busy, instruction, sequence }: InstructionTimes): void {
    const tracks = this.free[pipe]!
    const among = tracks.findIndex((free) => free <= issue)
    const track = among < 0 ? tracks.length : among
    const end = issue + Math.max(1, busy)
    tracks[track] = end
    const { address, text } = instruction
    const what = { address: `0x${address.toString(16)}`, text, sequence }
    this.tracer.span(this.track(pipe, track), text.split(' ', 1)[0]!, issue, end, what)
  }

  private track(pipe: number, track: number): string {
    const name = track === 0 ? this.pipes[pipe]! : `${this.pipes[pipe]}.${track + 1}`
    this.tracer.track(name, pipe * MOST_TRACKS + track)
    return name
  }
}

/** Of one pipe: more only make the order of tracks odd. */
const MOST_TRACKS = 64
