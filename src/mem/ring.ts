// Positions of a queue in columns that its owner keeps: a ring with a power of two of places.

export class Ring {
  /** Places: at least the capacity asked for, which the owner sees to. */
  readonly length: number
  size = 0
  /** Position of the oldest entry. */
  first = 0
  private readonly mask: number

  constructor(capacity: number) {
    this.length = 2 ** Math.ceil(Math.log2(Math.max(1, capacity)))
    this.mask = this.length - 1
  }

  /** Position of the `i`th entry, the oldest being 0. */
  at(i: number): number {
    return (this.first + i) & this.mask
  }

  /** Adds an entry; returns its position. */
  push(): number {
    return (this.first + this.size++) & this.mask
  }

  /** Removes the oldest entry; returns its position. */
  shift(): number {
    const { first } = this
    this.first = (first + 1) & this.mask
    this.size--
    return first
  }
}
