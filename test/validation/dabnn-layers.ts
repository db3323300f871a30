// The table in docs/validation.md of single layers beside what daBNN has published (J. Zhang et al., ACM Multimedia 2019).

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { run } from '../../src/run.ts'

export const page = fileURLToPath(new URL('../../docs/validation.md', import.meta.url))

/** Milliseconds on a Pixel 1, by experiment. */
export const layers = [
  { layer: '56x56x64', experiment: 'dabnn-56x64', published: 1.282 },
  { layer: '28x28x128', experiment: 'dabnn-28x128', published: 0.955 },
  { layer: '14x14x256', experiment: 'dabnn-14x256', published: 0.97 },
  { layer: '14x14x256, stride 2', experiment: 'dabnn-14x256-s2', published: 0.268 },
  { layer: '7x7x512', experiment: 'dabnn-7x512', published: 1.254 },
] as const

/** What the others are compared with: the kernel that is published, without what is not. */
const BASE = 1

export const tablePattern = /^\| 3x3 layer \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m
export const shown = (): string => tablePattern.exec(readFileSync(page, 'utf8'))![0]

/** Milliseconds of the page's own column. */
export const shownMilliseconds = (): number[] =>
  [...shown().matchAll(/`dabnn-.*/g)].map(([row]) => Number(row.split(' | ')[3]))

/** The binary convolution alone, mean of the experiment's images, to a microsecond. */
export function milliseconds(experiment: string): number {
  const { clockHz, layers } = run(resolveExperiment(experiment, { machineSchemas: machines }), 'test').variants[0]!
  const { cycles } = layers.find(({ name }) => name === 'conv')!
  return Number(((1000 * cycles) / clockHz).toFixed(3))
}

/** The table, given what `milliseconds` gives of each layer. */
export function table(ours: readonly number[]): string {
  const rows = layers.map(({ layer, experiment, published }, i) => {
    const [theirs, own] = [published / layers[BASE].published, ours[i]! / ours[BASE]!]
    const difference = 100 * (own / theirs - 1)
    const shown = i === BASE ? '' : `${difference < 0 ? '-' : '+'}${Math.abs(difference).toFixed(0)} %`
    const figures = [published.toFixed(3), theirs.toFixed(3), ours[i]!.toFixed(3), own.toFixed(3), shown]
    return `| ${[layer, `\`${experiment}\``, ...figures].join(' | ')} |\n`.replace('|  |', '| |')
  })
  return `| 3x3 layer | experiment | published, ms | ratio | ours, ms | ratio | difference |\n|---|---|---|---|---|---|---|\n${rows.join('')}`
}
