// How an out-of-order core dispatches a block: from its tables, or by functions of its own once it has come often.

import type { Decoded } from './decoded.ts'
import { type DispatchBlock, type DispatchWires, dispatchBlock, type Known } from './dispatch-block.ts'
import { DispatchTable } from './dispatch-table.ts'
import type { OutOfOrderSpec } from './spec.ts'

/** Runs of a block after which its compilation, tens of milliseconds, pays. */
const PATIENCE = 50_000

export class Dispatcher {
  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly wires: DispatchWires
  private readonly patience: number
  private readonly known: Known = new Map()
  private readonly runs: number[] = [] // of each block, from the table
  private blocks: (DispatchBlock | undefined)[] = []
  private watched = false
  private table: DispatchTable

  constructor(spec: OutOfOrderSpec, decoded: Decoded, wires: DispatchWires, patience = PATIENCE) {
    this.spec = spec
    this.decoded = decoded
    this.wires = wires
    this.patience = patience
    this.table = new DispatchTable(spec, decoded, wires, false)
  }

  /** Whether an entry of every instruction is kept from now on, for an observer. */
  watch(watched: boolean): void {
    this.watched = watched
    this.blocks = []
    this.table = new DispatchTable(this.spec, this.decoded, this.wires, watched)
  }

  /** Dispatches block `index`, whose memory accesses went to the addresses from `trace[at]` on. */
  run(index: number, trace: Int32Array, at: number): void {
    const { decoded } = this
    const parts = this.blocks[index] ?? this.hot(index)
    if (parts === undefined) {
      this.table.run(decoded.first[index]!, decoded.count[index]!, trace, at)
      return
    }
    let word = at
    for (let i = 0; i < parts.length; i++) word = parts[i]!.run(trace, word, parts[i]!.first)
  }

  private hot(index: number): DispatchBlock | undefined {
    const runs = (this.runs[index] ?? 0) + 1
    this.runs[index] = runs
    if (runs <= this.patience) return
    this.blocks[index] = dispatchBlock(index, this.decoded, this.spec, this.wires, this.watched, this.known)
    return this.blocks[index]
  }
}
