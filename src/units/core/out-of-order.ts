// An out-of-order core: up to `width` slots a cycle are dispatched in program order, each instruction to the queue of
// one pipe; it issues when its operands are there and the pipe has time; retirement is in program order again.
//
// As nothing waits for what is younger, one pass over the instructions gives every cycle: when an instruction is
// dispatched, those of all that it waits for are known. What waits for memory is the exception: its cycles are worked
// out as the data come, while dispatch goes on cycle by cycle.
//
// What has been executed is all there is: no wrong path. Memory is accessed in program order, at dispatch, as far as
// tags go; what is missing is asked for at issue. Which store feeds a load is known from the addresses, as a perfect
// predictor of memory dependences would have it. Cycles are 32-bit integers relative to `base`.

import { NEAR, rebased, UNKNOWN } from './cycles.ts'
import { DataSide } from './data-side.ts'
import { ACCESS, type Decoded, LOAD, PIPES, SLOTS, STORE } from './decoded.ts'
import { Dispatch } from './dispatch.ts'
import type { DispatchState, DispatchWires } from './dispatch-block.ts'
import { Dispatcher } from './dispatcher.ts'
import { FrontEnd } from './front-end.ts'
import type { PipelineObserver } from './observer.ts'
import { Outstanding } from './outstanding.ts'
import type { CoreWires, Pipeline } from './pipeline.ts'
import { Pipes } from './pipes.ts'
import { Registers } from './registers.ts'
import * as word from './reorder-buffer.ts'
import { NONE, ReorderBuffer } from './reorder-buffer.ts'
import { Retirement } from './retirement.ts'
import type { OutOfOrderSpec } from './spec.ts'
import { reasonAt } from './stalls.ts'
import { StoreQueue } from './store-queue.ts'
import { Watch } from './watch.ts'

export class OutOfOrder implements Pipeline, DispatchState {
  readonly counts: Float64Array
  now = -1
  slots: number
  issued = 0

  private readonly spec: OutOfOrderSpec
  private readonly decoded: Decoded
  private readonly front: FrontEnd
  private readonly data: DataSide
  private readonly buffer: ReorderBuffer
  private readonly registers = new Registers()
  private readonly pipes: Pipes
  private readonly stores: StoreQueue
  private readonly outstanding: Outstanding
  private readonly accesses: Dispatch
  private readonly dispatcher: Dispatcher
  private base = 0
  private mispredicted = NONE // entry of the branch whose issue is not known
  private storeRoom = -1 // since when there has been room for the store that waited last
  private readonly retirement: Retirement
  private readonly retire = (): void => this.retirement.settle()

  /** A block that has been run `patience` times is compiled. */
  constructor(spec: OutOfOrderSpec, decoded: Decoded, { kernel, period, l1d, history }: CoreWires, patience?: number) {
    this.spec = spec
    this.decoded = decoded
    this.slots = spec.width
    this.front = new FrontEnd(spec.fetch)
    this.data = new DataSide(kernel, period, l1d)
    this.buffer = new ReorderBuffer(spec.reorderBuffer, spec.loadQueue, spec.retire)
    this.pipes = new Pipes(spec.pipes.map(({ queue }) => queue))
    this.stores = new StoreQueue(spec.storeQueue, Math.max(spec.forward.narrow, spec.forward.quad), this.data)
    this.retirement = new Retirement(decoded, this.buffer, this.stores)
    this.counts = this.retirement.counts
    const { buffer, registers, pipes, stores, data, front } = this
    const wires = { buffer, registers, pipes, stores, data }
    this.outstanding = new Outstanding(decoded, wires)
    this.accesses = new Dispatch(spec, decoded, history, wires, this.outstanding)
    const all: DispatchWires = { ...wires, core: this, front, accesses: this.accesses }
    this.dispatcher = new Dispatcher(spec, decoded, all, patience)
  }

  get cycle(): number {
    return this.base + this.now
  }

  observe(observer: PipelineObserver | null, sequence: number): void {
    this.retirement.watch = observer === null ? null : new Watch(observer, sequence - this.buffer.entries)
    this.dispatcher.watch(observer !== null)
  }

  get storesInFlight(): number {
    this.stores.free(this.now)
    return this.stores.size
  }

  /** True while nothing waits for memory. */
  get settled(): boolean {
    if (this.data.news) this.hear()
    return !this.waits
  }

  fetchMiss(filledAt: () => number): void {
    while (filledAt() === Infinity) {
      this.advance(this.now + 1)
      this.data.advance(this.now)
    }
    this.front.resume(filledAt() - this.base, reasonAt.instructionMiss)
  }

  run(index: number, trace: Int32Array, at: number, taken: boolean, mispredicted: boolean): void {
    if (this.now > NEAR) this.rebase(this.now - (this.now % this.pipes.cycles))
    while (this.mispredicted !== NONE) this.step(UNKNOWN)
    this.dispatcher.run(index, trace, at)
    if (!mispredicted) {
      if (taken) this.front.taken()
    } else if (this.issued === UNKNOWN) this.mispredicted = this.buffer.youngest
    else this.resume(this.issued)
  }

  drain(): void {
    while (this.buffer.entries > 0) this.step(UNKNOWN)
    if (this.buffer.last > this.now) this.advance(this.buffer.last)
    this.slots = this.spec.width
  }

  save(into: Int32Array): number {
    const { now } = this
    this.stores.free(now)
    into[0] = this.slots
    let to = 1
    to += this.front.save(into, to, now)
    to += this.buffer.save(into, to, now)
    to += this.stores.save(into, to, now)
    to += this.pipes.save(into, to)
    return to + this.registers.save(into, to, now + 1)
  }

  load(from: Int32Array, cycle: number): void {
    this.base = cycle
    this.retirement.base = cycle
    this.data.base = cycle
    this.now = 0
    this.storeRoom = -1
    this.slots = from[0]!
    let word = 1
    word += this.front.load(from, word, 0)
    word += this.buffer.load(from, word, 0)
    word += this.stores.load(from, word, 0)
    word += this.pipes.load(from, word, 0)
    this.registers.load(from, word, 1)
  }

  advance(to: number): void {
    while (this.now < to)
      if (this.waits) this.step(to)
      else this.pass(to)
  }

  waitForRoom(p: number): number {
    const pipes = this.pipesOf(p)
    const access = this.decoded.code[p + ACCESS]!
    for (;;) {
      const pipe = this.pipes.choose(pipes)
      const room = this.roomAt(access)
      if (room <= this.now && (pipes.length === 0 || pipe !== NONE)) {
        if (access === STORE) this.storeRoom = this.now
        return pipe
      }
      const next = room > this.now ? room : this.pipes.leavesAt(pipes)
      if (this.waits) this.step(next)
      else if (next < UNKNOWN) this.pass(next)
      else throw new Error('the core waits for memory, which has nothing to do')
    }
  }

  take(p: number): number {
    const { width } = this.spec
    let left = this.decoded.code[p + SLOTS]!
    for (; left > width - this.slots; this.advance(this.now + 1)) left -= width - this.slots
    this.slots += left
    return this.pipes.choose(this.pipesOf(p))
  }

  keep(
    p: number,
    pipe: number,
    fetched: number,
    reason: number,
    ready: number,
    issued: number,
    complete: number,
  ): void {
    const { words } = this.buffer
    const entry = this.accesses.enter(p, pipe, fetched, reason, this.now)
    words[entry + word.READY] = ready
    words[entry + word.ISSUED] = issued
    words[entry + word.ASKED] = issued
    words[entry + word.COMPLETE] = complete
    this.retirement.settle()
  }

  dispatch(p: number, pipe: number, fetched: number, reason: number, address: number): void {
    const entry = this.accesses.enter(p, pipe, fetched, reason, this.now)
    this.buffer.words[entry + word.ROOM] = this.storeRoom
    if (pipe !== NONE) this.pipes.enter(pipe)
    this.accesses.dispatch(entry, p, address, this.now)
    this.issued = this.buffer.words[entry + word.ISSUED]!
    this.retirement.settle()
  }

  private pipesOf(p: number): readonly number[] {
    return this.decoded.pipeSets[this.decoded.code[p + PIPES]!]!
  }

  /** Whether anything waits for memory. */
  private get waits(): boolean {
    return this.outstanding.size > 0 || this.stores.waits
  }

  /** When there is room for an instruction in all but the queues of the pipes; UNKNOWN while that is not known. */
  private roomAt(access: number): number {
    const { buffer, spec } = this
    let room = buffer.retires[(buffer.place - spec.reorderBuffer) & buffer.mask]!
    if (access === LOAD) room = Math.max(room, buffer.loadRetires[(buffer.loads - spec.loadQueue) & buffer.loadMask]!)
    if (access !== STORE) return room
    this.stores.free(this.now)
    return this.stores.size < spec.storeQueue ? room : Math.max(room, this.stores.roomAt)
  }

  /** Goes on to the next cycle in which memory is asked or has news, at most to `to`. */
  private step(to: number): void {
    const { data, outstanding, now } = this
    if (!this.waits) throw new Error('the core waits for memory, which has nothing to do')
    let next = Math.min(to, outstanding.nextAsk)
    next = data.news ? now + 1 : Math.max(now + 1, data.advanceToNews(next))
    this.pass(next)
    if (!data.news && outstanding.nextAsk > next) return
    data.advance(next)
    this.hear()
  }

  private pass(to: number): void {
    this.pipes.pass(to)
    this.now = to
    this.slots = 0
  }

  private hear(): void {
    const { words } = this.buffer
    this.outstanding.hear(this.now, this.retire)
    if (this.mispredicted === NONE || words[this.mispredicted + word.ISSUED] === UNKNOWN) return
    this.resume(words[this.mispredicted + word.ISSUED]!)
    this.mispredicted = NONE
  }

  /** The mispredicted branch issues in `cycle`. */
  private resume(cycle: number): void {
    // The penalty is from issue to issue, and what is fetched can issue a cycle later.
    this.front.resume(cycle + this.spec.fetch.mispredictPenalty - 1, reasonAt.mispredict)
  }

  private rebase(by: number): void {
    this.base += by
    this.retirement.base = this.base
    this.data.base = this.base
    this.now -= by
    this.storeRoom = rebased(this.storeRoom, by)
    this.front.rebase(by)
    this.buffer.rebase(by)
    this.registers.rebase(by)
    this.pipes.rebase(by)
    this.stores.rebase(by)
    this.outstanding.rebase(by)
  }
}
