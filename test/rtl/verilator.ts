// Builds designs with Verilator and runs them on given words and patterns.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lanesOf } from '../../src/sim/stream.ts'
import { copyBits } from '../../src/work/bit-range.ts'
import { wordsOf } from '../../src/work/tensor.ts'
import { type Contents, type Design, lanesFor, topModule } from './verilog.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Prints a notice when Verilator cannot be run. */
export function verilatorAbsent(): boolean {
  try {
    execFileSync('verilator', ['--version'], { stdio: 'pipe' })
    return false
  } catch {
    console.warn('skipped: no verilator here (apt install verilator)')
    return true
  }
}

/** What one design is given in a round. */
export interface Stimulus {
  /** Bit per cycle, repeated: when input is offered, and output accepted. */
  readonly offered: string
  readonly accepted: string
  /** Words of the design's input width. */
  readonly words: Uint32Array
  /** Cycles to run. */
  readonly cycles: number
}

/** What left a design in a round: cycles, and lanes of the words one after another. */
export interface Emitted {
  readonly cycles: number[]
  readonly lanes: number[]
}

/** Runs `rounds[r][d]` on `designs[d]`; returns what left, likewise indexed. */
export function simulate(designs: readonly Design[], rounds: readonly (readonly Stimulus[])[]): Emitted[][] {
  const lanesIn = lanesFor(designs.map(({ inWidth }) => inWidth))
  const lanesOut = lanesFor(designs.map(({ outWidth }) => outWidth))
  const lanesLoad = lanesFor(designs.flatMap(({ units }) => units.map(({ simd }) => simd)))
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-rtl-'))
  try {
    build(folder, topModule(designs, lanesIn, lanesOut, lanesLoad))
    const input = [
      `${designs.length} ${lanesIn} ${lanesOut} ${lanesLoad}`,
      ...designs.flatMap(({ units }) => units).flatMap((unit, id) => loads(unit, id, lanesLoad)),
      '.',
      `${rounds.length}`,
      ...rounds.flatMap((round) => round.map((each, d) => stimulus(each, designs[d]!.inWidth, lanesIn))),
    ].join('\n')
    const output = execFileSync(join(folder, 'Vtop'), { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
    return collect(output, designs, rounds.length)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function build(folder: string, top: string): void {
  writeFileSync(join(folder, 'top.sv'), top)
  const hdl = readdirSync(join(here, 'hdl')).map((name) => join(here, 'hdl', name))
  const flags = ['--cc', '--exe', '--build', '-j', '2', '-O3', '--x-initial', 'fast', '--output-split', '100000']
  const quiet = ['-Wno-fatal', '-Wno-lint', '-Wno-style']
  // It is simulated in less than a second: compiling it is what takes time.
  const make = ['OPT_FAST=-O0', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O0'].flatMap((option) => ['-MAKEFLAGS', option])
  const files = [...hdl, join(folder, 'top.sv'), join(here, 'harness.cpp')]
  const args = [...flags, ...quiet, ...make, '--top-module', 'top', '--Mdir', folder, ...files]
  execFileSync('verilator', args, { stdio: 'pipe', maxBuffer: 2 ** 26 })
}

/** Row by row: PE and fold that hold it, its words of `simd` weights, and its level (sum >= level gives 1). */
function loads({ pe, simd, matrix, levels }: Contents, unit: number, lanesLoad: number): string[] {
  const { rows, columns, words } = matrix
  const folds = columns / simd
  const word = new Uint32Array(lanesLoad)
  return Array.from({ length: rows }, (_, row) => {
    const fold = Math.floor(row / pe)
    const weights = Array.from({ length: folds }, (_, s) => {
      copyBits(words, row * wordsOf(columns) * 32 + s * simd, word, 0, simd)
      return `w ${unit} ${row % pe} ${fold * folds + s} ${hex(word)}`
    })
    const level = Math.max(0, Math.min(columns + 1, levels[row]! + 1))
    return [...weights, `t ${unit} ${row % pe} ${fold} ${level}`].join('\n')
  })
}

const hex = (lanes: Uint32Array): string => Array.from(lanes, (lane) => lane.toString(16)).join(' ')

function stimulus({ offered, accepted, words, cycles }: Stimulus, width: number, lanesIn: number): string {
  const lanes = lanesOf(width)
  const count = words.length / lanes
  const padded = new Uint32Array(count * lanesIn)
  for (let i = 0; i < count; i++) padded.set(words.subarray(i * lanes, (i + 1) * lanes), i * lanesIn)
  return `${offered} ${accepted} ${count} ${hex(padded)} ${cycles}`
}

function collect(output: string, designs: readonly Design[], rounds: number): Emitted[][] {
  const emitted = Array.from({ length: rounds }, () => designs.map((): Emitted => ({ cycles: [], lanes: [] })))
  for (const line of output.split('\n')) {
    if (line === '') continue
    const [round, design, cycle, ...lanes] = line.split(' ')
    const { cycles, lanes: all } = emitted[Number(round)]![Number(design)]!
    cycles.push(Number(cycle))
    const kept = lanesOf(designs[Number(design)]!.outWidth)
    for (const lane of lanes.slice(0, kept)) all.push(Number.parseInt(lane, 16))
  }
  return emitted
}
