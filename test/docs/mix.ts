// The table in docs/arm.md of what each set of kernels executes for a binary convolution, beside what is published.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instruction } from '../../src/isa/instruction.ts'
import { imageOf, loaded } from '../../src/machines/arm/image.ts'
import type { KernelSet } from '../../src/machines/arm/spec.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { layerCounts, workload } from '../../src/work/lower.ts'
import { plain } from '../machines/arm/run-on.ts'
import { root } from './guide.ts'

export const page = join(root, 'docs/arm.md')
export const tablePattern = /^\| for 128 binary MACs \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m

const LAYER = 'conv'
const work = workload(loadNetwork('layer-3x3-14x256'))
/** What one `eor` of 128 bits works on. */
const units = layerCounts(work.layers.find(({ name }) => name === LAYER)!).binaryMacs / 128

/** Columns, and which timing classes each one counts; the first that fits does. */
const classes: readonly (readonly [string, RegExp])[] = [
  ['eor', /^vector-logic$/],
  ['cnt', /^vector-count$/],
  ['add, addp', /^vector-add(-pair)?$/],
  ['uadalp', /^vector-pair-accumulate$/],
  ['addv, uaddlv', /^vector-sum-/],
  ['other vector', /^(vector|float|duplicate|insert|move-(to|from))-/],
  ['load', /^(load-|prefetch)/],
  ['store', /^store/],
  ['branch', /^branch/],
  ['integer', /./],
]
const columns = classes.map(([name]) => name)

const columnOf = ({ timing }: Instruction): number => classes.findIndex(([, pattern]) => pattern.test(timing))

/** Instructions by column, in the layer's steps. Which instructions are executed does not depend on values. */
export function executed(kernels: KernelSet): number[] {
  const image = imageOf(work, { ...plain, kernels })
  const { plan, program, entries } = image
  const execution = loaded(image)
  const blocks = program.blocks.map(({ first, count }) => program.instructions.slice(first, first + count))
  const times = blocks.map(() => 0)
  const accesses = blocks.map((block) => block.filter(({ memory }) => memory !== null).length)
  plan.steps.forEach(({ layer }, step) => {
    if (layer !== LAYER) return
    execution.start(entries[step]!)
    for (let words = execution.run(); words > 0; words = execution.run())
      for (let at = 0; at < words; at += 1 + accesses[execution.trace[at]!]!) times[execution.trace[at]!]!++
  })
  const counts = columns.map(() => 0)
  blocks.forEach((block, i) => {
    for (const instruction of block) counts[columnOf(instruction)]! += times[i]!
  })
  return counts
}

/** One step of the innermost loop, counted in the source. */
interface Published {
  readonly name: string
  readonly macs: number
  readonly counts: Readonly<Record<string, number>>
}

const published: Readonly<Partial<Record<KernelSet, Published>>> = {
  lce: {
    name: 'LCE, loop',
    macs: 4096,
    counts: { eor: 32, cnt: 32, 'add, addp': 28, uadalp: 4, load: 12, integer: 2, branch: 1 },
  },
  dabnn: {
    name: 'daBNN, loop',
    macs: 2304,
    counts: {
      ...{ eor: 18, cnt: 18, 'add, addp': 16, 'addv, uaddlv': 2, 'other vector': 4 },
      ...{ load: 8, store: 2, integer: 1, branch: 1 },
    },
  },
}

function row(name: string, counts: readonly number[], of: number): string {
  const all = counts.reduce((sum, count) => sum + count, 0)
  return `| ${[name, ...[...counts, all].map((count) => (count / of).toFixed(3))].join(' | ')} |\n`
}

export function table(): string {
  const rows = (['lce', 'direct', 'dabnn'] as const).flatMap((kernels) => {
    const ours = row(`\`${kernels}\`, layer`, executed(kernels), units)
    const theirs = published[kernels]
    if (theirs === undefined) return [ours]
    const counts = columns.map((column) => theirs.counts[column] ?? 0)
    return [ours, row(theirs.name, counts, theirs.macs / 128)]
  })
  const head = ['for 128 binary MACs', ...columns, 'all']
  return `| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.join('')}`
}

export const written = (): string => tablePattern.exec(readFileSync(page, 'utf8'))![0]
