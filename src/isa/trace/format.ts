// Recorded instruction traces, documented in docs/traces.md: what their writer and their reader share.

import type { BlockStream } from '../stream.ts'

export const MAGIC = 'bnnsim-trace'
export const VERSION = 1

/** A stream of blocks that comes from a file: `trace` and `next` are those of the last `run` that has ended. */
export interface AsyncBlockStream extends Omit<BlockStream, 'run'> {
  run(): Promise<number>
}

/** As traces have addresses: hexadecimal, without `0x`. */
export const hex = (address: number): string => (address >>> 0).toString(16)
