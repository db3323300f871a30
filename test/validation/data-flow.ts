// The tables in docs/reproduction.md of 8-bit data flow beside floats: experiments vorabbi2024 and vorabbi2024-block.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { resolveExperiment } from '../../src/config/experiment.ts'
import { machines } from '../../src/machines/index.ts'
import { residualBlocks } from '../../src/model/networks/residual-block.ts'
import { passes } from '../../src/opt/index.ts'
import type { VariantResult } from '../../src/report/result.ts'
import { run } from '../../src/run.ts'

export const page = fileURLToPath(new URL('../../docs/reproduction.md', import.meta.url))

export const boards = ['raspberry-pi-3', 'raspberry-pi-4'] as const
export const networks = ['bireal-18', 'reactnet-18', 'reactnet-a'] as const
export const blocks = residualBlocks.map(({ name }) => name)
export const variants = ['dabnn', 'baseline', 'direct', 'direct, fused', 'direct-clip8'] as const

export type Board = (typeof boards)[number]

/** Every variant of the experiment. */
function results(
  experiment: string,
  network: string,
  board: Board,
  wanted: readonly string[] = variants,
): ReadonlyMap<string, VariantResult> {
  const set = [`network=${network}`, `machine=${board}`]
  const resolved = resolveExperiment(experiment, { machineSchemas: machines, passSchemas: passes, set })
  const some = { ...resolved, variants: resolved.variants.filter(({ name }) => wanted.includes(name)) }
  return new Map(run(some, 'test').variants.map((variant) => [variant.name, variant]))
}

/** Cycles of a residual layer by variant, as in `variants`: mean of the experiment's images. */
export function layerCycles(block: string, board: Board, wanted: readonly string[] = variants): number[] {
  const found = results('vorabbi2024-block', block, board, wanted)
  return wanted.map((name) => found.get(name)!.layers.find((layer) => layer.name === 'conv2')!.cycles)
}

export interface NetworkFigures {
  readonly milliseconds: number
  readonly millijoules: number
  /** Of DRAM, read and written. */
  readonly megabytes: number
}

export function networkFigures(network: string, board: Board): NetworkFigures[] {
  const found = results('vorabbi2024', network, board)
  return variants.map((name) => {
    const { clockHz, cyclesPerImage, energyPerImageJoules, layers } = found.get(name)!
    const bytes = layers.reduce((sum, { memory }) => sum + memory.dram!.bytesRead + memory.dram!.bytesWritten, 0)
    return {
      milliseconds: (1000 * cyclesPerImage) / clockHz,
      millijoules: energyPerImageJoules * 1000,
      megabytes: bytes / 1e6,
    }
  })
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`
const times = (ours: number, other: number): string => (other / ours).toFixed(2)

/** Thousand cycles of a layer that the page shows, as in `variants`. */
export function shownCycles(block: string, board: Board): string[] {
  const begins = `| ${layerName(block)} | ${boardName(board)} | `
  const row = shownLayers()
    .split('\n')
    .find((line) => line.startsWith(begins))!
  return row.slice(begins.length).split(' | ').slice(0, variants.length)
}

export const thousands = (cycles: number): string => (cycles / 1000).toFixed(0)

const header = (first: string): string => {
  const names = variants.map((name) => (name === 'baseline' ? '`lce`' : `\`${name}\``))
  const rule = `|${'---|'.repeat(variants.length + 4)}\n`
  return `${row([first, 'board', ...names, 'clip8 to daBNN', 'to LCE'])}${rule}`
}

const last = variants.length - 1

export function layerRow(block: string, board: Board, cycles: readonly number[]): string {
  const [dabnn, lce] = cycles as [number, number]
  return row([
    layerName(block),
    boardName(board),
    ...cycles.map(thousands),
    times(cycles[last]!, dabnn),
    times(cycles[last]!, lce),
  ])
}

const layerName = (block: string): string => block.replace('block-', '').replace('-', ', ')
const boardName = (board: Board): string => (board === 'raspberry-pi-3' ? 'A53' : 'A72')

export const layerTable = (figures: readonly { block: string; board: Board; cycles: readonly number[] }[]): string =>
  header('layer') + figures.map(({ block, board, cycles }) => layerRow(block, board, cycles)).join('')

export function networkTable(
  figures: readonly { network: string; board: Board; figures: readonly NetworkFigures[] }[],
): string {
  const rows = figures.map(({ network, board, figures: all }) => {
    const shown = all.map(({ milliseconds, megabytes }) => `${milliseconds.toFixed(1)} (${megabytes.toFixed(0)})`)
    const of = (i: number): number => all[i]!.milliseconds
    return row([network, boardName(board), ...shown, times(of(last), of(0)), times(of(last), of(1))])
  })
  return header('network') + rows.join('')
}

/** A table of the page by the first cell of its header. */
const pattern = (first: string): RegExp =>
  new RegExp(`^\\| ${first} \\| board \\|.*\\n\\|[-|]+\\|\\n(?:\\|.*\\n)*`, 'm')
export const layerPattern = pattern('layer')
export const networkPattern = pattern('network')
export const shownLayers = (): string => layerPattern.exec(readFileSync(page, 'utf8'))![0]
