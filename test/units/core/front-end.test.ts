import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { FrontEnd } from '../../../src/units/core/front-end.ts'
import { reasonAt } from '../../../src/units/core/stalls.ts'

const spec = { width: 2, queue: 4, takenBubble: 2, mispredictPenalty: 9 }

/** Cycles in which `n` instructions are fetched, each of which leaves `after` cycles later. */
const fetches = (front: FrontEnd, n: number, after = 1): number[] =>
  Array.from({ length: n }, () => {
    const cycle = front.fetch()
    front.leave(cycle + after)
    return cycle
  })

describe('a front end', () => {
  it('fetches its width each cycle', () => {
    expect(fetches(new FrontEnd(spec), 6)).toEqual([0, 0, 1, 1, 2, 2])
    expect(fetches(new FrontEnd({ ...spec, width: 3 }), 6)).toEqual([0, 0, 0, 1, 1, 1])
  })

  it('fetches into a place of the queue from the cycle in which it is left', () => {
    expect(fetches(new FrontEnd(spec), 6, 10)).toEqual([0, 0, 1, 1, 10, 10])
    expect(fetches(new FrontEnd(spec), 9, 10).at(-1)).toBe(20)
  })

  it('loses the bubble behind a taken branch, and the rest of its cycle', () => {
    const front = new FrontEnd(spec)
    fetches(front, 1)
    front.taken()
    expect(fetches(front, 3)).toEqual([3, 3, 4])
  })

  it('goes on no earlier than it is told, and says why', () => {
    const front = new FrontEnd(spec)
    fetches(front, 3)
    front.resume(20, reasonAt.mispredict)
    front.resume(10, reasonAt.instructionMiss) // earlier: changes nothing
    expect(fetches(front, 1)).toEqual([20])
    expect(front.reason).toBe(reasonAt.mispredict)
    expect(fetches(front, 2)).toEqual([20, 21])
    expect(front.reason).toBe(reasonAt.frontEnd)
  })

  it('is as before after it was saved and loaded at another cycle, or counted anew', () => {
    const random = seedrandom('front end')
    const [front, copy] = [new FrontEnd(spec), new FrontEnd(spec)]
    const words = new Int32Array(64)
    let now = 0
    let shift = 0 // of the copy's cycles against those of the original
    for (let i = 0; i < 2000; i++) {
      if (random() < 0.1) {
        front.save(words, 0, now)
        const at = now + Math.floor(random() * 1000)
        copy.load(words, 0, at)
        shift = at - now
      }
      if (random() < 0.1) {
        copy.rebase(5)
        shift -= 5
      }
      const cycle = front.fetch()
      if (shift !== 0 || i > 100) expect(Math.max(now, copy.fetch() - shift)).toBe(Math.max(now, cycle))
      else copy.fetch()
      now = Math.max(now, cycle) + Math.floor(random() * 3)
      front.leave(now)
      copy.leave(now + shift)
      if (random() < 0.2) {
        front.taken()
        copy.taken()
      }
      if (random() < 0.05) {
        front.resume(now + 9, reasonAt.mispredict)
        copy.resume(now + 9 + shift, reasonAt.mispredict)
      }
    }
    expect(now).toBeGreaterThan(1000)
  })
})
