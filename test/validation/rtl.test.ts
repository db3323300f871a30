// One layer against our RTL simulated by Verilator: every row of the reference, exactly.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { simulateLayer } from '../../src/machines/streaming/layer.ts'
import { always, blocks, every, type Pattern } from '../../src/units/test-pattern.ts'

const file = fileURLToPath(new URL('../../../shared/reference/rtl/golden.csv', import.meta.url))
const absent = !existsSync(file)
if (absent) console.warn('skipped: no ../shared/reference/rtl/golden.csv')

const rows = absent ? [] : readFileSync(file, 'utf8').trim().split('\n').slice(1)

/** When input is offered and output accepted, by the reference's name. */
function patternsOf(name: string): { readonly offered: Pattern; readonly accepted: Pattern } {
  const [side, length] = name.split(':')
  const offered = side === 'inB' ? blocks(Number(length)) : always
  const accepted = side === 'outI' ? every(Number(length)) : side === 'outB' ? blocks(Number(length)) : always
  return { offered, accepted }
}

describe.skipIf(absent)('a layer of the RTL style', () => {
  it('is compared with 28 runs of the reference', () => expect(rows.length).toBe(28))

  it.each(rows)('%s', (row) => {
    const [, ...fields] = row.split(',')
    const [kernel, input, channels, out, stride, pe, simd] = fields.slice(0, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const shape = { kernel, input, in: channels, out, stride, pe, simd }
    const patterns = patternsOf(fields[7]!)
    const ours = simulateLayer({ ...shape, ...patterns, style: 'rtl', frames: 3, seed: row })
    const figures = [ours.firstOutputCycle, ours.firstFrameCycles, ours.intervalMean, ours.intervalLast]
    expect(figures).toEqual(fields.slice(8).map(Number))
  })
})
