// The fixed-point kernel against its formula in exact integers.

import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems, type Word } from './call.ts'
import { Calls } from './rows.ts'

const FILE = 'fixed'
/** Rows, pixels, channels, shift, bytes behind each row, bytes behind the channels of an output pixel. */
const shapes = [
  [1, 1, 8, 0, 0, 0],
  [2, 3, 16, 8, 16, 0],
  [3, 1, 24, 1, 0, 8],
  [1, 5, 32, 20, 48, 32],
  [2, 2, 40, 31, 16, 0],
  [2, 3, 64, 12, 0, 64],
] as const

const within = ({ random }: Calls, most: number): number => Math.round((random() * 2 - 1) * most)

/** Of magnitudes from `most` down to 2^-15 of it, so that some results are within int8 whatever the shift. */
const any = (calls: Calls, most: number): number => within(calls, most * 2 ** -Math.floor(calls.random() * 16))

function formula(x: number, scale: number, offset: number, shift: number): number {
  const rounded = (BigInt(x) * BigInt(scale) + BigInt(offset) + ((2n ** BigInt(shift)) >> 1n)) >> BigInt(shift)
  return Math.max(-128, Math.min(127, Number(rounded)))
}

function calls(): Calls {
  const calls = new Calls('fixed')
  for (const [rows, pixels, channels, shift, gap, pixelGap] of shapes) {
    const x = Int32Array.from({ length: rows * pixels * channels }, () => any(calls, 2 ** 15 - 1))
    const scale = Int16Array.from({ length: channels }, () => any(calls, 2 ** 15 - 1))
    const offset = Int32Array.from({ length: channels }, () => any(calls, 2 ** 30))
    // A negative half: -3 * 2^shift / 2.
    scale[0] = 1
    offset[0] = 0
    if (shift > 0) x[0] = -(2 ** Math.min(shift - 1, 13)) * 3
    const pixelBytes = channels + pixelGap
    const values = new Int8Array(rows * pixels * pixelBytes)
    x.forEach((value, i) => {
      const c = i % channels
      values[Math.floor(i / channels) * pixelBytes + c] = formula(value, scale[c]!, offset[c]!, shift)
    })
    const from = calls.input(x, rows, gap)
    const to = calls.output(values, rows, gap, pixelBytes, channels)
    const words: Word[] = [rows, pixels, channels / 4, from.data, from.rowBytes, to.data, to.rowBytes]
    words.push(scale, offset, shift, pixelBytes)
    calls.call('affine_fixed_i32', words, `${rows}x${pixels}x${channels} >> ${shift}`)
  }
  return calls
}

describe('affine_fixed_i32', () => {
  it('equals the formula', () => {
    expect(problems(FILE, calls().list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('does the same under qemu', () => {
    expect(differencesFromQemu(FILE, calls().list)).toEqual([])
  })
})
