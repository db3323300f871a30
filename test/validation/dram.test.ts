// Against two DRAM simulators, DRAMsim3 and Ramulator 2, configured alike (../shared/reference/dram): every trace
// of golden.csv. Stated tolerances are the issue's; DRAMsim3, whose queues ours are like, is met cycle by cycle.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { loadMemory } from '../../src/config/memory.ts'
import { pricesOf } from '../../src/mem/dram/energy.ts'
import { Replay, type ReplayResult } from '../../src/mem/dram/replay.ts'
import { readTrace } from '../../src/mem/dram/trace.ts'
import { blockOf, bulk } from '../mem/dram/traces.ts'

const reference = fileURLToPath(new URL('../../../shared/reference/dram/', import.meta.url))
const absent = !existsSync(reference)
if (absent) console.info('no ../shared/reference/dram: the comparison with two DRAM simulators is left out')

interface Golden {
  readonly config: string
  readonly trace: string
  readonly lastRead: number
  readonly meanLatency: number
  readonly maxLatency: number
  readonly activates: number
  readonly precharges: number
  readonly refreshes: number
  readonly rowHits: number
  /** Average power: energy a cycle. */
  readonly power: number
  /** pJ but for a factor of tCK in ns. */
  readonly energy: {
    readonly total: number
    readonly activate: number
    readonly read: number
    readonly write: number
    readonly refresh: number
  }
}

function goldens(): Golden[] {
  const [head = '', ...lines] = readFileSync(join(reference, 'golden.csv'), 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const text = (name: string): string => cells[names.indexOf(name)] ?? ''
    const value = (name: string): number => (text(name) === '' ? Number.NaN : Number(text(name)))
    return {
      config: text('config'),
      trace: text('trace'),
      lastRead: value('last_read_done_cycle'),
      meanLatency: value('mean_read_latency_seen'),
      maxLatency: value('max_read_latency_seen'),
      activates: value('ds3_num_act_cmds'),
      precharges: value('ds3_num_pre_cmds'),
      refreshes: value('ds3_num_ref_cmds'),
      rowHits: value('ds3_num_read_row_hits'),
      power: value('ds3_average_power'),
      energy: {
        total: value('ds3_total_energy'),
        activate: value('ds3_act_energy'),
        read: value('ds3_read_energy'),
        write: value('ds3_write_energy'),
        refresh: value('ds3_ref_energy'),
      },
    }
  })
}

/** Plays the trace of `golden`; on to cycle `until`. */
async function simulate({ config, trace }: Golden, until = 0): Promise<ReplayResult> {
  const replay = new Replay(loadMemory(`ddr3-1600-order-${config.slice(-1)}`))
  const [, kind, number] = /^(.*)_64_(\d+)k$/.exec(trace) ?? []
  if (kind !== undefined) replay.play(blockOf(bulk[kind]!(1000 * Number(number))))
  else for await (const block of readTrace(join(reference, 'micro', `${trace}.trace`))) replay.play(block)
  return replay.finish(until)
}

const all = absent ? [] : goldens()
const of = (simulator: string): Golden[] => all.filter(({ config }) => config.startsWith(simulator))
const titled = (golden: Golden) => [`${golden.config} ${golden.trace}`, golden] as const
const isDirected = ({ trace }: Golden): boolean => trace.startsWith('micro_')

/** Ramulator answers a cycle earlier than DRAMsim3 and us, on every directed trace. */
const OFFSET = { dramsim3: 0, ramulator2: 1 }

/** pJ for the unit of golden.csv: tCK in ns. */
const TCK = 1.25

const table: string[] = []
afterAll(() => {
  if (table.length > 0) console.info(table.join('\n'))
})

const note = (golden: Golden, ours: ReplayResult): void => {
  const pair = (our: number, their: number) => `${our} (${Number.isNaN(their) ? 'not given' : their})`
  table.push(
    [
      `${golden.config} ${golden.trace}`.padEnd(40),
      `last read ${pair(ours.lastReadDoneCycle, golden.lastRead)}`,
      `mean latency ${pair(Number(ours.latencies.mean.toFixed(4)), golden.meanLatency)}`,
      `row hits ${pair(ours.counts.rowHits, golden.rowHits)}`,
      `activates ${pair(ours.counts.activates, golden.activates)}`,
    ].join('  '),
  )
}

describe.skipIf(absent)('DRAMsim3', () => {
  it.each(of('dramsim3').map(titled))('%s: cycles, counts and energy, all equal', async (_, golden) => {
    const cycles = Math.round(golden.energy.total / golden.power)
    const ours = await simulate(golden, cycles)
    note(golden, ours)
    const { latencies, counts, energy } = ours
    expect(ours.totalCycles).toBe(cycles)
    expect(ours.lastReadDoneCycle).toBe(golden.lastRead + OFFSET.dramsim3)
    expect(latencies.mean).toBeCloseTo(golden.meanLatency, 3)
    expect(latencies.max).toBe(golden.maxLatency)
    const { activates, precharges, refreshes, rowHits } = golden
    expect(counts).toMatchObject({ activates, precharges, refreshes, rowHits })
    const theirs = golden.energy
    for (const part of ['activate', 'read', 'write', 'refresh'] as const)
      expect(energy[part]).toBeCloseTo(TCK * theirs[part], 1)
    const background = theirs.total - theirs.activate - theirs.read - theirs.write - theirs.refresh
    expect(energy.background / (TCK * background)).toBeCloseTo(1, 9)
  })

  it('charges each event what we do', () => {
    const prices = pricesOf(loadMemory('ddr3-1600-order-a'))
    for (const { activates, refreshes, energy } of of('dramsim3')) {
      expect(energy.activate * TCK).toBeCloseTo(activates * prices.activate, 1)
      expect(energy.refresh * TCK).toBeCloseTo(refreshes * prices.refresh, 1)
    }
  })
})

/** Directed traces that the two simulators serve by other policies: forwarding, start of draining, urgency of refresh. */
const otherPolicy = ['micro_read_after_write_fwd', 'micro_write9_then_read', 'micro_write_only9', 'micro_refresh']

describe.skipIf(absent)('Ramulator 2', () => {
  const directed = of('ramulator2').filter((golden) => isDirected(golden) && !otherPolicy.includes(golden.trace))
  const bulky = of('ramulator2').filter((golden) => !isDirected(golden))

  it.each(directed.map(titled))('%s: exact but for a cycle', async (_, golden) => {
    const ours = await simulate(golden)
    note(golden, ours)
    expect(ours.lastReadDoneCycle - OFFSET.ramulator2).toBe(golden.lastRead)
    expect(ours.latencies.mean - OFFSET.ramulator2).toBeCloseTo(golden.meanLatency, 9)
    expect(ours.latencies.max - OFFSET.ramulator2).toBe(golden.maxLatency)
  })

  it.each(bulky.map(titled))('%s: total cycles, and latency where load is light', async (_, golden) => {
    const ours = await simulate(golden)
    note(golden, ours)
    const tolerance = golden.trace.startsWith('random_sat') ? 0.08 : 0.01
    expect(Math.abs(ours.lastReadDoneCycle / golden.lastRead - 1)).toBeLessThan(tolerance)
    if (golden.trace.startsWith('random_rd'))
      expect(Math.abs(ours.latencies.mean / golden.meanLatency - 1)).toBeLessThan(0.05)
  })

  it('is compared on every trace there is', () => {
    const known = [...otherPolicy, ...directed.map(({ trace }) => trace)]
    const files = readdirSync(join(reference, 'micro')).map((file) => file.replace('.trace', ''))
    expect(known.sort()).toEqual(files.sort())
    expect(bulky).toHaveLength(4)
  })
})
