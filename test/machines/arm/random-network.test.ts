// Random networks on the ARM machine: every value that it stores equals evaluation, or it names the node that it has no
// kernel for. ARM_NETWORKS in the environment asks for more of them.

import { expect, it } from 'vitest'
import { type Library, planOf } from '../../../src/machines/arm/lower.ts'
import { MemoryMap } from '../../../src/machines/arm/memory-map.ts'
import type { Call } from '../../../src/machines/arm/plan.ts'
import { workload } from '../../../src/work/lower.ts'
import { failure, outcome } from './outcome.ts'
import { randomNetwork } from './random-network.ts'
import { plain } from './run-on.ts'

const NETWORKS = Number(process.env.ARM_NETWORKS ?? 30)
/** So many from this seed on call every kernel. */
const FIRST = 2658
/** Of all networks, at least so many are not refused. */
const COMPUTED = 0.7

const kernels = ['lce', 'direct', 'dabnn'] as const
const libraryOf = (seed: number): Library => ({
  ...plain,
  kernels: kernels[seed % 3]!,
  fusion: seed % 5 === 0 ? 'none' : 'elementwise',
})

/** All that lowering calls, but `igemm_i32`, which needs pictures of many channels. */
const library = [
  ...['bits', 'i32', 'f32'].flatMap((kind) => [`bgemm_lce_${kind}`, `bconv_direct_${kind}`]),
  ...['bgemm_dabnn_f32', 'bconv_dabnn_3x3_f32', 'im2col', 'sgemm', 'depthwise_f32'],
  ...['igemm_f32', 'igemm_narrow_f32', 'igemm_narrow_i32', 'copy_rows', 'fill_rows'],
  ...['affine_f32', 'affine_i32', 'rprelu_f32', 'add_f32', 'add_i32', 'convert_i32_f32'],
  ...['sign_f32', 'above_f32', 'above_i32'],
  ...['max_pool_f32', 'max_pool_i32', 'or_pool_bits', 'average_pool_f32', 'average_pool_i32'],
]

/** Fused kernels, by how many sums one after the other. */
const fused = [
  '1 add_sign_f32',
  '1 add_rprelu_f32',
  '1 add_rprelu_sign_f32',
  '2 add_rprelu_f32',
  '2 add_rprelu_sign_f32',
]

/** What was called: each kernel, and what the calls of a fused one are. */
const called = (calls: readonly Call[]): string[] => {
  const [first, ...others] = calls.map(({ kernel }) => kernel)
  return [...new Set([first!, ...others]), `${calls.length} ${first}`]
}

it(
  `the arm machine computes ${NETWORKS} random networks as evaluation does, or names the node that it refuses`,
  () => {
    const failures: string[] = []
    const covered = new Set<string>()
    let computed = 0
    for (let seed = FIRST; seed < FIRST + NETWORKS; seed++) {
      const network = randomNetwork(`${seed}`)
      const library = libraryOf(seed)
      const found = outcome(network, library)
      if (found === 'computed') {
        computed++
        const { steps } = planOf(workload(network), library, new MemoryMap(0))
        for (const what of steps.flatMap(({ calls }) => called(calls))) covered.add(what)
      } else if (found !== 'refused') failures.push(failure(seed, network, library))
    }
    expect(failures.join('\n')).toBe('')
    expect(computed).toBeGreaterThan(COMPUTED * NETWORKS)
    expect([...library, ...fused].filter((what) => !covered.has(what))).toEqual([])
  },
  NETWORKS * 5e3,
)
