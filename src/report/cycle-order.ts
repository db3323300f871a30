// Pipeline traces are written in order of cycles; cores tell of instructions in program order, as they retire.

/** A range of cycles; `to` is the first one behind it. */
export interface CycleWindow {
  readonly from: number
  readonly to: number
}

export const ALL_CYCLES: CycleWindow = { from: 0, to: Number.POSITIVE_INFINITY }

/**
 * Puts what is added into order of cycles. Of one cycle, what was added first comes first. It holds what lies between
 * the cycles of `release` and the latest one added: for the stages of instructions, those in flight.
 */
export class CycleOrder<T> {
  private readonly take: (cycle: number, item: T) => void
  private readonly waiting = new Map<number, T[]>()
  private cycle = 0
  private latest = -1

  constructor(take: (cycle: number, item: T) => void) {
    this.take = take
  }

  /** Throws RangeError if `cycle` has been released. */
  add(cycle: number, item: T): void {
    if (cycle < this.cycle)
      throw new RangeError(`cycle ${cycle} is over: ${this.cycle} was to be the first one to come`)
    const items = this.waiting.get(cycle)
    if (items === undefined) this.waiting.set(cycle, [item])
    else items.push(item)
    if (cycle > this.latest) this.latest = cycle
  }

  /** Nothing will be added for cycles before this one. */
  release(before: number): void {
    for (; this.cycle < before && this.cycle <= this.latest; this.cycle++) {
      const items = this.waiting.get(this.cycle)
      if (items === undefined) continue
      this.waiting.delete(this.cycle)
      for (const item of items) this.take(this.cycle, item)
    }
    if (this.cycle < before) this.cycle = before
  }

  /** Nothing more will be added. */
  end(): void {
    this.release(this.latest + 1)
  }
}
