// What of a block's memory accesses matters to a pipeline while all of them hit: whether each crosses a boundary or a
// line, and which store in flight it meets. They are performed in program order on the way: tags, store addresses.

import type { FirstLevelCache } from '../../mem/cache/first-level.ts'
import { CONFIGURE, DECODE, type Decoded, LOAD, PREFETCH, STORE } from './decoded.ts'
import { crosses } from './spec.ts'
import type { StoreHistory } from './store-history.ts'

export const MISS = -1

export class Outcomes {
  private readonly decoded: Decoded
  private readonly l1d: FirstLevelCache
  private readonly history: StoreHistory
  private readonly boundary: number
  private readonly codes: number // of one access: four times what a match can be
  private readonly folds = new Map<number, number>()

  constructor(decoded: Decoded, l1d: FirstLevelCache, history: StoreHistory) {
    this.decoded = decoded
    this.l1d = l1d
    this.history = history
    this.codes = 4 * (2 * history.size + 3)
    this.boundary = decoded.spec.unaligned.boundary
  }

  /** Forgets the numbers that it gave to outcomes. */
  clear(): void {
    this.folds.clear()
  }

  /**
   * Performs the accesses of the block: one number for what matters of them all, or MISS at the first line that is not
   * in L1; `stores` are in flight. Those before it have been performed then, and may be again: twice in the same order is as once.
   * Unless `performs`, it only looks: tags stay as they are, stores are entered all the same.
   */
  access(block: number, trace: Int32Array, at: number, stores: number, performs: boolean): number {
    const { accessFirst, accessBytes, accessKind } = this.decoded
    const { l1d, boundary } = this
    const { lineBits } = l1d
    const first = accessFirst[block]!
    const count = this.decoded.accessCount[block]!
    let inFlight = stores
    let outcome = 0
    let pairs = 0 // of accesses: each is folded into a small number, so that the outcome stays exact
    for (let i = 0; i < count; i++) {
      const address = trace[at + i]! >>> 0
      const bytes = accessBytes[first + i]!
      const kind = accessKind[first + i]!
      const line = address >>> lineBits
      if (kind === CONFIGURE) return MISS
      if (kind === DECODE) continue // it has been made sure that it waits for nothing
      if (kind === PREFETCH) {
        if (!l1d.holds(line)) return MISS
        continue
      }
      const last = (address + bytes - 1) >>> lineBits
      if (performs) {
        if (!l1d.use(line, kind === STORE) || (last !== line && !l1d.use(last, kind === STORE))) return MISS
      } else if (!l1d.wouldUse(line) || (last !== line && !l1d.wouldUse(last))) return MISS
      let code = last === line ? 0 : 2
      if (kind === STORE) {
        this.history.push(address, bytes)
        inFlight++
      } else if (inFlight > 0) code += 4 * this.history.match(address, bytes, inFlight)
      if (crosses(address, bytes, boundary)) code++
      pairs ^= 1
      if (code === 0 && outcome === 0) continue
      outcome = outcome * this.codes + code
      if (pairs === 0) outcome = this.fold(outcome)
    }
    return outcome
  }

  /** A small number for a large one. */
  private fold(outcome: number): number {
    const known = this.folds.get(outcome)
    if (known !== undefined) return known
    this.folds.set(outcome, this.folds.size + 1)
    return this.folds.size
  }

  /** Whether all accesses of the block are loads. */
  loadsOnly(block: number): boolean {
    const { accessFirst, accessCount, accessKind } = this.decoded
    const first = accessFirst[block]!
    for (let i = first; i < first + accessCount[block]!; i++) if (accessKind[i] !== LOAD) return false
    return true
  }

  /**
   * Performs the accesses, all of them loads, of records of the block from `at` on, as long as each is followed by one
   * more and all hit without crossing anything; returns the first record that is another.
   */
  quiet(block: number, trace: Int32Array, at: number, words: number): number {
    const { accessBytes, accessCount, accessFirst } = this.decoded
    const { l1d, boundary } = this
    const { lineBits } = l1d
    const first = accessFirst[block]!
    const count = accessCount[block]!
    const length = 1 + count
    let here = at
    let latest = -1
    for (; here + length < words && trace[here + length] === block; here += length)
      for (let i = 0; i < count; i++) {
        const address = trace[here + 1 + i]! >>> 0
        const bytes = accessBytes[first + i]!
        const line = address >>> lineBits
        if (crosses(address, bytes, boundary)) return here
        if ((address + bytes - 1) >>> lineBits !== line) return here
        if (line === latest) continue // once more changes nothing
        if (!l1d.use(line, false)) return here
        latest = line
      }
    return here
  }
}
