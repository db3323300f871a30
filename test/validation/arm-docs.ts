// docs/validation-arm.md as the cores give it.

import { cyclesOf, measuredOf, sequences } from './arm-branches.ts'
import { exceptionOf, exceptions } from './arm-exceptions.ts'
import { type Figure, figuresOfForms } from './arm-forms.ts'
import { type Comparison, compareKernels, deviation } from './arm-kernels.ts'

export const cores = ['cortex-a53', 'cortex-a72', 'neoverse-n1'] as const

/** All that is compared with the reference. */
export interface Validation {
  readonly kernels: readonly Comparison[]
  readonly forms: Readonly<Record<string, readonly Figure[]>>
  readonly sequences: readonly { readonly row: string; readonly measured: number; readonly ours: number }[]
}

export function validate(): Validation {
  return {
    kernels: compareKernels(),
    forms: Object.fromEntries(cores.map((core) => [core, figuresOfForms(core)])),
    sequences: sequences.map((sequence) => ({
      row: sequence.row,
      measured: measuredOf(sequence, 'cortex-a53'),
      ours: cyclesOf(sequence, 'cortex-a53'),
    })),
  }
}

const cycles = (value: number): string => `${Math.round(value * 100) / 100}`
const percent = (ratio: number): string => `${ratio >= 0 ? '+' : '−'}${Math.abs(100 * ratio).toFixed(1)} %`
const table = (head: string, rows: readonly string[]): string =>
  [`| ${head} |`, `|${' --- |'.repeat(head.split(' | ').length)}`, ...rows.map((row) => `| ${row} |`)].join('\n')

export const page = ({
  kernels,
  forms,
  sequences: branches,
}: Validation): string => `# The ARM cores against the reference

Written by \`npx tsx test/validation/write-arm-docs.ts\` from what the cores do; \`test/validation/arm.test.ts\` checks that it is up to
date and that every deviation is within its tolerance. The reference is not part of the project.

## Kernels

Six loops, data in L1: cycles an iteration in the steady state. The \`-llvm\` cores are for comparison only: they have llvm-mca's figures
and its rule that nothing writes back before an older instruction.

- The bounds of the A53 come from measured figures: dual issue, two cycles of the load pipe for a 128-bit load. The branch at the end, taken
  at three cycles without other work, is hidden by the fetch queue and adds nothing.
- LLVM's throughputs of the A72 are those of the A57, and wrong. The bound is the larger of two sums of measured reciprocal throughputs: of the
  instructions that share the vector pipes, and of the loads. The deviation from llvm-mca is stated, not tested.

${table(
  'core | kernel | cycles | reference | cycles | deviation | tolerance',
  kernels.map(({ core, kernel, ours, reference, expected, tolerance, ...rest }) => {
    const deviates = percent(deviation({ core, kernel, ours, reference, expected, tolerance, ...rest }))
    const allowed = tolerance === 0 ? 'exact' : tolerance === Infinity ? 'none' : `${100 * tolerance} %`
    return `\`${core}\` | ${kernel} | ${cycles(ours)} | ${reference} | ${cycles(expected)} | ${deviates} | ${allowed}`
  }),
)}

## Instructions

For each form that has been measured on silicon: many independent copies give the reciprocal throughput, a chain of dependent ones the
latency. Throughput agrees within 5 %, latency when it is the measured one rounded to cycles, or within 5 %. Loads are chained through an addition to their
address, vector loads through a move to a general register too, at those classes' own latencies.

${table(
  'core | latencies | agree | throughputs | agree',
  cores.map((core) => {
    const of = (what: Figure['what']) => (forms[core] ?? []).filter((each) => each.what === what)
    const counts = [of('latency'), of('throughput')].map(
      (all) => `${all.length} | ${all.filter((each) => each.agrees).length}`,
    )
    return `\`${core}\` | ${counts.join(' | ')}`
  }),
)}

What does not agree, and why:

${table(
  'core | what | forms | measured | ours | reason',
  exceptions.map(({ core, what, reason }, i) => {
    const all = (forms[core] ?? []).filter((each) => !each.agrees && exceptionOf(core, each) === exceptions[i])
    const [texts, measured, ours] = [
      all.map(({ form }) => `\`${form}\``),
      all.map((each) => each.measured.toFixed(2)),
      all.map((each) => (each.ours === null ? 'no chain' : cycles(each.ours))),
    ].map((parts) => [...new Set(parts)].join(', '))
    return `\`${core}\` | ${what} | ${texts} | ${measured} | ${ours} | ${reason}`
  }),
)}

## Branches and forwarding on the A53

Sequences of the measurement as programs: cycles of one copy among many. Within 3 % each. Conditional branches that are taken skip
an instruction here. Left out: \`cbz (pc+4; taken)\`, measured at 1.01 where \`cbnz\`, \`tbz\`, \`tbnz\` and \`b.eq\` that are taken have 3.03.

${table(
  'sequence | measured | ours',
  branches.map(({ row, measured, ours }) => `\`${row}\` | ${measured.toFixed(2)} | ${cycles(ours)}`),
)}
`
