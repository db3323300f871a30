// Plays a few requests against a memory and keeps the commands of its first channel.

import { loadMemory, type MemoryConfig } from '../../../src/config/memory.ts'
import { Replay, type ReplayResult } from '../../../src/mem/dram/replay.ts'
import { type CommandName, commands } from '../../../src/mem/dram/timing.ts'
import { blockOf, type Row } from './traces.ts'

export interface Issued {
  readonly cycle: number
  readonly command: CommandName
  /** Within the channel. */
  readonly bank: number
  readonly row: number
}

export interface Played {
  readonly result: ReplayResult
  readonly issued: readonly Issued[]
}

export function play(spec: MemoryConfig, rows: readonly Row[], until = 0): Played {
  const replay = new Replay(spec)
  const issued: Issued[] = []
  replay.memory.channels[0]!.scheduler.observer = (cycle, command, bank, row) => {
    issued.push({ cycle, command: commands[command]!, bank, row })
  }
  replay.play(blockOf(rows))
  return { result: replay.finish(until), issued }
}

export const orderA = loadMemory('ddr3-1600-order-a')
export const orderB = loadMemory('ddr3-1600-order-b')

export const read = (address: number, cycle: number): Row => [address, false, cycle]
export const write = (address: number, cycle: number): Row => [address, true, cycle]
