// The timing tables of the cores against what they cite: instructions measured on silicon, and llvm-mca's figures.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type CoreConfig, loadCore } from '../../src/config/core.ts'
import { PARTS } from '../../src/config/core-timing.ts'
import { timingClasses } from '../../src/isa/timing-class.ts'

const folder = fileURLToPath(new URL('../../../shared/reference/arm/', import.meta.url))
const absent = !existsSync(folder)
if (absent) console.warn('skipped: no ../shared/reference/arm')

type Row = Readonly<Record<string, string>>

function readCsv(name: string): Row[] {
  if (absent) return []
  const [head = [], ...lines] = readFileSync(`${folder}${name}`, 'utf8').trim().split(/\r?\n/).map(fieldsOf)
  return lines.map((fields) => Object.fromEntries(head.map((key, at) => [key, fields[at] ?? ''])))
}

const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

/** One half of one entry, and the rows that it cites. */
function cases(config: CoreConfig) {
  return timingClasses.flatMap((name) =>
    (['narrow', 'quad'] as const).map((which) => {
      const { kind, source, rows } = config.citations[name]
      return { name, which, kind, source, rows: rows[which], timing: config.core.timing[name][which] }
    }),
  )
}

type Case = ReturnType<typeof cases>[number]

const shown = ({ name, which }: Case, row: string) => `${name} (${which}), row ${row}`

/** Cycles an instruction of `registers` registers, in the long run. */
function cyclesEach({ timing: { occupancy, further, pipes, slots } }: Case, registers: number, width: number): number {
  if (pipes.length === 0) return slots / width
  return (occupancy + (registers - 1) * further.occupancy) / PARTS / pipes.length
}

describe.skipIf(absent).each(['cortex-a53', 'cortex-a72', 'neoverse-n1'])('%s', (core) => {
  const config = loadCore(core)
  const table = readCsv('measured-instructions.csv').filter(({ cpu, latency_cyc, throughput_per_cyc }) => {
    return cpu === core && (latency_cyc !== '' || throughput_per_cyc !== '')
  })
  const rowOf = (name: string) => table.find((row) => row.name === name)
  const all = cases(config)
  const measured = all.filter(({ kind, rows }) => kind === 'measured' && rows.length > 0)

  it('cites rows that exist', () => {
    const unknown = all.flatMap((one) =>
      one.rows.filter((row) => rowOf(row) === undefined).map((row) => shown(one, row)),
    )
    expect(unknown).toEqual([])
  })

  it('follows the rows of what it calls measured', () => {
    expect(measured.length).toBeGreaterThan(120)
    expect(measured.flatMap((one) => one.rows.flatMap((row) => deviations(one, row)))).toEqual([])
  })

  /** Latencies are rounded; occupancy is what two decimals of throughput permit, or the nearest twelfth. */
  function deviations(one: Case, row: string): string[] {
    const { latency_cyc = '', throughput_per_cyc = '', rthroughput_cyc = '' } = rowOf(row) ?? {}
    const { timing } = one
    if (row.includes('acc. fwd.')) {
      return timing.accumulate === Math.round(Number(latency_cyc)) ? [] : [`${shown(one, row)}: forwarding`]
    }
    const registers = /^(load|store).*-pair/.test(one.name) ? 2 : 1
    const latency = timing.latency + (registers - 1) * timing.further.latency
    const cycles = cyclesEach(one, registers, config.core.width)
    const rate = Math.abs(1 / cycles - Number(throughput_per_cyc))
    const twelfths = Math.abs(cycles - Number(rthroughput_cyc)) * Math.max(1, timing.pipes.length) * PARTS
    return [
      ...(latency_cyc === '' || latency === Math.round(Number(latency_cyc)) ? [] : [`${shown(one, row)}: latency`]),
      ...(throughput_per_cyc === '' || rate <= 0.016 || twelfths <= 0.51 ? [] : [`${shown(one, row)}: ${cycles}`]),
    ]
  }
})

describe.skipIf(absent).each(['cortex-a53', 'cortex-a55'])('%s-llvm', (cpu) => {
  const config = loadCore(`${cpu}-llvm`)
  const table = readCsv('llvm-mca-uops.csv').filter((row) => row.cpu === cpu)
  const rowOf = (name: string) => table.find((row) => row.insn === name)
  const all = cases(config)

  it('cites forms that exist', () => {
    const unknown = all.flatMap((one) =>
      one.rows.filter((row) => rowOf(row) === undefined).map((row) => shown(one, row)),
    )
    expect(unknown).toEqual([])
  })

  it('has latency, throughput and slots of the forms', () => {
    const cited = all.filter(({ source, rows }) => source === 'llvm' && rows.length > 0)
    expect(cited.length).toBeGreaterThan(90)
    expect(cited.flatMap((one) => one.rows.flatMap((row) => deviations(one, row)))).toEqual([])
  })

  function deviations(one: Case, row: string): string[] {
    const { latency, rthroughput, uops } = rowOf(row) ?? {}
    const { timing } = one
    const registers = /^(ld1|st1) \{/.test(row) ? (row.match(/\bv\d+/g) ?? []).length : /^ldp/.test(row) ? 2 : 1
    const ours = {
      latency: timing.latency + (registers - 1) * timing.further.latency,
      cycles: cyclesEach(one, registers, config.core.width),
      slots: timing.slots + (registers - 1) * timing.further.slots + (/\], #\d+$/.test(row) ? 1 : 0),
    }
    const right = Math.abs(ours.cycles - Number(rthroughput)) < 1 / PARTS && ours.slots === Number(uops)
    return right && ours.latency === Number(latency) ? [] : [`${shown(one, row)}: ${JSON.stringify(ours)}`]
  }
})
