// The fast path against the pipeline itself, on random traces: any block after any other, addresses that meet.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Program } from '../../../src/isa/instruction.ts'
import { Core } from '../../../src/units/core/core.ts'
import type { CoreSpec } from '../../../src/units/core/spec.ts'
import { coreSpec as inOrder, wiresOf } from './in-order-rig.ts'
import { coreSpec as outOfOrder } from './out-of-order-rig.ts'

const DATA = 0x20_0000

const program = assemble(
  `
        mul x0, x1, x2
        b.ne 2f
        ldr x3, [x9]
        add x3, x3, #1
        str x3, [x10], #8
        cbz x3, 2f
        ldr q0, [x11]
        str q0, [x12]
        ldr q1, [x12]
        add v0.16b, v0.16b, v1.16b
2:      bl 3f
        prfm pldl1keep, [x13]
        strb w4, [x14]
        ldrh w5, [x14]
        br x30
3:      ld1 {v4.16b, v5.16b, v6.16b, v7.16b}, [x15]
        madd x6, x7, x8, x6
        ret
`,
  'blocks.s',
)

interface Trace {
  readonly words: Int32Array
  readonly next: number
}

/** `length` blocks; with `locality`, how likely one is run again, or an address is one of few. */
function randomTrace(random: PRNG, { blocks, instructions }: Program, length: number, locality: number): Trace {
  const below = (n: number): number => Math.floor(random() * n)
  const few = Array.from({ length: 4 }, () => DATA + below(512))
  const address = (): number =>
    random() < locality ? few[below(4)]! : DATA + below(random() < 0.5 ? 1024 : 1 << 14) * (random() < 0.5 ? 1 : 16)
  const words: number[] = []
  let block = 0
  for (let i = 0; i < length; i++) {
    const { first, count } = blocks[block]!
    const accesses = instructions.slice(first, first + count).filter(({ memory }) => memory !== null)
    words.push(block, ...accesses.map(address))
    // A block without a branch at its end is followed by the next one.
    const falls = instructions[first + count - 1]!.branch === null
    if (falls) block++
    else if (random() > locality) block = below(blocks.length)
  }
  return { words: Int32Array.from(words), next: -1 }
}

/** Everything that is told of a run; the trace is timed up to each of `stops` at a time. */
function timed(spec: CoreSpec, { words, next }: Trace, fast: boolean, stops: readonly number[] = []) {
  const { history: _, ...wires } = wiresOf(true)
  const core = new Core(spec, wires, { fast })
  const stream = { instructions: program.instructions, blocks: program.blocks, trace: words, next }
  let from = 0
  const passed = [...stops, words.length].map((stop) => {
    core.time(stream, words.length, from, stop)
    from = stop
    return core.cycles
  })
  core.finish()
  wires.kernel.runUntil(core.cycles) // fills that nobody waited for
  const told = {
    passed,
    cycles: core.cycles,
    stalls: core.stalls(),
    executed: core.executedCounts(),
    predictor: core.predictor.count,
    l1d: wires.l1d.count,
    l1i: wires.l1i.count,
  }
  return { told, replayed: core.replayed }
}

/** Words at which records begin, some of them. */
function someStops(random: PRNG, { words }: Trace): number[] {
  const starts: number[] = []
  for (let at = 0; at < words.length; ) {
    if (random() < 0.02) starts.push(at)
    const { first, count } = program.blocks[words[at]!]!
    at += 1 + program.instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length
  }
  return starts
}

const specs: Readonly<Record<string, CoreSpec>> = {
  'in-order': inOrder(),
  'in-order, as llvm-mca has it': inOrder({ orderedWriteBack: true, storeBuffer: 1 }),
  'in-order with history': inOrder({ predictor: { entries: 64, history: 4, returns: 2, targets: 4 } }),
  'out-of-order': outOfOrder(),
}

describe.each(Object.entries(specs))('fast path of a core that is %s', (name, spec) => {
  it('is exact', () => {
    let replayed = 0
    for (let seed = 0; seed < 60; seed++) {
      const random = seedrandom(`${name} ${seed}`)
      const trace = randomTrace(random, program, 400, [0.2, 0.8, 0.95][seed % 3]!)
      const stops = someStops(random, trace)
      const plain = timed(spec, trace, false, stops)
      const fast = timed(spec, trace, true, stops)
      expect(fast.told, `seed ${seed}`).toEqual(plain.told)
      expect(plain.replayed).toBe(0)
      expect(Object.values(plain.told.stalls).reduce((sum, count) => sum + count)).toBe(plain.told.cycles)
      replayed += fast.replayed
    }
    expect(replayed).toBeGreaterThan(60)
  })

  it('replays a loop whose addresses go on', () => {
    const loop = program.blocks.findIndex(({ first }) => program.instructions[first]!.text.startsWith('ldr x3'))
    const words = Array.from({ length: 4000 }, (_, i) => [loop, DATA + 8 * (i % 64), DATA + 1024 + 8 * (i % 64)])
    const trace = { words: Int32Array.from(words.flat()), next: -1 }
    const [plain, fast] = [timed(spec, trace, false), timed(spec, trace, true)]
    expect(fast.told).toEqual(plain.told)
    expect(fast.replayed).toBeGreaterThan(3000)
  })
})
