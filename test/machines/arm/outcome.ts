// What becomes of a random network on the ARM machine, and the least of it that still goes wrong.

import seedrandom from 'seedrandom'
import type { Library } from '../../../src/machines/arm/lower.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { InputError } from '../../../src/work/input-error.ts'
import type { Network } from '../../../src/work/network.ts'
import { elements } from '../../../src/work/tensor.ts'
import { runOn } from './run-on.ts'
import { described, smallest } from './shrink-network.ts'

/** `computed`, `refused`, or what is wrong. */
export function outcome(network: Network, library: Library): string {
  try {
    const random = seedrandom(network.name)
    const pixels = Uint8Array.from({ length: elements(network.picture) }, () => Math.floor(256 * random()))
    const { deviation } = runOn('cortex-a53', network, [encode(network, pixels)], library).checked
    return deviation < 1e-4 ? 'computed' : `deviation ${deviation}`
  } catch (error) {
    if (!(error instanceof InputError)) return String(error)
    const named = network.nodes.some(({ name }) => error.message.startsWith(`${name}: `))
    return named && /\bkernels?\b|arm machine/.test(error.message) ? 'refused' : `refused with '${error.message}'`
  }
}

const fails = (network: Network, library: Library): boolean =>
  !['computed', 'refused'].includes(outcome(network, library))

export function failure(seed: number, network: Network, library: Library): string {
  const least = smallest(network, (smaller) => fails(smaller, library))
  return `network ${seed}, ${library.kernels}, ${library.fusion}: ${outcome(least, library)}\n${described(least)}`
}
