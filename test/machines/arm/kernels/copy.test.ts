// Copies, fills and the packing of bytes into bits.

import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems } from './call.ts'
import { Calls } from './rows.ts'

/** Rows, bytes of a row, bytes between rows of the input and of the output. */
const shapes = [
  [1, 4, 0, 0],
  [3, 8, 4, 12],
  [2, 16, 0, 16],
  [4, 28, 20, 4],
  [2, 64, 0, 0],
  [2, 32, 16, 0],
  [1, 128, 0, 4],
  [1, 60, 0, 0],
  [3, 124, 4, 0],
  [2, 340, 12, 28],
] as const

const bytes = ({ random }: Calls, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => Math.floor(random() * 256))

function copies(): Calls {
  const calls = new Calls('copies')
  for (const [rows, length, inGap, outGap] of shapes) {
    const data = bytes(calls, rows * length)
    const from = calls.input(data, rows, inGap)
    const to = calls.output(data, rows, outGap)
    const words = [rows, length, from.data, from.rowBytes, to.data, to.rowBytes]
    calls.call('copy_rows', words, `${rows}x${length}`)
  }
  return calls
}

function fills(): Calls {
  const calls = new Calls('fills')
  for (const [rows, length, , gap] of shapes) {
    const value = Math.floor(calls.random() * 2 ** 32)
    const to = calls.output(new Uint32Array((rows * length) / 4).fill(value), rows, gap)
    const pattern = (0xdead_beefn << 32n) | BigInt(value)
    calls.call('fill_rows', [rows, length, pattern, to.data, to.rowBytes], `${rows}x${length}`)
  }
  return calls
}

function packings(): Calls {
  const calls = new Calls('packings')
  for (const count of [8, 16, 56, 64, 72, 128, 200])
    for (const level of [0, 1, 128, 255]) {
      const data = bytes(calls, count)
      for (const i of data.keys()) if (calls.random() < 0.3) data[i] = level
      const bits = new Uint8Array(count / 8)
      for (const [i, value] of data.entries()) bits[i >> 3]! |= Number(value >= level) << (i & 7)
      const to = calls.output(bits, 1, 0, 1)
      calls.call('pack_u8', [count, calls.input(data).data, level, to.data], `${count} from ${level}`)
    }
  return calls
}

describe.each([
  ['copy_rows', 'copy', copies],
  ['fill_rows', 'copy', fills],
  ['pack_u8', 'pack', packings],
] as const)('%s', (_name, file, callsOf) => {
  it('gives the bytes expected', () => {
    expect(problems(file, callsOf().list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('does the same under qemu', () => {
    expect(differencesFromQemu(file, callsOf().list)).toEqual([])
  })
})
