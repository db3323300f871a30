import { describe, expect, it } from 'vitest'
import { matrixVectorLag, popcountStages } from '../../src/units/matrix-vector.ts'
import { blocks } from '../../src/units/test-pattern.ts'
import { type MatrixShape, matrixVector } from './cases.ts'
import { BareRig, count, pausing, randomWords } from './rig.ts'

const rig = (shape: MatrixShape, frames: number, options = {}) => {
  const each = matrixVector(shape)
  return new BareRig(each, randomWords('vectors', each.wordsIn * frames, each.inWidth), options)
}

/** Synapse fold 6, neuron fold 3. */
const folded = { rows: 12, columns: 36, pe: 4, simd: 6 }
const [SF, NF] = [6, 3]

describe('matrix-vector unit', () => {
  it.each([1, 2, 5, 9])('gives a result %d cycles after the last word of its fold, not one before', (lag) => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, vectors: 1, lag }
    expect(rig(unfolded, 1).run(lag - 1)).toEqual({ taken: [0], left: [] })
    expect(rig(unfolded, 1).run(lag)).toEqual({ taken: [0], left: [lag] })
    expect(rig({ ...folded, vectors: 1, lag }, 1).run(SF - 1 + lag - 1).left).toEqual([])
    expect(rig({ ...folded, vectors: 1, lag }, 1).run(SF - 1 + lag).left).toEqual([SF - 1 + lag])
  })

  it('takes neuron fold times synapse fold cycles for a vector', () => {
    const lag = 4
    const { left } = rig({ ...folded, vectors: 5, lag }, 2).run()
    expect(left).toEqual(count(10 * NF, (i) => (i + 1) * SF - 1 + lag))
  })

  it('has one vector buffer: takes words in the first fold only', () => {
    const { taken } = rig({ ...folded, vectors: 4 }, 1).run()
    expect(taken).toEqual(count(4 * SF, (i) => Math.floor(i / SF) * NF * SF + (i % SF)))
  })

  it('lets its results run out when flushing', () => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, lag: 3 }
    const { left } = rig({ ...unfolded, vectors: 1 }, 2, { offered: pausing(1, 100) }).run()
    expect(left).toEqual([3, 103])
  })

  it('keeps its last results until more input comes when not', () => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, lag: 3, flushing: false, vectors: 1 }
    const starved = rig(unfolded, 1, { expects: 2 })
    expect(starved.run()).toEqual({ taken: [0], left: [] })
    expect(rig(unfolded, 2, { offered: pausing(1, 100) }).run().left).toEqual([102, 103])
    // The last frame's results leave: the loop has run to its end.
    expect(rig(unfolded, 1).run().left).toEqual([3])
  })

  it('keeps them even when words of the next vector trickle in: each moves the pipeline by one step', () => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, lag: 3, flushing: false, vectors: 4 }
    const each = matrixVector(unfolded)
    const trickle = new BareRig(each, randomWords('t', 4, 8), { offered: (cycle) => Math.ceil(cycle / 10) * 10 })
    expect(trickle.run()).toEqual({ taken: [0, 10, 20, 30], left: [30, 31, 32, 33] })
  })

  it('freezes as a whole while a result waits', () => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, lag: 3, vectors: 8 }
    const { taken, left } = rig(unfolded, 1, { accepted: (cycle: number) => Math.max(cycle, 50) }).run()
    expect(taken).toEqual([0, 1, 2, ...count(5, (i) => 50 + i)])
    expect(left).toEqual(count(8, (i) => 50 + i))
  })

  it('puts a result out every P cycles times ceil(fold / P) where outputs are accepted once in P', () => {
    for (const P of [2, 4, 5, 8]) {
      const { left } = rig({ ...folded, vectors: 40 }, 1, { accepted: (c: number) => Math.ceil(c / P) * P }).run()
      expect((left.at(-1)! - left[NF]!) / (left.length - 1 - NF)).toBe(P * Math.ceil(SF / P))
    }
  })

  it('counts steps, multiply-accumulates and comparisons', () => {
    const each = rig({ ...folded, vectors: 5 }, 2, { accepted: blocks(7) })
    each.run()
    const vectors = 10
    const macs = vectors * 12 * 36
    const steps = vectors * NF * SF
    expect(each.unit.count).toEqual({ vectors, steps, binaryMacs: macs, integerMacs: 0, compares: vectors * 12 })
    const scores = rig({ ...folded, elementBits: 8, scoreBits: 16, vectors: 5 }, 2)
    scores.run()
    expect(scores.unit.count).toEqual({ vectors, steps, binaryMacs: 0, integerMacs: macs, compares: 0 })
  })

  it('spends its cycles by reason: fill, busy, input, output, idle', () => {
    const unfolded = { rows: 4, columns: 8, pe: 4, simd: 8, lag: 1, vectors: 3 }
    const offered = (cycle: number) => [5, 8].find((at) => at >= cycle) ?? cycle
    const accepted = (cycle: number) => (cycle < 9 ? cycle : Math.max(cycle, 30))
    const each = rig(unfolded, 1, { offered, accepted })
    expect(each.run()).toEqual({ taken: [5, 8, 30], left: [6, 30, 31] })
    each.unit.settle(40)
    expect(each.unit.cycles).toEqual({ fill: 5, busy: 3, input: 2, output: 21, idle: 9 })
  })
})

describe('lag of the RTL unit', () => {
  // A level-0 group folds 3 synapses; a register follows every second level of the adder tree and its end.
  it.each([
    [1, 1],
    [3, 1],
    [4, 1],
    [12, 1],
    [13, 2],
    [48, 2],
    [49, 3],
    [192, 3],
    [193, 4],
  ])('SIMD %d has %d registers in its popcount', (simd, stages) => {
    expect(popcountStages(simd)).toBe(stages)
    expect(matrixVectorLag(simd)).toBe(stages + 3)
  })
})
