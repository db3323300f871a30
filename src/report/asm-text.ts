// The result of an assembly program, for people.

import type { ProgramResult, Returned } from '../program.ts'
import { names } from './names.ts'
import { type Column, fixed, number, percent, table, unbroken, wrapped } from './table.ts'

/** What the next, or oldest, instruction waits for; when busy, what happens. */
const meaningOf = (reason: string): string =>
  reason === 'busy' ? 'instructions issue, or retire' : (names.reason[reason]?.meaning ?? '')

/** `loop`: the program was one loop, repeated. */
export function asmText(result: ProgramResult, loop = false): string {
  const { core, clockHz, instructions, cycles, ipc, branches, seconds, energy, returned } = result
  return [
    wrapped(
      `${core} at ${number(clockHz / 1e6)} MHz: ${number(instructions)} instructions in ${number(cycles)} cycles ` +
        `(${fixed(ipc, 2)} a cycle), ${number(seconds * 1e6)} µs. ${loop ? steadyState(result) : ''}` +
        `${number(branches.executed)} branches, ${number(branches.mispredicted)} mispredicted.` +
        (returned === null ? '' : ` Returned ${returnedText(returned)}.`),
    ),
    cycleTable(result),
    levelTable(result),
    memoryLine(result),
    ...productsLine(result),
    ...(result.decodeUnit === undefined || result.decodeUnit.sequences === 0 ? [] : [decodeLine(result.decodeUnit)]),
    wrapped(
      `Energy: ${number(energy.total * 1e6)} µJ, ${number(energy.dynamic * 1e6)} dynamic and ${number(energy.static * 1e6)} static; ` +
        `${Object.entries(energy.components)
          .map(([name, { dynamic, static: still }]) => `${name} ${percent((dynamic + still) / energy.total)} %`)
          .join(', ')}.`,
    ),
  ].join('\n')
}

const steadyState = ({ cyclesPerIteration }: ProgramResult): string =>
  cyclesPerIteration === null
    ? 'Steady state: not reached. '
    : `${number(cyclesPerIteration)} cycles per iteration in the steady state. `

/** Which register holds the result depends on its type. What no one would return as a float is none. */
function returnedText({ x0, w0, d0, s0 }: Returned): string {
  const plain = (value: number | null): boolean => value !== null && Math.abs(value) >= 1e-9 && Math.abs(value) < 1e15
  const floats = Object.entries({ d0, s0 }).filter(([, value]) => plain(value))
  return [`x0 = ${x0}`, `w0 = ${w0}`, ...floats.map(([name, value]) => `${name} = ${value}`)].map(unbroken).join(', ')
}

function cycleTable({ stalls, cycles }: ProgramResult): string {
  const shown = Object.entries(stalls).filter(([, count]) => count > 0)
  const columns: Column[] = [
    { label: 'cycles', unit: '', cells: shown.map(([reason]) => reason), words: true },
    { label: 'count', unit: '', cells: shown.map(([, count]) => number(count)) },
    { label: 'share', unit: '%', cells: shown.map(([, count]) => fixed((100 * count) / cycles, 1)) },
    { label: 'waiting for', unit: '', cells: shown.map(([reason]) => meaningOf(reason)), words: true },
  ]
  return table(columns)
}

function levelTable({ memory: { l1d, l1i, l2 } }: ProgramResult): string {
  const levels = [l1i, l1d, l2]
  const counts = [
    ['reads', 'reads'],
    ['writes', 'writes'],
    ['readMisses', 'read misses'],
    ['writeMisses', 'write misses'],
    ['prefetches', 'prefetches'],
    ['usefulPrefetches', 'of use'],
    ['writeBacks', 'write-backs'],
  ] as const
  const columns = counts.map(
    ([key, label]): Column => ({ label, unit: '', cells: levels.map((level) => number(level[key])) }),
  )
  return table([{ label: 'cache', unit: '', cells: ['L1I', 'L1D', 'L2'], words: true }, ...columns])
}

/** Nothing where nothing is multiplied. */
const productsLine = ({ multiplications, integerMultiplications }: ProgramResult): string[] =>
  multiplications + integerMultiplications === 0
    ? []
    : [
        wrapped(
          `Multiplications: ${number(multiplications)} lanes of vector registers, ${number(integerMultiplications)} in general registers.`,
        ),
      ]

const decodeLine = ({ sequences, lines, loads, registers }: NonNullable<ProgramResult['decodeUnit']>): string =>
  wrapped(
    `Decode unit: ${number(sequences)} sequences from ${number(lines)} lines, ${number(loads)} loads of symbols, ` +
      `${number(registers)} registers read.`,
  )

function memoryLine({ memory: { dram } }: ProgramResult): string {
  return wrapped(
    `DRAM: ${number(dram.reads)} reads, ${number(dram.rowHits)} of them row hits, ${number(dram.writes)} writes, ` +
      `${number(dram.activates)} activates, ${number(dram.refreshes)} refreshes.`,
  )
}
