// Which command may follow which, and after how many cycles: the data sheet's rules as one table,
// and the earliest cycles that follow from the commands issued so far.
//
//   earliest   by command, then by place: banks, bank groups, ranks of the channel. A command may
//              be issued to a bank from the latest of its bank's, its group's and its rank's cycle.

import { burstsOf, type DramSpec } from './spec.ts'

export const commands = ['activate', 'precharge', 'read', 'write', 'refresh'] as const
export type CommandName = (typeof commands)[number]

export const ACTIVATE = 0
export const PRECHARGE = 1
export const READ = 2
export const WRITE = 3
export const REFRESH = 4

export interface Rule {
  readonly after: CommandName
  readonly before: CommandName
  /** Where the second command is, as seen from the first. */
  readonly within: 'bank' | 'group' | 'rank' | 'other ranks'
  readonly cycles: number
}

/** Cycles from the first transfer of a line to its last; between its bursts the row stays open. */
export function dataCycles(spec: DramSpec): number {
  const burst = spec.organization.burstLength / 2
  return (burstsOf(spec) - 1) * Math.max(spec.timing.tCCD_L, burst) + burst
}

/**
 * The rules, but for tFAW. A read or write stands for all bursts of a line, which follow each other on the
 * bus without another line in between.
 */
export function rules(spec: DramSpec): readonly Rule[] {
  const t = spec.timing
  const burst = spec.organization.burstLength / 2
  const data = dataCycles(spec)
  const earlier = (burstsOf(spec) - 1) * Math.max(t.tCCD_L, burst) // from the first burst's command to the last one's
  const sameGroup = earlier + Math.max(t.tCCD_L, burst)
  const otherGroup = earlier + Math.max(t.tCCD, burst)
  const turn = t.CL + data + t.tRTRS - t.CWL
  const rule = (after: CommandName, before: CommandName, within: Rule['within'], cycles: number): Rule => ({
    after,
    before,
    within,
    cycles,
  })
  return [
    rule('activate', 'read', 'bank', t.tRCD),
    rule('activate', 'write', 'bank', t.tRCD),
    rule('activate', 'precharge', 'bank', t.tRAS),
    rule('activate', 'activate', 'bank', t.tRC),
    rule('activate', 'activate', 'group', t.tRRD_L),
    rule('activate', 'activate', 'rank', t.tRRD),
    rule('activate', 'refresh', 'rank', t.tRC),
    rule('precharge', 'activate', 'bank', t.tRP),
    rule('precharge', 'refresh', 'rank', t.tRP),
    rule('read', 'read', 'group', sameGroup),
    rule('read', 'read', 'rank', otherGroup),
    rule('read', 'read', 'other ranks', data + t.tRTRS),
    rule('read', 'write', 'rank', turn),
    rule('read', 'write', 'other ranks', turn),
    rule('read', 'precharge', 'bank', earlier + t.tRTP),
    rule('write', 'write', 'group', sameGroup),
    rule('write', 'write', 'rank', otherGroup),
    rule('write', 'write', 'other ranks', data),
    rule('write', 'read', 'group', t.CWL + data + t.tWTR_L),
    rule('write', 'read', 'rank', t.CWL + data + t.tWTR),
    rule('write', 'read', 'other ranks', Math.max(1, t.CWL + data + t.tRTRS - t.CL)),
    rule('write', 'precharge', 'bank', t.CWL + data + t.tWR),
    rule('refresh', 'activate', 'rank', t.tRFC),
    rule('refresh', 'refresh', 'rank', t.tRFC),
  ]
}

const WINDOW = 4 // activates that tFAW is about

export class TimingState {
  /** By bank, its rank. */
  readonly rankOf: Int32Array

  private readonly places: number
  private readonly banks: number
  private readonly firstRank: number
  private readonly groupPlace: Int32Array // by bank
  private readonly rankPlace: Int32Array // by bank
  private readonly earliest: Float64Array
  private readonly effects: readonly Int32Array[] // by command and bank: index in `earliest`, cycles, ...
  private readonly tFAW: number
  private readonly window: Float64Array // cycles of the latest activates, by rank
  private readonly windowAt: Int32Array // by rank, the oldest of them

  constructor(spec: DramSpec) {
    const { ranks, bankGroups, banks } = spec.organization
    const groupCount = ranks * bankGroups
    this.banks = groupCount * banks
    this.firstRank = this.banks + groupCount
    this.places = this.firstRank + ranks
    const numbers = Int32Array.from({ length: this.banks }, (_, bank) => bank)
    this.groupPlace = numbers.map((bank) => this.banks + Math.floor(bank / banks))
    this.rankOf = numbers.map((bank) => Math.floor(bank / (banks * bankGroups)))
    this.rankPlace = this.rankOf.map((rank) => this.firstRank + rank)
    this.earliest = new Float64Array(commands.length * this.places)
    const table = rules(spec)
    this.effects = commands.flatMap((command) =>
      Array.from(numbers, (bank) =>
        this.effectsOf(
          table.filter(({ after }) => after === command),
          bank,
        ),
      ),
    )
    this.tFAW = spec.timing.tFAW
    this.window = new Float64Array(ranks * WINDOW).fill(-Infinity)
    this.windowAt = new Int32Array(ranks)
  }

  /** The first cycle in which `command` may go to `bank`. */
  ready(command: number, bank: number): number {
    const base = command * this.places
    const own = this.earliest[base + bank]!
    const group = this.earliest[base + this.groupPlace[bank]!]!
    const rank = this.earliest[base + this.rankPlace[bank]!]!
    return own > group ? (own > rank ? own : rank) : group > rank ? group : rank
  }

  /** The first cycle in which `rank`, its banks closed, may be refreshed. */
  refreshReady(rank: number): number {
    return this.earliest[REFRESH * this.places + this.firstRank + rank]!
  }

  /** Notes that `command` was issued to `bank`; of a refresh, any bank of the rank. */
  issue(command: number, bank: number, cycle: number): void {
    const effects = this.effects[command * this.banks + bank]!
    for (let at = 0; at < effects.length; at += 2) this.hold(effects[at]!, cycle + effects[at + 1]!)
    if (command === ACTIVATE) this.slideWindow(bank, cycle)
  }

  private hold(index: number, until: number): void {
    if (this.earliest[index]! < until) this.earliest[index] = until
  }

  private slideWindow(bank: number, cycle: number): void {
    const rank = this.rankOf[bank]!
    const at = this.windowAt[rank]!
    this.window[rank * WINDOW + at] = cycle
    const oldest = (at + 1) % WINDOW
    this.windowAt[rank] = oldest
    this.hold(ACTIVATE * this.places + this.rankPlace[bank]!, this.window[rank * WINDOW + oldest]! + this.tFAW)
  }

  /** What a command to `bank`, after which `table` applies, does to `earliest`. */
  private effectsOf(table: readonly Rule[], bank: number): Int32Array {
    const group = this.groupPlace[bank]!
    const rank = this.rankPlace[bank]!
    const otherRanks = [...new Set(this.rankPlace)].filter((place) => place !== rank)
    const placesOf = { bank: [bank], group: [group], rank: [rank], 'other ranks': otherRanks }
    return Int32Array.from(
      table.flatMap(({ before, within, cycles }) =>
        placesOf[within].flatMap((place) => [commands.indexOf(before) * this.places + place, cycles]),
      ),
    )
  }
}
