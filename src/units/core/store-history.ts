// Addresses of the latest stores in program order, to find the one that a load takes its data from.

/** Stores that `reset` can undo. */
export const MOST_UNDONE = 128

/** Of `match`: no store; else 1 + 2 x age, plus PARTIAL where the store does not hold all that is loaded. */
export const NO_MATCH = 0
export const PARTIAL = 1

export class StoreHistory {
  /** Stores remembered: what `match` returns is at most 2 + 2 x size. */
  readonly size: number

  private readonly mask: number
  private readonly address: Float64Array
  private readonly bytes: Int32Array
  private head = 0

  /** For a core that has at most so many stores in flight. */
  constructor(inFlight: number) {
    this.size = 2 ** Math.ceil(Math.log2(inFlight + MOST_UNDONE))
    this.mask = this.size - 1
    this.address = new Float64Array(this.size).fill(-1)
    this.bytes = new Int32Array(this.size)
  }

  push(address: number, bytes: number): void {
    this.head = (this.head + 1) & this.mask
    this.address[this.head] = address
    this.bytes[this.head] = bytes
  }

  /** What `reset` takes to forget the stores pushed since. */
  mark(): number {
    return this.head
  }

  reset(mark: number): void {
    this.head = mark
  }

  /** The youngest of the latest `stores` that overlaps the `bytes` at `address`; age 0 is the latest. */
  match(address: number, bytes: number, stores: number): number {
    const ages = stores < this.size ? stores : this.size
    for (let age = 0; age < ages; age++) {
      const place = (this.head - age) & this.mask
      const from = this.address[place]!
      const to = from + this.bytes[place]!
      if (address < to && from < address + bytes)
        return 1 + 2 * age + (from <= address && address + bytes <= to ? 0 : PARTIAL)
    }
    return NO_MATCH
  }
}
