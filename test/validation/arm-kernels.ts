// The kernels of the reference on every core, beside what they are to be compared with.

import { loadTarget, type ProgramResult, runAssembly } from '../../src/program.ts'
import { type Kernel, kernels, type Row, readCsv } from './arm-reference.ts'

const ITERATIONS = 600

export interface Comparison {
  readonly core: string
  readonly kernel: string
  readonly ours: number
  /** What the reference is, and its cycles an iteration. */
  readonly reference: string
  readonly expected: number
  /** Largest relative deviation. */
  readonly tolerance: number
}

export function runKernel({ text, name, label }: Kernel, core: string, fast = true): ProgramResult {
  return runAssembly(loadTarget(core, [], fast), text, `${name}.s`, { loop: { label, iterations: ITERATIONS } })
}

/** Bounds of the A53 as the reference states them: dual issue, a 128-bit load takes two cycles of the load pipe. */
const a53Bounds: Readonly<Record<string, number>> = { k1: 28, k2: 32, k4: 64 }

/** Every kernel on every core. */
export function compareKernels(): Comparison[] {
  const golden = readCsv('mca-golden.csv')
  const measured = readCsv('measured-instructions.csv').filter(({ cpu }) => cpu === 'cortex-a72')
  const cyclesOf = (name: string, cpu: string): number =>
    Number(golden.find((row) => row.kernel === name && row.cpu === cpu)?.cycles_per_iter)
  return kernels().flatMap((kernel) => {
    const { name } = kernel
    const against = (core: string, reference: string, expected: number, tolerance: number): Comparison => {
      const ours = runKernel(kernel, core).cyclesPerIteration!
      return { core, kernel: name, ours, reference, expected, tolerance }
    }
    const mca = (core: string, cpu: string, tolerance: number) =>
      against(core, 'llvm-mca', cyclesOf(name, cpu), tolerance)
    return [
      against('cortex-a53', 'bound by hand', a53Bounds[name.slice(0, 2)]!, 0),
      against('cortex-a72', 'bound of the measured throughputs', measuredBound(kernel, measured), 0.15),
      mca('cortex-a72', 'cortex-a72', Infinity),
      mca('neoverse-n1', 'neoverse-n1', 0.15),
      mca('cortex-a53-llvm', 'cortex-a53', 0.05),
      mca('cortex-a55-llvm', 'cortex-a55', 0.05),
    ]
  })
}

export const deviation = ({ ours, expected }: Comparison): number => ours / expected - 1

/** Rows of the measured table, by how an instruction of a kernel begins; `vector` ones share the vector pipes. */
const measuredRows = [
  { begins: /^eor\b/, row: 'eor.b', pipe: 'vector' },
  { begins: /^cnt\b/, row: 'cnt.b', pipe: 'vector' },
  { begins: /^add +v/, row: 'add.b', pipe: 'vector' },
  { begins: /^uadalp\b/, row: 'uadalp.b', pipe: 'vector' },
  { begins: /^ld1\b/, row: 'ld1.b (multi; 4 reg)', pipe: 'load' },
  { begins: /^ldr +q/, row: 'ldr.q (imm; ofs = 0)', pipe: 'load' },
] as const

/** Cycles an iteration takes at least: on each kind of pipe, the sum of measured reciprocal throughputs. */
export function measuredBound({ text }: Kernel, measured: readonly Row[]): number {
  const cycles = { vector: 0, load: 0 }
  for (const line of text.split('\n').map((each) => each.trim())) {
    const found = measuredRows.find(({ begins }) => begins.test(line))
    if (found === undefined) continue
    cycles[found.pipe] += Number(measured.find(({ name }) => name === found.row)?.rthroughput_cyc)
  }
  return Math.max(cycles.vector, cycles.load)
}
