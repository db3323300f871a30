// An in-order core: up to `width` instructions issue a cycle, in program order, each as soon as it has been fetched,
// its sources are ready and a pipe is free. Loads do not block: who needs the data waits (stall on use).
//
// As nothing overtakes, one pass over the instructions gives every cycle. Memory is brought up to the cycle of each
// access, and further only while the core waits for it. Cycles are 32-bit integers relative to `base`.

import { REGISTERS } from '../../isa/instruction.ts'
import { NEAR, rebased } from './cycles.ts'
import { type Decoded, FIELDS, OCCUPANCY, RESULTS, resultAt } from './decoded.ts'
import { FrontEnd } from './front-end.ts'
import { type IssueBlock, type IssueState, issueBlock } from './in-order-block.ts'
import { IssueTable } from './issue-table.ts'
import { LoadStore } from './load-store.ts'
import type { PipelineObserver } from './observer.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { type Scoreboard, WAITING } from './scoreboard.ts'
import { type InOrderSpec, TWELFTHS } from './spec.ts'
import { COUNTS, reasonAt } from './stalls.ts'
import { Watch } from './watch.ts'

/** Runs of a block after which its compilation pays. */
const PATIENCE = 20_000

export class InOrder implements Pipeline, IssueState {
  readonly counts = new Float64Array(COUNTS)
  readonly ready: Int32Array
  readonly missed: Int32Array
  readonly free: Int32Array
  readonly front: FrontEnd
  now = -1
  slots: number
  lastWriteBack = 0

  private readonly spec: InOrderSpec
  private readonly decoded: Decoded
  private readonly memory: LoadStore
  private readonly registers: Scoreboard
  private blocks: (IssueBlock | undefined)[] = []
  private readonly runs: number[] = [] // of each block, from the table
  private readonly patience: number
  private table: IssueTable
  private base = 0 // cycle that `now` is relative to
  private watch: Watch | null = null
  private readonly charge = (from: number, to: number, reason: number): void => {
    this.wait(this.now, from, to, reason)
  }

  /** A block that has been run `patience` times is compiled. */
  constructor(spec: InOrderSpec, decoded: Decoded, wires: CoreWires, patience = PATIENCE) {
    this.spec = spec
    this.patience = patience
    this.decoded = decoded
    this.front = new FrontEnd(spec.fetch)
    this.memory = new LoadStore(spec, decoded, wires)
    this.registers = this.memory.registers
    this.ready = this.registers.ready
    this.missed = this.registers.missed
    this.free = new Int32Array(spec.pipes.length)
    this.slots = spec.width
    this.table = new IssueTable(spec, decoded, this, false)
  }

  get cycle(): number {
    return this.base + this.now
  }

  observe(observer: PipelineObserver | null, sequence: number): void {
    this.watch?.flush()
    this.watch = observer === null ? null : new Watch(observer, sequence)
    this.blocks = []
    this.table = new IssueTable(this.spec, this.decoded, this, observer !== null)
  }

  get storesInFlight(): number {
    return this.memory.stores.inFlight(this.now)
  }

  get settled(): boolean {
    return this.memory.settled
  }

  fetchMiss(filledAt: () => number): void {
    while (filledAt() === Infinity) this.memory.data.next()
    this.front.resume(filledAt() - this.base, reasonAt.instructionMiss)
  }

  run(index: number, trace: Int32Array, at: number, taken: boolean, mispredicted: boolean): void {
    if (this.now > NEAR) this.rebase(this.now)
    const parts = this.blocks[index] ?? this.hot(index)
    if (parts === undefined) this.table.run(this.decoded.first[index]!, this.decoded.count[index]!, trace, at)
    else {
      let word = at
      for (let i = 0; i < parts.length; i++) word = parts[i]!.run(this, trace, word, parts[i]!.first)
    }
    if (mispredicted) this.front.resume(this.now + this.spec.fetch.mispredictPenalty, reasonAt.mispredict)
    else if (taken) this.front.taken()
  }

  /** The functions of a block that has come so often that they pay. */
  private hot(index: number): IssueBlock | undefined {
    const runs = (this.runs[index] ?? 0) + 1
    this.runs[index] = runs
    if (runs <= this.patience) return
    this.blocks[index] = issueBlock(index, this.decoded, this.spec, this.watch !== null)
    return this.blocks[index]
  }

  drain(): void {
    const last = this.registers.settle(this.now + 1) - 1
    if (last > this.now) {
      this.counts[reasonAt.operand]! += last - this.now
      this.now = last
    }
    this.watch?.flush()
  }

  save(into: Int32Array): number {
    const { now } = this
    this.memory.stores.resolve()
    let at = 0
    into[at++] = this.slots
    into[at++] = Math.max(0, this.lastWriteBack - now)
    for (const free of this.free) into[at++] = Math.max(0, free - now * TWELFTHS)
    at += this.registers.save(into, at, now)
    at += this.front.save(into, at, now)
    return at + this.memory.stores.save(into, at, now)
  }

  load(from: Int32Array, cycle: number): void {
    this.base = cycle
    this.memory.data.base = cycle
    this.now = 0
    let at = 0
    this.slots = from[at++]!
    this.lastWriteBack = from[at++]!
    for (let pipe = 0; pipe < this.free.length; pipe++) this.free[pipe] = from[at++]!
    at += this.registers.load(from, at, 0)
    at += this.front.load(from, at, 0)
    this.memory.stores.load(from, at, 0)
  }

  wait(now: number, from: number, to: number, reason: number): number {
    const lost = to - (from > now ? from : now + 1)
    if (lost > 0) this.counts[reason]! += lost
    return to
  }

  operand(now: number, use: number, from: number): number {
    const register = use < REGISTERS ? use : use - REGISTERS
    const usable = this.ready[use] === WAITING ? this.registers.arrive(register, from) : this.ready[use]!
    return usable > from ? this.wait(now, from, usable, this.registers.reasonOf(register, usable)) : from
  }

  hits(from: number, address: number, bytes: number): boolean {
    return this.memory.hits(from, address, bytes)
  }

  perform(now: number, at: number, from: number, address: number): number {
    this.now = now
    return this.memory.perform(at, from, address, this.charge)
  }

  private rebase(by: number): void {
    this.base += by
    this.memory.data.base = this.base
    this.now -= by
    this.lastWriteBack = rebased(this.lastWriteBack, by)
    for (let pipe = 0; pipe < this.free.length; pipe++)
      this.free[pipe] = Math.max(-NEAR, this.free[pipe]! - by * TWELFTHS)
    this.registers.rebase(by)
    this.front.rebase(by)
    this.memory.stores.rebase(by)
  }

  show(p: number, fetch: number, issue: number, pipe: number): void {
    const { code, instructions } = this.decoded
    const { base } = this
    const results = code[p + RESULTS]!
    const last = code[p + resultAt + results - 1]!
    const completes = results === 0 ? () => base + issue + 1 : this.registers.completion(last)
    const times = { fetch: base + fetch, issue: base + issue, complete: completes(), pipe, busy: code[p + OCCUPANCY]! }
    this.watch?.issued(instructions[p / FIELDS]!, times, completes)
  }
}
