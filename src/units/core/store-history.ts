// Addresses of the latest stores in program order, to find the one that a load takes its data from.

/** Stores remembered: those in flight in any core, and those of a block that is undone by `reset`. */
const STORES = 256
const MASK = STORES - 1

/** Of `match`: no store; else 1 + 2 x age, plus PARTIAL where the store does not hold all that is loaded. */
export const NO_MATCH = 0
export const PARTIAL = 1

export class StoreHistory {
  private readonly address = new Float64Array(STORES).fill(-1)
  private readonly bytes = new Int32Array(STORES)
  private head = 0

  push(address: number, bytes: number): void {
    this.head = (this.head + 1) & MASK
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
    const ages = stores < STORES ? stores : STORES
    for (let age = 0; age < ages; age++) {
      const place = (this.head - age) & MASK
      const from = this.address[place]!
      const to = from + this.bytes[place]!
      if (address < to && from < address + bytes)
        return 1 + 2 * age + (from <= address && address + bytes <= to ? 0 : PARTIAL)
    }
    return NO_MATCH
  }
}
