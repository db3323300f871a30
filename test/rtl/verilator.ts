// Builds designs with Verilator and runs them on given words and patterns.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lanesOf } from '../../src/sim/stream.ts'
import { type Contents, type Loaded, lanesFor, topModule } from './verilog.ts'

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

/** What one design is given. */
export interface Run extends Loaded {
  /** Bit per cycle, repeated: when input is offered, and output accepted. */
  readonly offered: string
  readonly accepted: string
  /** Words of the design's input width. */
  readonly words: Uint32Array
  /** Cycles to run. */
  readonly cycles: number
}

/** What left a design: cycles, and lanes of the words one after another. */
export interface Emitted {
  readonly cycles: number[]
  readonly lanes: number[]
}

/** Runs designs, each of which is built once, one after another; returns what left in each run. */
export function simulate(runs: readonly Run[]): Emitted[] {
  const designs = [...new Set(runs.map(({ design }) => design))]
  if (designs.length > 64) throw new Error('the harness drives 64 designs at most')
  const lanesIn = lanesFor(designs.map(({ inWidth }) => inWidth))
  const lanesOut = lanesFor(designs.map(({ outWidth }) => outWidth))
  const lanesLoad = lanesFor(designs.map(({ loadWidth }) => loadWidth))
  const firsts = designs.map((_, d) => designs.slice(0, d).reduce((sum, { units }) => sum + units, 0))
  const binary = built(topModule(designs, lanesIn, lanesOut, lanesLoad))
  const input = [
    `${lanesIn} ${lanesOut} ${lanesLoad}`,
    ...runs.flatMap((run) => {
      const d = designs.indexOf(run.design)
      return [`${d}`, ...run.contents.flatMap((unit, i) => load(unit, firsts[d]! + i)), '.', stimulus(run)]
    }),
  ].join('\n')
  const output = execFileSync(binary, { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
  return collect(output, runs)
}

/** The last binary that was built: that takes several times as long as all runs. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/bnnsim-rtl/', import.meta.url))

const modules = readdirSync(join(here, 'hdl')).map((name) => join(here, 'hdl', name))
const harness = join(here, 'harness.cpp')

/** Path of a binary of the designs in `top`, built unless the last one had the same sources, flags and version. */
function built(top: string): string {
  const version = execFileSync('verilator', ['--version'], { encoding: 'utf8' })
  const sources = [...modules, harness].map((file) => readFileSync(file, 'utf8'))
  const key = createHash('sha256')
    .update([version, ...flags, top, ...sources].join('\0'))
    .digest('hex')
  const binary = join(cache, key)
  if (existsSync(binary)) return binary
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-rtl-'))
  try {
    build(folder, top)
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    const whole = `${binary}.${process.pid}` // so that no other process runs part of it
    copyFileSync(join(folder, 'Vtop'), whole)
    renameSync(whole, binary)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return binary
}

const flags = [
  ...['--cc', '--exe', '--build', '-j', '2', '-O3', '--x-initial', 'fast', '--output-split', '100000000'],
  ...['-Wno-fatal', '-Wno-lint', '-Wno-style', '--top-module', 'top'],
  // It is simulated in a second or two: compiling it is what takes time, least as one file, which reads headers once.
  ...['OPT_FAST=-O0', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O0'].flatMap((option) => ['-MAKEFLAGS', option]),
]

function build(folder: string, top: string): void {
  writeFileSync(join(folder, 'top.sv'), top)
  const args = [...flags, '--Mdir', folder, ...modules, join(folder, 'top.sv'), harness]
  execFileSync('verilator', args, { stdio: 'pipe', maxBuffer: 2 ** 26 })
}

/** Lines that load the memories of a unit. */
function load(contents: Contents, unit: number): string[] {
  return contents.map(({ port, pe, address, value }) => {
    const at = `${port} ${unit} ${pe} ${address}`
    return port === 't' ? `${at} ${value[0]}` : `${at} ${value.length} ${hex(value)}`
  })
}

const hex = (lanes: Uint32Array): string => Array.from(lanes, (lane) => lane.toString(16)).join(' ')

function stimulus({ design, offered, accepted, words, cycles }: Run): string {
  const lanes = lanesOf(design.inWidth)
  return `${offered} ${accepted} ${words.length / lanes} ${lanes} ${hex(words)} ${cycles}`
}

function collect(output: string, runs: readonly Run[]): Emitted[] {
  const emitted = runs.map((): Emitted => ({ cycles: [], lanes: [] }))
  for (const line of output.split('\n')) {
    if (line === '') continue
    const [run, cycle, ...lanes] = line.split(' ')
    const { cycles, lanes: all } = emitted[Number(run)]!
    cycles.push(Number(cycle))
    const kept = lanesOf(runs[Number(run)]!.design.outWidth)
    for (const lane of lanes.slice(0, kept)) all.push(Number.parseInt(lane, 16))
  }
  return emitted
}
