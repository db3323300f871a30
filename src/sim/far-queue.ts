// Events beyond the kernel's ring: a binary heap of event slots, earliest due first,
// equal dues in the order they were pushed. Columns by heap position (children of i at 2i+1, 2i+2):
//
//   due   Float64   cycle
//   seq   Float64   order of pushing, breaks ties
//   slot  Int32     the kernel's event slot

export class FarQueue {
  size = 0
  private due = new Float64Array(64)
  private seq = new Float64Array(64)
  private slot = new Int32Array(64)
  private pushed = 0

  /** Cycle of the earliest event, Infinity when there is none. */
  get earliest(): number {
    return this.size === 0 ? Infinity : this.due[0]!
  }

  push(due: number, slot: number): void {
    if (this.size === this.slot.length) this.grow()
    const seq = this.pushed++
    let at = this.size++
    // The newcomer has the highest `seq`, so a parent that is due in the same cycle stays above it.
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.due[parent]! <= due) break
      this.move(parent, at)
      at = parent
    }
    this.set(at, due, seq, slot)
  }

  /** Removes the earliest event and returns its slot; there must be one. */
  pop(): number {
    const earliest = this.slot[0]!
    const last = --this.size
    const due = this.due[last]!
    const seq = this.seq[last]!
    const slot = this.slot[last]!
    let at = 0
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.before(child + 1, this.due[child]!, this.seq[child]!)) child++
      if (!this.before(child, due, seq)) break
      this.move(child, at)
      at = child
    }
    this.set(at, due, seq, slot)
    return earliest
  }

  /** Visits every event, in no particular order. */
  forEach(visit: (due: number, slot: number) => void): void {
    for (let at = 0; at < this.size; at++) visit(this.due[at]!, this.slot[at]!)
  }

  private before(at: number, due: number, seq: number): boolean {
    const other = this.due[at]!
    return other < due || (other === due && this.seq[at]! < seq)
  }

  private move(from: number, to: number): void {
    this.set(to, this.due[from]!, this.seq[from]!, this.slot[from]!)
  }

  private set(at: number, due: number, seq: number, slot: number): void {
    this.due[at] = due
    this.seq[at] = seq
    this.slot[at] = slot
  }

  private grow(): void {
    const { due, seq, slot } = this
    const size = 2 * slot.length
    this.due = new Float64Array(size)
    this.seq = new Float64Array(size)
    this.slot = new Int32Array(size)
    this.due.set(due)
    this.seq.set(seq)
    this.slot.set(slot)
  }
}
