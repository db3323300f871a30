// The program of a plan, and its memory: kernels, and for each step a function that calls them with the addresses of
// their parameter blocks.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { includeBeside, type Source } from '../../isa/assemble/include.ts'
import { assembleAll } from '../../isa/assemble.ts'
import { LOWEST_ADDRESS, type Program } from '../../isa/instruction.ts'
import type { Workload } from '../../work/workload.ts'
import { type Library, planOf } from './lower.ts'
import { MemoryMap } from './memory-map.ts'
import type { Call, Plan } from './plan.ts'

const files = [
  'bgemm-lce',
  'bconv-direct',
  'bconv-dabnn',
  'bgemm-dabnn',
  'im2col',
  'sgemm',
  'depthwise',
  'elementwise',
  'copy',
  'pool',
  'igemm',
  'fused',
]

/** Room for instructions, below everything else. */
const TEXT_BYTES = 2 ** 22

export interface Image {
  readonly plan: Plan
  readonly program: Program
  /** Address at which each step starts. */
  readonly entries: readonly number[]
}

/** Throws InputError for what the machine has no kernel for. */
export function imageOf(workload: Workload, library: Library): Image {
  const memory = new MemoryMap(LOWEST_ADDRESS + TEXT_BYTES)
  const plan = planOf(workload, library, memory)
  const steps = plan.steps.map(({ calls }, i) => stepText(i, calls, memory))
  const sources = files.map(kernelSource)
  const program = assembleAll([...sources, { file: 'steps', text: steps.join('\n') }], includeBeside)
  return { plan, program, entries: plan.steps.map((_, i) => program.symbols.get(labelOf(i))!) }
}

function kernelSource(name: string): Source {
  const file = fileURLToPath(new URL(`kernels/${name}.s`, import.meta.url))
  return { file, text: readFileSync(file, 'utf8') }
}

const labelOf = (step: number): string => `step_${step}`

function stepText(step: number, calls: readonly Call[], memory: MemoryMap): string {
  const lines = calls.flatMap(({ kernel, params }) => {
    const block = memory.place(BigUint64Array.from(params, BigInt))
    return [`movz x0, #${block & 0xffff}`, `movk x0, #${Math.floor(block / 65536)}, lsl #16`, `bl ${kernel}`]
  })
  const save = ['stp x29, x30, [sp, #-16]!', 'mov x29, sp']
  return [`.global ${labelOf(step)}`, `${labelOf(step)}:`, ...save, ...lines, 'ldp x29, x30, [sp], #16', 'ret'].join(
    '\n',
  )
}
