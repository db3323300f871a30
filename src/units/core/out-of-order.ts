// An out-of-order core: up to `width` slots a cycle are dispatched in program order, each instruction to the queue of
// one pipe; there the oldest that is ready issues; retirement is in program order again.
//
// Cycle by cycle: memory, retirement, issue, dispatch. Cycles in which nothing can happen are passed over. What has
// been executed is all there is: no wrong path. Memory is accessed in program order, at dispatch, as far as tags go;
// what is missing is asked for at issue. Which store feeds a load is known from the addresses, as a perfect predictor
// of memory dependences would have it. Cycles are 32-bit integers relative to `base`.

import { Attribution } from './attribution.ts'
import { NEAR, UNKNOWN } from './cycles.ts'
import { DataSide } from './data-side.ts'
import type { Decoded } from './decoded.ts'
import * as field from './decoded.ts'
import { Dispatch } from './dispatch.ts'
import { type DispatchBlock, type DispatchState, type DispatchWires, dispatchBlock } from './dispatch-block.ts'
import { Execution } from './execution.ts'
import { FrontEnd } from './front-end.ts'
import { Issue } from './issue.ts'
import { IssueQueues } from './issue-queues.ts'
import type { PipelineObserver } from './observer.ts'
import { OutOfOrderState } from './out-of-order-state.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { Renaming } from './renaming.ts'
import * as word from './reorder-buffer.ts'
import { ReorderBuffer } from './reorder-buffer.ts'
import type { OutOfOrderSpec } from './spec.ts'
import { BUSY, reasonAt } from './stalls.ts'
import { StoreQueue } from './store-queue.ts'
import { Watch } from './watch.ts'

// Constants of this module are constants to the compiler, imported ones are variables.
const { ACCESS, FIELDS, LOAD, OCCUPANCY, PIPE_LIST, SLOTS, STORE } = field
const { COMPLETE, DISPATCHED, FETCHED, INSTRUCTION, ISSUED, LONGER, NONE, PIPE, READY, SPECIAL, STATE, WAITING } = word
const NEVER = UNKNOWN

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least))

export class OutOfOrder implements Pipeline, DispatchState {
  readonly counts: Float64Array

  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly front: FrontEnd
  private readonly data: DataSide
  private readonly buffer: ReorderBuffer
  private readonly renaming: Renaming
  private readonly queues: IssueQueues
  private readonly stores: StoreQueue
  private readonly execution: Execution
  private readonly issue: Issue
  private readonly wires: DispatchWires
  private blocks: (readonly DispatchBlock[] | undefined)[] = []
  private readonly state: OutOfOrderState
  private readonly attribution: Attribution
  private base = 0
  now = -1
  slots: number
  loads = 0
  private retired = false // any, in this cycle
  private charged = true // this cycle
  private watch: Watch | null = null

  constructor(spec: OutOfOrderSpec, decoded: Decoded, { kernel, period, l1d, history }: CoreWires) {
    const entries = powerOfTwo(spec.reorderBuffer)
    const places = powerOfTwo(spec.storeQueue)
    const sizes = spec.pipes.map(({ queue }) => queue)
    this.spec = spec
    this.decoded = decoded
    this.slots = spec.width
    this.front = new FrontEnd(spec.fetch)
    this.data = new DataSide(kernel, period, l1d)
    this.buffer = new ReorderBuffer(entries, places)
    this.attribution = new Attribution(decoded, this.buffer)
    this.counts = this.attribution.counts
    this.renaming = new Renaming()
    this.queues = new IssueQueues(sizes, this.buffer)
    this.stores = new StoreQueue(
      places,
      Math.max(spec.forward.narrow, spec.forward.quad),
      this.data,
      this.buffer,
      this.queues,
    )
    const parts = {
      front: this.front,
      buffer: this.buffer,
      renaming: this.renaming,
      queues: this.queues,
      stores: this.stores,
      data: this.data,
    }
    this.execution = new Execution(decoded, parts)
    this.issue = new Issue(decoded, this.buffer, this.queues, this.renaming, this.execution)
    const dispatch = new Dispatch(spec, decoded, history, parts, this.execution)
    this.wires = { ...parts, core: this, attribution: this.attribution, dispatch }
    this.state = new OutOfOrderState(decoded, parts, this.execution)
  }

  get cycle(): number {
    return this.base + this.now
  }

  observe(observer: PipelineObserver | null, sequence: number): void {
    this.watch = observer === null ? null : new Watch(observer, sequence - this.buffer.size)
    this.blocks = []
  }

  get storesInFlight(): number {
    return this.stores.size
  }

  fetchMiss(filledAt: () => number): void {
    this.attribution.idle = reasonAt.instructionMiss
    while (filledAt() === Infinity) {
      this.step(this.now + 1)
      this.data.advance(this.now)
    }
    this.front.resume(filledAt() - this.base, reasonAt.instructionMiss)
  }

  run(index: number, trace: Int32Array, at: number, taken: boolean, mispredicted: boolean): void {
    if (this.now > NEAR) this.rebase(this.now)
    while (this.execution.mispredicted !== NONE) this.step(NEVER)
    let dispatch = this.blocks[index]
    if (dispatch === undefined) {
      dispatch = dispatchBlock(index, this.decoded, this.spec, this.wires, this.watch !== null)
      this.blocks[index] = dispatch
    }
    let word = at
    for (let part = 0; part < dispatch.length; part++) word = dispatch[part]!(trace, word)
    if (mispredicted) this.execution.mispredict(this.buffer.last)
    else if (taken) this.front.taken()
  }

  drain(): void {
    while (this.buffer.size > 0) this.step(NEVER)
    this.charge(1)
    this.charged = true
    this.slots = this.spec.width
  }

  save(into: Int32Array): number {
    const { attribution } = this
    this.execution.resolve()
    attribution.settle()
    const held = attribution.reason(this.now) === reasonAt.pipe
    into[0] = this.slots
    into[1] = (this.charged ? 1 : 0) | (this.retired ? 2 : 0) | (held ? 4 : 0)
    return this.state.save(into, 2, this.now)
  }

  load(from: Int32Array, cycle: number): void {
    this.base = cycle
    this.data.base = cycle
    this.now = 0
    this.slots = from[0]!
    this.charged = (from[1]! & 1) !== 0
    this.retired = (from[1]! & 2) !== 0
    this.attribution.load(0, (from[1]! & 4) !== 0)
    this.loads = this.state.load(from, 2, 0)
  }

  waitUntil(fetched: number, reason: number): void {
    this.attribution.idle = reason
    while (this.now < fetched) this.step(fetched)
  }

  waitForRoom(p: number): number {
    const access = this.decoded.code[p + ACCESS]!
    while (!this.hasRoom(p, access)) this.step(this.roomAt(access))
    return this.queues.choose(this.decoded.code[p + PIPE_LIST]!, this.now)
  }

  take(p: number, reason: number): number {
    const { width } = this.spec
    let left = this.decoded.code[p + SLOTS]!
    this.attribution.idle = reason
    for (; left > width - this.slots; this.step(this.now + 1)) left -= width - this.slots
    this.slots += left
    return this.queues.choose(this.decoded.code[p + PIPE_LIST]!, this.now)
  }

  note(entry: number, fetched: number): void {
    const { words } = this.buffer
    words[entry + FETCHED] = fetched
    words[entry + DISPATCHED] = this.now
  }

  private hasRoom(p: number, access: number): boolean {
    const { spec } = this
    const pipes = this.decoded.code[p + PIPE_LIST]!
    if (this.buffer.size === spec.reorderBuffer) return false
    if (access === LOAD && this.loads === spec.loadQueue) return false
    if (access === STORE && this.stores.size === spec.storeQueue) return false
    return pipes === 0 || this.queues.choose(pipes, this.now) !== NONE
  }

  /** When there may be room next, if nothing happens before. */
  private roomAt(access: number): number {
    if (access !== STORE || this.stores.size < this.spec.storeQueue) return NEVER
    this.attribution.idle = reasonAt.storeBuffer
    return this.stores.roomAt
  }

  /** Goes on to the next cycle in which anything can happen, or to `until`, when the one that dispatches can go on. */
  private step(until: number): void {
    const { buffer, queues } = this
    const { words } = buffer
    const { code } = this.decoded
    const waits = this.execution.waits
    let next = this.now + 1
    if (until > next || waits) next = this.nextCycle(until)
    if (this.retired && !this.charged && next === this.now + 1) this.counts[BUSY]!++
    else this.charge(next - this.now)
    this.now = next
    this.charged = false
    this.slots = 0
    if (waits && this.data.news) {
      this.execution.hear(next)
      this.attribution.settle()
    }
    if (this.stores.size > 0) this.stores.free(next)
    let left = this.spec.retire
    while (left > 0 && buffer.size > 0 && words[buffer.head + COMPLETE]! <= next) {
      const { head } = buffer
      const access = code[words[head + INSTRUCTION]! + ACCESS]!
      if (access === LOAD) this.loads--
      else if (access === STORE) this.stores.retire(next)
      if (this.watch !== null) this.show(this.watch, head)
      buffer.pop()
      left--
    }
    this.retired = left < this.spec.retire
    if (queues.soonest <= next) this.issue.issue(next)
  }

  private nextCycle(until: number): number {
    const { buffer, queues, data, now } = this
    const { words, head } = buffer
    let next = until < queues.soonest ? until : queues.soonest
    if (buffer.size > 0) {
      const complete = words[head + COMPLETE]!
      const ready = words[head + READY]!
      if (complete < next) next = complete
      if (complete === NEVER && words[head + STATE]! <= SPECIAL && ready > now && ready < next) next = ready
    }
    if (next <= now) next = now + 1
    if (this.execution.waits) {
      next = data.news ? now + 1 : Math.max(now + 1, data.advanceToNews(next))
      data.advance(next)
    }
    if (next === NEVER) throw new Error('the core has nothing left to do')
    return next
  }

  /** Charges as many cycles, from this one on, in which nothing more happens. */
  private charge(cycles: number): void {
    let left = cycles
    if (this.charged) left--
    else if (this.retired) {
      this.counts[BUSY]!++
      left--
    }
    if (left > 0) this.attribution.stall(left, this.now)
  }

  private rebase(by: number): void {
    this.base += by
    this.data.base = this.base
    this.now -= by
    this.attribution.entered -= by
    this.front.rebase(by)
    this.buffer.rebase(by)
    this.renaming.rebase(by)
    this.queues.rebase(by)
    this.stores.rebase(by)
  }

  private show(watch: Watch, entry: number): void {
    const { base } = this
    const { words } = this.buffer
    const { code, instructions } = this.decoded
    const p = words[entry + INSTRUCTION]!
    const pipe = code[p + PIPE_LIST] === 0 ? NONE : this.queues.indexOf(words[entry + PIPE]!)
    const times = {
      fetch: base + words[entry + FETCHED]!,
      dispatch: base + words[entry + DISPATCHED]!,
      issue: base + words[entry + ISSUED]!,
      complete: base + words[entry + COMPLETE]!,
      retire: this.cycle,
      pipe,
      busy: code[p + OCCUPANCY]! + (words[entry + STATE] === WAITING ? 0 : words[entry + LONGER]!),
    }
    watch.issued(instructions[p / FIELDS]!, times, () => times.complete)
  }
}
