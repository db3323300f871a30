// Branch prediction: two-bit counters hashed with history, a stack of return addresses, a table of indirect targets.
// It is asked and taught in program order, at once: what is predicted between a branch and its resolution sees the truth.

import { CALL, CONDITIONAL, INDIRECT, RETURN } from './decoded.ts'
import type { PredictorSpec } from './spec.ts'

export class Predictor {
  readonly count = { branches: 0, mispredictions: 0 }

  private readonly mask: number
  private readonly historyMask: number
  private readonly counters: Uint8Array
  private readonly returns: Float64Array
  private readonly targets: Float64Array
  private history = 0
  private depth = 0 // of calls, modulo the stack

  constructor({ entries, history, returns, targets }: PredictorSpec) {
    this.mask = 2 ** Math.round(Math.log2(entries)) - 1
    this.historyMask = 2 ** history - 1
    this.counters = new Uint8Array(this.mask + 1).fill(2)
    this.returns = new Float64Array(Math.max(1, returns)).fill(-1)
    this.targets = new Float64Array(Math.max(1, targets)).fill(-1)
  }

  /** Whether the branch of `kind` at `address` was predicted wrongly, given that execution went on at `next`. */
  resolve(kind: number, address: number, next: number): boolean {
    this.count.branches++
    const right = this.isRight(kind, address, next)
    if (!right) this.count.mispredictions++
    return !right
  }

  /** Whether the conditional branch is predicted as taken, and being taken would teach nothing new. */
  saturated(address: number): boolean {
    return this.history === this.historyMask && this.counters[((address >>> 2) ^ this.history) & this.mask] === 3
  }

  private isRight(kind: number, address: number, next: number): boolean {
    if (kind === CONDITIONAL) return this.conditional(address, next !== address + 4)
    if (kind === CALL) {
      this.depth = (this.depth + 1) % this.returns.length
      this.returns[this.depth] = address + 4
      return true
    }
    if (kind === RETURN) {
      const right = this.returns[this.depth] === next
      this.depth = (this.depth + this.returns.length - 1) % this.returns.length
      return right
    }
    if (kind !== INDIRECT) return true
    const slot = (address >>> 2) % this.targets.length
    const right = this.targets[slot] === next
    this.targets[slot] = next
    return right
  }

  private conditional(address: number, taken: boolean): boolean {
    const at = ((address >>> 2) ^ this.history) & this.mask
    const counter = this.counters[at]!
    if (taken) {
      if (counter < 3) this.counters[at] = counter + 1
    } else if (counter > 0) this.counters[at] = counter - 1
    this.history = ((this.history << 1) | (taken ? 1 : 0)) & this.historyMask
    return counter >= 2 === taken
  }
}
