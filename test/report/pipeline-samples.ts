// Instructions as a core would tell of them, for tests of pipeline traces.

import seedrandom from 'seedrandom'
import type { Instruction } from '../../src/isa/instruction.ts'
import type { InstructionTimes } from '../../src/units/core/observer.ts'

const instruction = (address: number, text: string): Instruction => ({
  address,
  line: 1,
  text,
  op: 'nop',
  operands: [],
  timing: 'nop',
  quad: false,
  transfers: 1,
  sources: [],
  accumulator: null,
  stored: [],
  results: [],
  writeBack: null,
  memory: null,
  branch: null,
})

type Cycles = readonly [fetch: number, dispatch: number, issue: number, complete: number, retire: number]

export function times(
  sequence: number,
  text: string,
  [fetch, dispatch, issue, complete, retire]: Cycles,
  [pipe, busy]: readonly [pipe: number, busy: number],
  producers: readonly number[] = [],
): InstructionTimes {
  const cycles = { fetch, dispatch, issue, complete, retire }
  return { sequence, instruction: instruction(0x400000 + 4 * sequence, text), ...cycles, pipe, busy, producers }
}

/** Three instructions of an out-of-order core: the second waits for the load, the third overtakes it. */
export const three: readonly InstructionTimes[] = [
  times(0, 'ldr q0, [x1]', [10, 12, 13, 18, 18], [0, 1]),
  times(1, 'cnt v0.16b, v0.16b', [10, 12, 18, 21, 21], [1, 1], [0]),
  times(2, 'add x2, x2, #1', [11, 13, 14, 15, 21], [2, 1]),
]

/** Some `count` instructions whose stages are drawn; of an in-order core, dispatch is issue and issue is in order. */
export function drawn(seed: string, count: number, inOrder: boolean): InstructionTimes[] {
  const random = seedrandom(seed)
  const below = (n: number): number => Math.floor(random() * n)
  let [fetch, issued, retired] = [below(1000), 0, 0]
  return Array.from({ length: count }, (_, sequence) => {
    fetch += below(3) === 0 ? below(8) : 0
    const dispatch = fetch + 1 + below(4)
    const issue = inOrder ? Math.max(dispatch, issued) : dispatch + 1 + below(20)
    issued = issue
    const complete = issue + 1 + below(below(10) === 0 ? 200 : 6)
    retired = Math.max(retired, complete)
    const producers = [1, 2, 5].map((back) => sequence - back * (1 + below(4))).filter((producer) => producer >= 0)
    const pipe = below(4) - 1
    const cycles: Cycles = [fetch, inOrder ? issue : dispatch, issue, complete, retired]
    return times(
      sequence,
      `add x${below(30)}, x1, #${sequence}`,
      cycles,
      [pipe, pipe < 0 ? 0 : 1 + below(4)],
      producers,
    )
  })
}
