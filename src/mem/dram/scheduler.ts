// Which command a channel issues in a cycle, at most one. A refresh that is due goes first and holds
// back its rank; then the banks take turns, first ready first served: of a bank's requests the oldest
// whose command may be issued now, where a row is closed for another only once nothing waits for it,
// or it has had its share of accesses.

import { BankQueues } from './bank-queues.ts'
import type { DramCounts } from './energy.ts'
import { NONE, type Requests } from './requests.ts'
import type { DramSpec } from './spec.ts'
import { ACTIVATE, PRECHARGE, READ, REFRESH, TimingState, WRITE } from './timing.ts'

/** Told of every command; `bank` within the channel, of a refresh the rank's first. */
export type CommandObserver = (cycle: number, command: number, bank: number, row: number) => void

export class CommandScheduler {
  readonly queues: BankQueues
  observer: CommandObserver | null = null
  /** After `issue`: slot of the request that was read or written, or NONE. */
  served = NONE
  /** No command can be issued before this cycle: a bound. */
  nextAt = 0

  private readonly count = { reads: 0, writes: 0, activates: 0, precharges: 0, refreshes: 0, rowHits: 0, writeHits: 0 }
  private readonly timing: TimingState
  private readonly ranks: number
  private readonly banksPerRank: number
  private readonly refreshInterval: number
  private refreshDue: number // of the next refresh not yet waiting
  private refreshRank = 0 // whose turn it is
  private refreshesWaiting = 0
  private turn = 0 // bank of the latest command that served a request
  private readonly openBanks: Int32Array // by rank
  private readonly activeSince: Float64Array // by rank with an open bank
  private activeCycles = 0 // up to the latest closing of each rank's last bank

  constructor(spec: DramSpec, requests: Requests) {
    this.queues = new BankQueues(spec, requests)
    this.timing = new TimingState(spec)
    this.ranks = spec.organization.ranks
    this.banksPerRank = this.queues.banks / this.ranks
    this.refreshInterval = Math.floor(spec.timing.tREFI / this.ranks)
    this.refreshDue = this.refreshInterval
    this.openBanks = new Int32Array(this.ranks)
    this.activeSince = new Float64Array(this.ranks)
  }

  /** Issues what it may in `cycle`; cycles must increase from call to call. Returns the command or NONE. */
  issue(cycle: number): number {
    this.served = NONE
    if (cycle < this.nextAt) return NONE
    while (cycle >= this.refreshDue) {
      this.refreshesWaiting++
      this.refreshDue += this.refreshInterval
    }
    this.nextAt = this.refreshDue
    if (this.refreshesWaiting > 0) {
      const command = this.refresh(cycle)
      if (command !== NONE) {
        this.nextAt = cycle + 1
        return command
      }
    }
    return this.queues.total === 0 ? NONE : this.serve(cycle)
  }

  /** Puts the request in `slot` into its bank's queue, to be served after `cycle`. */
  join(bank: number, slot: number, cycle: number): void {
    this.queues.push(bank, slot)
    this.choose(bank, cycle) // for waitsUntil
    const until = Math.max(cycle + 1, this.queues.waitsUntil[bank]!)
    if (until < this.nextAt) this.nextAt = until
  }

  /** Leaves out rounds of refreshes before `cycle` that would find every bank closed and nothing to do, if any. */
  skipIdle(cycle: number): boolean {
    if (this.refreshesWaiting > 0 || this.queues.total > 0) return false
    for (let rank = 0; rank < this.ranks; rank++) if (this.openBanks[rank]! > 0) return false
    const round = this.refreshInterval * this.ranks
    const rounds = Math.floor((cycle - this.refreshDue) / round) - 1 // the last one is issued, for what follows it
    if (rounds <= 0) return false
    this.refreshDue += rounds * round
    this.count.refreshes += rounds * this.ranks
    this.nextAt = this.refreshDue
    return true
  }

  /** What was done before `cycle`. */
  counts(cycle: number): DramCounts {
    const { reads, writes, activates, precharges, refreshes, rowHits, writeHits } = this.count
    let activeCycles = this.activeCycles
    for (let rank = 0; rank < this.ranks; rank++)
      if (this.openBanks[rank]! > 0) activeCycles += cycle - this.activeSince[rank]!
    const idleCycles = cycle * this.ranks - activeCycles
    const commands = { reads, writes, activates, precharges, refreshes }
    return { ...commands, rowHits, writeRowHits: writeHits, activeCycles, idleCycles }
  }

  private refresh(cycle: number): number {
    const rank = this.refreshRank
    const first = rank * this.banksPerRank
    if (this.openBanks[rank]! > 0) {
      for (let bank = first; bank < first + this.banksPerRank; bank++)
        if (this.queues.openRow[bank] !== NONE) {
          const ready = this.timing.ready(PRECHARGE, bank)
          if (ready <= cycle) return this.close(bank, cycle)
          if (ready < this.nextAt) this.nextAt = ready
        }
      return NONE
    }
    const ready = this.timing.refreshReady(rank)
    if (ready > cycle) {
      if (ready < this.nextAt) this.nextAt = ready
      return NONE
    }
    this.refreshesWaiting--
    this.refreshRank = rank + 1 === this.ranks ? 0 : rank + 1
    this.count.refreshes++
    return this.note(REFRESH, first, cycle)
  }

  private serve(cycle: number): number {
    const { banks, waitsUntil } = this.queues
    const held = this.refreshesWaiting > 0 ? this.refreshRank : NONE
    let bank = this.turn
    let nextAt = this.nextAt
    let issued = NONE
    for (let tried = 0; tried < banks; tried++) {
      bank = bank + 1 === banks ? 0 : bank + 1
      let until = waitsUntil[bank]!
      if (until <= cycle) {
        if (held !== NONE && this.timing.rankOf[bank] === held) continue
        if (issued !== NONE) {
          nextAt = cycle + 1
          break
        }
        issued = this.choose(bank, cycle)
        if (issued !== NONE) {
          this.turn = bank
          this.perform(issued, bank, cycle)
          this.choose(bank, cycle) // for waitsUntil: no two commands in a cycle
        }
        until = waitsUntil[bank]!
      }
      if (until < nextAt) nextAt = until
    }
    this.nextAt = nextAt
    return issued
  }

  /** The command that `bank` may be issued, or NONE; then its `waitsUntil` says more. */
  private choose(bank: number, cycle: number): number {
    const { queues, timing } = this
    if (queues.size[bank] === 0) return NONE
    const only = queues.only[bank]!
    if (only === NONE) return this.chooseAmong(bank, cycle)
    const ready = timing.ready(only, bank)
    if (ready <= cycle) return only
    queues.waitsUntil[bank] = ready
    return NONE
  }

  private chooseAmong(bank: number, cycle: number): number {
    const { queues, timing } = this
    const read = queues.firstRead[bank]!
    const write = queues.firstWrite[bank]!
    const readReady = read === NONE ? Infinity : timing.ready(READ, bank)
    const writeReady = write === NONE ? Infinity : timing.ready(WRITE, bank)
    const closeReady = queues.mayClose[bank] === 0 ? Infinity : timing.ready(PRECHARGE, bank)
    if (closeReady <= cycle) return PRECHARGE
    if (readReady <= cycle && (writeReady > cycle || write === NONE || read < write)) return READ
    if (writeReady <= cycle) return WRITE
    queues.waitsUntil[bank] = Math.min(readReady, writeReady, closeReady)
    return NONE
  }

  private perform(command: number, bank: number, cycle: number): void {
    if (command === ACTIVATE) this.open(bank, cycle)
    else if (command === PRECHARGE) this.close(bank, cycle)
    else this.access(command, bank, cycle)
  }

  private open(bank: number, cycle: number): number {
    const rank = this.timing.rankOf[bank]!
    if (this.openBanks[rank]!++ === 0) this.activeSince[rank] = cycle
    this.queues.open(bank, this.queues.wantedRow(bank))
    this.count.activates++
    return this.note(ACTIVATE, bank, cycle)
  }

  private close(bank: number, cycle: number): number {
    const rank = this.timing.rankOf[bank]!
    if (--this.openBanks[rank]! === 0) this.activeCycles += cycle - this.activeSince[rank]!
    this.count.precharges++
    this.note(PRECHARGE, bank, cycle)
    this.queues.close(bank)
    return PRECHARGE
  }

  private access(command: number, bank: number, cycle: number): number {
    const { queues, count } = this
    const hit = queues.accesses[bank]! > 0 ? 1 : 0
    if (command === READ) {
      this.served = queues.access(bank, queues.firstRead[bank]!)
      count.reads++
      count.rowHits += hit
    } else {
      this.served = queues.access(bank, queues.firstWrite[bank]!)
      count.writes++
      count.writeHits += hit
    }
    return this.note(command, bank, cycle)
  }

  private note(command: number, bank: number, cycle: number): number {
    this.timing.issue(command, bank, cycle)
    this.observer?.(cycle, command, bank, this.queues.openRow[bank]!)
    return command
  }
}
