import { describe, expect, it } from 'vitest'
import { CALL, CONDITIONAL, INDIRECT, RETURN } from '../../../src/units/core/decoded.ts'
import { Predictor } from '../../../src/units/core/predictor.ts'

const HERE = 0x1000
const spec = { entries: 64, history: 0, returns: 3, targets: 16 }

/** Whether each outcome of one branch, t or n, was mispredicted: x where it was. */
function outcomes(text: string, predictor = new Predictor(spec), address = HERE): string {
  return [...text]
    .map((taken) => predictor.resolve(CONDITIONAL, address, taken === 't' ? 0x2000 : address + 4))
    .map((wrong) => (wrong ? 'x' : '.'))
    .join('')
}

describe('prediction of conditional branches', () => {
  it('begins with taken, and changes its mind after two of the other kind', () => {
    expect(outcomes('tttt')).toBe('....')
    expect(outcomes('nnnn')).toBe('x...')
    expect(outcomes('ttnttnt')).toBe('..x..x.')
    expect(outcomes('ttnnnt')).toBe('..xx.x')
  })

  it('keeps branches apart, until the table is too small', () => {
    const predictor = new Predictor(spec)
    outcomes('nnnn', predictor, HERE)
    expect(outcomes('t', predictor, HERE + 4)).toBe('.')
    expect(outcomes('t', predictor, HERE + 4 * 64)).toBe('x')
  })

  it('learns a pattern with history only', () => {
    const pattern = 'tn'.repeat(40)
    expect(outcomes(pattern).slice(-20)).toContain('x')
    expect(outcomes(pattern, new Predictor({ ...spec, history: 4 })).slice(-20)).not.toContain('x')
  })

  it('predicts the end of a loop that is shorter than its history', () => {
    const loop = 'tttttn'.repeat(60)
    expect(outcomes(loop, new Predictor({ ...spec, entries: 1024, history: 8 })).slice(-60)).toBe('.'.repeat(60))
    expect(outcomes(loop).slice(-60)).toBe('.....x'.repeat(10))
  })

  it('says when one more that is taken would change nothing', () => {
    const predictor = new Predictor({ ...spec, history: 4 })
    for (let i = 0; i < 20; i++) {
      if (predictor.saturated(HERE)) break
      outcomes('t', predictor)
    }
    expect(predictor.saturated(HERE)).toBe(true)
    const { mispredictions } = predictor.count
    outcomes('t'.repeat(10), predictor)
    expect(predictor.saturated(HERE)).toBe(true)
    expect(predictor.count.mispredictions).toBe(mispredictions)
    outcomes('n', predictor)
    expect(predictor.saturated(HERE)).toBe(false)
  })
})

describe('prediction of targets', () => {
  it('remembers return addresses, as many as its stack holds', () => {
    const predictor = new Predictor(spec)
    const calls = [0x100, 0x200, 0x300, 0x400]
    for (const from of calls.slice(0, 3)) predictor.resolve(CALL, from, 0x5000)
    const backs = (from: readonly number[]) =>
      [...from].reverse().map((address) => predictor.resolve(RETURN, 0x5000, address + 4))
    expect(backs(calls.slice(0, 3))).toEqual([false, false, false])
    for (const from of calls) predictor.resolve(CALL, from, 0x5000)
    expect(backs(calls)).toEqual([false, false, false, true])
  })

  it('takes an indirect branch to where it went last time', () => {
    const predictor = new Predictor(spec)
    const wrong = [0x100, 0x100, 0x200, 0x100].map((target) => predictor.resolve(INDIRECT, HERE, target))
    expect(wrong).toEqual([true, false, true, true])
  })

  it('counts', () => {
    const predictor = new Predictor(spec)
    outcomes('ttnnt', predictor)
    predictor.resolve(CALL, HERE, 0x5000)
    expect(predictor.count).toEqual({ branches: 6, mispredictions: 3 })
  })
})
