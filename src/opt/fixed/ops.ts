// Fixed-point steps that take the place of float ones, with parameters in their units.

import { fixedRange } from '../../work/fixed.ts'
import { InputError } from '../../work/input-error.ts'
import type { FixedBits, Op } from '../../work/network.ts'
import { type Factors, NOTHING, type Scaling, scalingOf } from './factors.ts'

type OpOf<K extends Op['kind']> = Extract<Op, { kind: K }>

/** Numbers in units of a value. Throws InputError, naming them, where they leave `bits` bits. */
function inUnits(values: Float32Array, unit: number, bits: 8 | 16, what: string): Int32Array {
  const { high } = fixedRange(bits)
  return Int32Array.from(values, (value) => {
    const units = Math.round(value / unit)
    if (Math.abs(units) <= high) return units
    throw new InputError(
      `${what} ${value.toFixed(3)} is ${units} in units of ${unit}, beyond ${bits} bits: expected a smaller fraction`,
    )
  })
}

/** `scaling`, then `offset` in units of the result. */
export const affineOp = (
  scaling: Scaling,
  offset: Float32Array,
  unit: number,
  bits: FixedBits,
): OpOf<'fixed-affine'> => ({
  kind: 'fixed-affine',
  ...scaling,
  offset:
    bits === 32
      ? Int32Array.from(offset, (value) => Math.round(value / unit))
      : inUnits(offset, unit, 16, 'an offset of'),
  bits,
})

/** A shift to the right by as much for all channels. */
export const shiftOp = (channels: number, shift: number, bits: FixedBits): OpOf<'fixed-affine'> => ({
  kind: 'fixed-affine',
  shift: new Int32Array(channels).fill(shift),
  offset: new Int32Array(channels),
  bits,
})

/** In the unit of its input. */
export function rpreluOp(
  { shiftX, slope, shiftY }: OpOf<'rprelu'>,
  unit: number,
  bits: 8 | 16,
  slopes: Factors,
): OpOf<'fixed-rprelu'> {
  const none = slope.every((each) => each === 0)
  const scaling: Scaling = none ? { shift: new Int32Array(slope.length).fill(NOTHING) } : scalingOf(slope, slopes)
  const { multiplier, ...shifts } = scaling
  return {
    kind: 'fixed-rprelu',
    ...shifts,
    ...(multiplier && { slope: multiplier }),
    shiftX: inUnits(shiftX, unit, bits, 'a shift of'),
    shiftY: inUnits(shiftY, unit, 16, 'a shift of'),
    bits,
  }
}

/** Factors between units, the same for all channels. Throws InputError where they are to be powers of two and are none. */
export function betweenUnits(from: number, to: number, channels: number, kind: Factors): Float64Array {
  const factor = from / to
  if (kind === 'power' && !Number.isInteger(Math.log2(factor)))
    throw new InputError(
      `values are ${factor.toPrecision(4)} units here, no power of two, as behind averages of windows like 3x3: expected scale: multiplier`,
    )
  return new Float64Array(channels).fill(factor)
}
