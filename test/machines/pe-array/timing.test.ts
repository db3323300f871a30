// Closed forms of tiny layers, and which machine is never slower than which.

import { describe, expect, it } from 'vitest'
import type { MachineRun } from '../../../src/machines/machine.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import type { PassChoice } from '../../../src/opt/index.ts'
import { onesRow } from '../../../src/work/bits.ts'
import type { BinaryWeights, Network } from '../../../src/work/network.ts'
import { type BitTensor, bitTensor, intTensor, type Shape } from '../../../src/work/tensor.ts'
import { macShape, RandomNetwork, randomBinary } from '../../work/random-network.ts'
import { baseSpec, layerOf, pass, randomNetwork, randomSpec, runChecked } from './small-array.ts'

/** From the issue of a step to its decision where a PE takes 16 bits: two registers of popcount, and four more. */
const E = 2 + 4

const ones = (rows: number, taps: number, channels: number): BinaryWeights => ({
  kind: 'binary',
  rows,
  taps,
  channels,
  words: Uint32Array.from(
    { length: rows * taps * onesRow(channels).length },
    (_, i) => onesRow(channels)[i % onesRow(channels).length]!,
  ),
})

const allOnes = (shape: Shape): BitTensor => {
  const row = onesRow(shape.channels)
  const tensor = bitTensor(shape)
  return { ...tensor, words: tensor.words.map((_, i) => row[i % row.length]!) }
}

interface Layer {
  readonly input: Shape
  readonly kernels: number
  readonly kernel?: number
  readonly level?: number
  readonly int8?: boolean
  readonly weights?: BinaryWeights
}

/** One layer that ends with sums, or with the bits of one level. */
function oneLayer({ input, kernels, kernel = 1, level, int8 = false, weights }: Layer): Network {
  const net = new RandomNetwork('one', input, int8 ? { kind: 'int8' } : { kind: 'thermometer', levels: 1 })
  const shape = macShape(input, { channels: kernels, kernel })
  const own = weights ?? randomBinary(net.random, kernels, kernel ** 2, input.channels)
  const sums = net.node({ kind: 'mac', shape, weights: own, sum: int8 ? 'dot' : 'matches' }, ['input'], shape.output)
  if (level === undefined) return net.build(sums)
  const levels = new Int32Array(kernels).fill(level)
  return net.build(net.node({ kind: 'threshold', level: levels, inclusive: false }, [sums], shape.output))
}

function cyclesOf(layer: Layer, spec: PeArraySpec, chosen: readonly PassChoice[] = []): number {
  const input = layer.int8 ? intTensor(layer.input) : allOnes(layer.input)
  const { run } = runChecked(oneLayer(layer), spec, chosen, { images: 1, inputs: [input] })
  return layerOf(run, 'mac0').cycles
}

/** 4 rows, 3 columns, 16 bits; words of all bits of a pixel, each column's in a bank of its own. */
const spec: PeArraySpec = { ...baseSpec, activations: { width: 512, banks: 16 } }

describe('a dense layer in lock step', () => {
  const input = { channels: 40, height: 2, width: 5 }
  // Windows of 3 words, as many as steps: one a cycle fills the buffer of a group.
  const [groups, steps, read, write] = [4, 3, 3, 1]

  it('takes steps of folds of groups, and what it takes to fill and to run out', () => {
    for (const [kernels, folds] of [
      [4, 1],
      [5, 2],
      [12, 3],
    ] as const)
      expect(cyclesOf({ input, kernels, level: 20 }, spec)).toBe(
        read + spec.depths.read + groups * folds * steps + E - 1 + write,
      )
  })

  it('waits with sums where two groups of them have not left', () => {
    // One fold: the first is written E after its last step, the third would begin right behind the second.
    const waited = E - steps
    expect(cyclesOf({ input, kernels: 4 }, spec)).toBe(
      read + spec.depths.read + groups * steps + waited + E - 1 + write,
    )
  })

  it('of int8 takes eight planes', () => {
    const cycles = cyclesOf({ input, kernels: 7, int8: true }, spec)
    expect(cycles).toBe(8 * read + spec.depths.read + groups * 2 * steps * 8 + E - 1 + write)
  })

  it('waits for the memory of activations where its fullest bank takes longer', () => {
    // In one bank, a pixel of 40 bits takes 5 words of 8, and 4 sums of 16 take 8: 15 and 24 for a group of 3 pixels, 5 and
    // 8 for the last of one. Results come 15 cycles apart, are written 24 each, and that of the last group after all others.
    const narrow = { ...spec, activations: { width: 8, banks: 1 } }
    const first = 15 + spec.depths.read + steps - 1 + E
    expect(cyclesOf({ input, kernels: 4 }, narrow)).toBe(first + 3 * 24 + 8)
    // A pixel of 320 bits takes 5 words of each of 8 banks; PEs of 160 bits count it in 2 steps and decide 7 cycles later.
    const wide = { ...spec, array: { ...spec.array, bits: 160 }, skip: 160, activations: { width: 8, banks: 8 } }
    const cycles = cyclesOf({ input: { ...input, channels: 320 }, kernels: 1 }, wide)
    expect(cycles).toBe(spec.depths.read + 3 * 15 + 5 + 2 - 1 + 7 + write)
  })

  it('is as fast row by row', () => {
    for (const kernels of [4, 7, 12])
      expect(cyclesOf({ input, kernels }, { ...spec, rows: 'independent' })).toBe(cyclesOf({ input, kernels }, spec))
  })
})

describe('early decisions', () => {
  // Ones match ones: after step s the sum is 16 (s + 1).
  const [channels, steps] = [320, 20]
  const input = { channels, height: 1, width: 3 }
  const layer = (level: number): Layer => ({ input, kernels: 8, level, weights: ones(8, 1, channels) })
  const cut = pass('prune-inclusion')

  it('leave PEs idle until the slowest is decided, and where there is neither kernel nor pixel', () => {
    // One group of 3 pixels, two folds of 4 rows; of 6 kernels, the second fold has 2. Level 100 is decided by step 6, and a
    // fold goes on until that is known.
    const idle = (kernels: number, chosen: readonly PassChoice[]) => {
      const { run } = runChecked(
        oneLayer({ ...layer(100), kernels, weights: ones(kernels, 1, channels) }),
        spec,
        chosen,
        {
          images: 1,
          inputs: [allOnes(input)],
        },
      )
      return layerOf(run, 'mac0').operations.idleSteps
    }
    expect(idle(8, [])).toBe(0)
    expect(idle(6, [])).toBe(2 * 3 * steps)
    expect(idle(8, [cut])).toBe(8 * 3 * (E - 1))
  })

  it.each([
    [0, 0],
    [15, 0],
    [16, 1],
    [100, 6],
    [16 * 14 - 1, 13],
    [16 * 14, 14],
    [16 * 15, 15],
    [319, 19],
    [320, 0],
    [400, 0],
    [-1, 0],
  ])('at level %d come after step %d and cut a fold once they are known', (level, decided) => {
    const fold = Math.min(steps, decided + E)
    expect(cyclesOf(layer(level), spec, [cut])).toBe(steps + spec.depths.read + fold + decided + E + 1)
    const plain = steps + spec.depths.read + 2 * steps + E - 1 + 1
    expect(cyclesOf(layer(level), spec)).toBe(plain)
  })

  it('of sums whose complement never matches come as soon', () => {
    const none: BinaryWeights = { ...ones(8, 1, channels), words: new Uint32Array(80) }
    // After step s at most 320 - 16 (s + 1) can match: 100 and fewer from step 13 on.
    const cycles = cyclesOf({ ...layer(100), weights: none }, spec, [cut])
    expect(cycles).toBe(steps + spec.depths.read + (13 + E) + 13 + E + 1)
  })

  it('spare the other pixels of a pool, but the first', () => {
    const net = new RandomNetwork('pool', { channels, height: 2, width: 6 }, { kind: 'thermometer', levels: 1 })
    const shape = macShape({ channels, height: 2, width: 6 }, { channels: 4 })
    const sums = net.node(
      { kind: 'mac', shape, weights: ones(4, 1, channels), sum: 'matches' },
      ['input'],
      shape.output,
    )
    const level = new Int32Array(4).fill(319)
    const bits = net.node({ kind: 'threshold', level, inclusive: false }, [sums], shape.output)
    const options = { images: 1, inputs: [allOnes(shape.input)] }
    const { run } = runChecked(
      net.build(net.pool(bits, 'max', 2)),
      spec,
      [pass('prune-inclusion', { decision: false })],
      options,
    )
    // One group of 3 windows, four turns: all steps, then as many as show the bit of the pool, sooner than windows come.
    expect(layerOf(run, 'mac0').cycles).toBe(spec.depths.read + 4 * steps + E + 1)
    expect(layerOf(run, 'mac0').operations).toMatchObject({ decided: 3 * 12, neededMacs: 12 * channels })
  })
})

describe('shared slices', () => {
  const input = { channels: 4, height: 2, width: 4 } // 3 windows: one group
  const distinct: BinaryWeights = { kind: 'binary', rows: 12, taps: 4, channels: 4, words: new Uint32Array(48) }
  // At every channel six slices: kernel k has those of k % 6, which are no complements of each other.
  for (let kernel = 0; kernel < 12; kernel++)
    for (let tap = 0; tap < 4; tap++) distinct.words[kernel * 4 + tap] = ((kernel % 6) >> tap) & 1 ? 15 : 0
  const layer: Layer = { input, kernels: 12, kernel: 2, weights: distinct }
  const share = [pass('share-results')]

  // Lanes: bits of a PE by 4 taps. Blocks: 4 channels by lanes. 12 kernels take 3 folds of 4 rows.
  it.each([
    [16, 1, 4, 1],
    [16, 6, 4, 1],
    [8, 1, 2, 2],
    [8, 2, 2, 2],
    [8, 6, 2, 2],
    [4, 1, 1, 4],
    [4, 3, 1, 4],
  ])('of PEs of %d bits and %d convolvers overlap convolution and addition', (bits, convolvers, lanes, blocks) => {
    const each = Math.ceil(6 / convolvers)
    const folds = 3
    const own = { ...spec, array: { ...spec.array, bits }, skip: 1, convolvers }
    expect(lanes * blocks).toBe(4)
    const overlapped = each + 1 + (blocks - 1) * Math.max(each, folds) + folds
    expect(cyclesOf(layer, own, share)).toBe(blocks + spec.depths.read + overlapped - 1 + 4 + 1)
  })
})

describe('an image', () => {
  it('takes its picture, its layers and its result one after another', () => {
    const input = { channels: 40, height: 2, width: 5 }
    const network = oneLayer({ input, kernels: 5 })
    const { run } = runChecked(network, spec, [], { images: 1, inputs: [allOnes(input)] })
    // 32 bits at 1,066 MT/s are 170.56 bits in a cycle at 200 MHz, half of them each way.
    const [picture, scores] = [Math.ceil(400 / 85.28) + 60, Math.ceil((5 * 10 * 16) / 85.28) + 60]
    expect(run.layers.map(({ cycles }) => cycles)).toEqual([
      picture,
      3 + spec.depths.read + 4 * 2 * 3 + E - 1 + 1,
      scores,
    ])
    expect(run.totalCycles).toBe(run.layers.reduce((total, { cycles }) => total + cycles, 0))
    expect(run.latencyCycles).toBe(run.totalCycles)
  })
})

describe('never slower', () => {
  const seeds = Array.from({ length: 10 }, (_, i) => `compared ${i}`)
  const cycles = (run: MachineRun): number => run.totalCycles
  const compare = (faster: (seed: string) => MachineRun, slower: (seed: string) => MachineRun): void => {
    const pairs = seeds.map((seed) => [cycles(faster(seed)), cycles(slower(seed))] as const)
    for (const [fast, slow] of pairs) expect(fast).toBeLessThanOrEqual(slow)
    expect(pairs.some(([fast, slow]) => fast < slow)).toBe(true)
  }
  const run = (seed: string, chosen: readonly PassChoice[], change: Partial<PeArraySpec> = {}): MachineRun =>
    runChecked(randomNetwork(seed, { first: 'bits', thresholds: 'int' }), { ...randomSpec(seed), ...change }, chosen)
      .run
  const reuse = pass('reuse-kernels', { trees: 8 })
  const prune = pass('prune-inclusion')
  const few = { array: { channels: 2, pixels: 1, bits: 8 }, skip: 1, weights: 'on-chip' } as const

  // Every start is the latest of some ends, and a row of its own takes no more steps than all rows together. With weights on
  // the chip: otherwise tables of other sizes come over the port.
  it.each([[[prune]], [[reuse]], [[reuse, prune]]])('rows of their own than rows in lock step: %j', (chosen) => {
    compare(
      (seed) => run(seed, chosen, { ...few, rows: 'independent' }),
      (seed) => run(seed, chosen, { ...few, rows: 'lock-step' }),
    )
  })

  it.each([[[]], [[reuse]]])('sums that stop early than those that go on: %j', (before: readonly PassChoice[]) => {
    compare(
      (seed) => run(seed, [...before, prune], few),
      (seed) => run(seed, before, few),
    )
  })

  it('weights on the chip than weights behind the memory port', () => {
    compare(
      (seed) => run(seed, [], { weights: 'on-chip' }),
      (seed) => run(seed, [], { weights: 'streamed' }),
    )
  })
})
