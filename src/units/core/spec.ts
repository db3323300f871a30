// What a core is, as data: configs/cores/*.yaml after validation. Cycles are the core's own.

import type { TimingClass } from '../../isa/timing-class.ts'

/** Parts of a cycle that a pipe's time is counted in. */
export const TWELFTHS = 12

/** How a core times one class of instructions, for 64-bit or narrower operands, or for 128-bit ones. */
export interface ClassTiming {
  /** Cycles from issue until a dependent instruction can issue; of a load that hits, from issue to use. */
  readonly latency: number
  /** Cycles until a dependent instruction can issue that needs the result as its accumulator only; null: as `latency`. */
  readonly accumulate: number | null
  /** Index in `pipes` of those that can execute it; one is used. None: it needs no pipe. */
  readonly pipes: readonly number[]
  /** Cycles that it keeps its pipe busy, in twelfths of a cycle: 8 means three instructions in two cycles. */
  readonly occupancy: number
  /** Slots of dispatch (out-of-order) or issue (in-order) it takes. */
  readonly slots: number
  /** In-order: cycles it stays at issue; another instruction can issue beside its last one. */
  readonly passes: number
  /** Of a load or store of several registers, each further one adds to latency (of that register), occupancy, slots and passes. */
  readonly further: {
    readonly latency: number
    readonly occupancy: number
    readonly slots: number
    readonly passes: number
  }
}

export interface Timing {
  readonly narrow: ClassTiming
  readonly quad: ClassTiming
}

export interface PredictorSpec {
  /** Two-bit counters, indexed by address, hashed with `history` outcomes of earlier branches. */
  readonly entries: number
  readonly history: number
  /** Return addresses remembered. */
  readonly returns: number
  /** Targets of indirect branches remembered. */
  readonly targets: number
}

export interface FetchSpec {
  /** Instructions a cycle. */
  readonly width: number
  /** Instructions fetched and not yet issued (in-order) or dispatched (out-of-order). */
  readonly queue: number
  /** Cycles in which nothing is fetched after a branch predicted as taken. */
  readonly takenBubble: number
  /** Cycles from the issue of a mispredicted branch until an instruction of the right path can issue. */
  readonly mispredictPenalty: number
}

/** Latencies of a load of what an older store has not yet written to the cache, from the store's data to use. */
export interface ForwardSpec {
  readonly narrow: number
  readonly quad: number
}

export interface UnalignedSpec {
  /** Bytes within which an access is free: crossing a boundary of this many costs as below. */
  readonly boundary: number
  readonly latency: number
  /** Twelfths of a cycle more on the pipe. */
  readonly occupancy: number
}

interface CommonSpec {
  readonly name: string
  readonly pipes: readonly {
    readonly name: string /** Out-of-order: instructions waiting for it. */
    readonly queue: number
  }[]
  readonly timing: Readonly<Record<TimingClass, Timing>>
  readonly fetch: FetchSpec
  readonly predictor: PredictorSpec
  readonly unaligned: UnalignedSpec
  readonly forward: ForwardSpec
  /** Stores issued or retired whose line is not yet written. */
  readonly storeBuffer: number
  /** Cycles from issue until a base register written back can be used. */
  readonly writeBackLatency: number
}

export interface InOrderSpec extends CommonSpec {
  readonly kind: 'in-order'
  /** Instructions issued a cycle. */
  readonly width: number
  /** As llvm-mca has it: no instruction writes back before an older one, and a base written back is a result at once. */
  readonly orderedWriteBack: boolean
}

export interface OutOfOrderSpec extends CommonSpec {
  readonly kind: 'out-of-order'
  /** Slots dispatched a cycle. */
  readonly width: number
  /** Instructions retired a cycle. */
  readonly retire: number
  readonly reorderBuffer: number
  readonly loadQueue: number
  readonly storeQueue: number
}

export type CoreSpec = InOrderSpec | OutOfOrderSpec

/** Whether an access reaches across a boundary that it need not: it costs then as UnalignedSpec says. */
export const crosses = (address: number, bytes: number, boundary: number): boolean =>
  (address & (boundary - 1)) + bytes > (bytes > boundary ? bytes : boundary)

/** The same as text, of `address`. */
export const crossesText = (bytes: number, boundary: number): string =>
  `(address & ${boundary - 1}) + ${bytes} > ${Math.max(bytes, boundary)}`
