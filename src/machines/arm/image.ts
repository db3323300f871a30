// The program of a plan, and its memory: kernels, and for each step a function that calls them with the addresses of
// their parameter blocks.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { includeBeside, type Source } from '../../isa/assemble/include.ts'
import { assembleAll } from '../../isa/assemble.ts'
import { Execution } from '../../isa/execute.ts'
import { LOWEST_ADDRESS, type Program } from '../../isa/instruction.ts'
import type { Workload } from '../../work/workload.ts'
import { type Library, planOf } from './lower.ts'
import { MemoryMap } from './memory-map.ts'
import type { Call, Plan } from './plan.ts'

/** The library: which file has which kernels. */
const files: readonly (readonly [file: string, kernels: RegExp])[] = [
  ['bgemm-lce', /^bgemm_lce_/],
  ['bconv-direct', /^bconv_direct_/],
  ['bconv-fixed-tree', /^bconv_tree_fixed$/],
  ['bconv-fixed-lanes', /^bconv_lanes_fixed$/],
  ['bconv-dabnn', /^bconv_dabnn_/],
  ['bgemm-dabnn', /^bgemm_dabnn_/],
  ['im2col', /^im2col$/],
  ['im2col-slices', /^im2col_slices$/],
  ['decode', /^decode_kernels$/],
  ['bgemm-decode', /^bgemm_decode_/],
  ['sgemm', /^sgemm$/],
  ['igemm', /^igemm_/],
  ['depthwise', /^depthwise_/],
  ['elementwise', /^(affine|rprelu|add|convert|sign|above)_[fi]32(_f32)?$/],
  ['fused', /^add_(rprelu_|sign_){1,2}f32$/],
  ['copy', /^(copy|fill)_rows$/],
  ['pool', /^(max|or|average)_pool_/],
  ['fixed', /^(fixed_affine_|above_i(8|16)$|affine_wide_)/],
  ['fixed-rprelu', /^fixed_rprelu_/],
  ['fixed-rows', /^(quantise_f32_|add_fixed_|convert_i(8|16)_)/],
  ['fixed-pool', /^sum_pool_/],
  ['gemm-i32', /^gemm_/],
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
  const called = new Set(plan.steps.flatMap(({ calls }) => calls.map(({ kernel }) => kernel)))
  const used = files.filter(([, kernels]) => [...called].some((kernel) => kernels.test(kernel)))
  const sources = used.map(([file]) => kernelSource(file))
  const program = assembleAll([...sources, { file: 'steps', text: steps.join('\n') }], includeBeside)
  return { plan, program, entries: plan.steps.map((_, i) => program.symbols.get(labelOf(i))!) }
}

/** Below the end of memory. */
const STACK_BYTES = 2 ** 16

/** The program with weights and tables in its memory. */
export function loaded({ plan: { memory }, program }: Image): Execution {
  const execution = new Execution(program, { memoryBytes: memory.end + STACK_BYTES })
  for (const { address, bytes } of memory.contents) execution.memory.set(bytes, address)
  return execution
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
