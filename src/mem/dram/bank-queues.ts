// Banks of a channel: the open row of each, and the requests that compete for it, oldest first.
//
//   queue      bank 0: slot 0 .. depth-1 | bank 1: ...
//   firstRead, firstWrite   by bank: place in its queue of the oldest request for the open row, NONE without
//   waitsUntil by bank: before this cycle it can serve no request; a bound that holds until they or the row change
//   only       by bank: the one command that can serve a request of it, or NONE where there is a choice:
//   mayClose   by bank: of a choice, closing is part, since the open row had its share while an older request waits

import { NONE, type Requests } from './requests.ts'
import type { DramSpec } from './spec.ts'
import { ACTIVATE, PRECHARGE, READ, WRITE } from './timing.ts'

export class BankQueues {
  readonly banks: number
  readonly openRow: Int32Array
  /** Accesses to the open row since it was activated. */
  readonly accesses: Int32Array
  readonly size: Int32Array
  readonly firstRead: Int32Array
  readonly firstWrite: Int32Array
  readonly only: Int8Array
  readonly mayClose: Uint8Array
  readonly waitsUntil: Float64Array
  /** Requests that one bank's queue holds. */
  readonly depth: number
  /** Requests in all queues. */
  total = 0

  private readonly requests: Requests
  private readonly rowHitLimit: number
  private readonly queue: Int32Array

  constructor(spec: DramSpec, requests: Requests) {
    const { ranks, bankGroups, banks } = spec.organization
    this.banks = ranks * bankGroups * banks
    this.requests = requests
    this.depth = spec.controller.bankQueue
    this.rowHitLimit = spec.controller.rowHitLimit
    this.openRow = new Int32Array(this.banks).fill(NONE)
    this.accesses = new Int32Array(this.banks)
    this.size = new Int32Array(this.banks)
    this.firstRead = new Int32Array(this.banks).fill(NONE)
    this.firstWrite = new Int32Array(this.banks).fill(NONE)
    this.only = new Int8Array(this.banks)
    this.mayClose = new Uint8Array(this.banks)
    this.waitsUntil = new Float64Array(this.banks).fill(Infinity)
    this.queue = new Int32Array(this.banks * this.depth)
  }

  push(bank: number, slot: number): void {
    const place = this.size[bank]!++
    this.queue[bank * this.depth + place] = slot
    this.total++
    if (this.requests.row[slot] === this.openRow[bank]) {
      const first = this.requests.write[slot] === 0 ? this.firstRead : this.firstWrite
      if (first[bank] === NONE) first[bank] = place
    }
    this.judge(bank)
  }

  /** Row that the oldest request of `bank` needs. */
  wantedRow(bank: number): number {
    return this.requests.row[this.queue[bank * this.depth]!]!
  }

  /** Takes the request at `place` of `bank`'s queue out, for an access to the open row. */
  access(bank: number, place: number): number {
    const first = bank * this.depth
    const slot = this.queue[first + place]!
    const last = first + --this.size[bank]!
    for (let at = first + place; at < last; at++) this.queue[at] = this.queue[at + 1]!
    this.total--
    this.accesses[bank]!++
    this.look(bank)
    return slot
  }

  open(bank: number, row: number): void {
    this.openRow[bank] = row
    this.accesses[bank] = 0
    this.look(bank)
  }

  close(bank: number): void {
    this.openRow[bank] = NONE
    this.firstRead[bank] = NONE
    this.firstWrite[bank] = NONE
    this.judge(bank)
  }

  /** Finds the oldest requests for the open row. */
  private look(bank: number): void {
    const { row: rows, write: writes } = this.requests
    const row = this.openRow[bank]!
    const first = bank * this.depth
    const size = this.size[bank]!
    let read = NONE
    let write = NONE
    for (let place = 0; place < size; place++) {
      const slot = this.queue[first + place]!
      if (rows[slot] !== row) continue
      if (writes[slot] === 0) {
        if (read === NONE) read = place
      } else if (write === NONE) write = place
    }
    this.firstRead[bank] = read
    this.firstWrite[bank] = write
    this.judge(bank)
  }

  /** Brings up to date what follows from the queue and the open row. */
  private judge(bank: number): void {
    this.waitsUntil[bank] = this.size[bank] === 0 ? Infinity : 0
    if (this.openRow[bank] === NONE) {
      this.only[bank] = ACTIVATE
      return
    }
    const read = this.firstRead[bank]!
    const write = this.firstWrite[bank]!
    const hadItsShare = this.accesses[bank]! >= this.rowHitLimit && read !== 0 && write !== 0
    if (read === NONE) this.only[bank] = write === NONE ? PRECHARGE : hadItsShare ? NONE : WRITE
    else this.only[bank] = write !== NONE || hadItsShare ? NONE : READ
    this.mayClose[bank] = hadItsShare ? 1 : 0
  }
}
