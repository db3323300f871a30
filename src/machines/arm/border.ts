// What lies around a tensor, for those who read windows that reach beyond it.

import { InputError } from '../../work/input-error.ts'
import type { MacShape, Op } from '../../work/network.ts'
import type { NumberStorage } from './convert.ts'
import type { Border, Storage } from './memory-map.ts'

/** What reads windows. */
export type Windowed = { readonly kind: 'mac'; readonly shape: MacShape } | Extract<Op, { kind: 'pool' }>

/** A float32 that never wins a maximum, as kernels take it. */
export const LOWEST = new Uint32Array(new Float32Array([-Infinity]).buffer)[0]!

/** Words of the lowest number. */
const lowest: Readonly<Record<NumberStorage, number>> = {
  f32: LOWEST,
  i32: 0x8000_0000,
  i16: 0x8000_8000,
  i8: 0x8080_8080,
}

export const isNone = ({ before, after }: Border): boolean => before === 0 && after === 0

/** What `op` wants around a value that it reads. Throws InputError where no kernel can do with any. */
export function borderWanted(op: Windowed, storage: Storage, channels: number): Border {
  if (op.kind === 'pool') return { ...op.padding, word: op.pool === 'max' && storage !== 'bits' ? lowest[storage] : 0 }
  const { padding, padValue } = op.shape
  if (storage !== 'bits') {
    if (padValue !== 0 && padding.before + padding.after > 0)
      throw new InputError(`the arm machine has no kernel for numbers padded with ${padValue}: expected padding with 0`)
    return { ...padding, word: 0 }
  }
  if (padValue !== 1) return { ...padding, word: 0 }
  if (channels % 32 !== 0 && channels > 32)
    throw new InputError(
      `the arm machine has no kernel for ${channels} channels padded with 1: expected a multiple of 32, or fewer`,
    )
  return { ...padding, word: channels % 32 === 0 ? 0xffff_ffff : 2 ** channels - 1 }
}
