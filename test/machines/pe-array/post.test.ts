// Post-processing lanes behind an array: values, what is read and written, time, and what they compute.

import { describe, expect, it } from 'vitest'
import type { LayerRun, MachineRun } from '../../../src/machines/machine.ts'
import { programOf } from '../../../src/machines/pe-array/program.ts'
import type { PeArraySpec } from '../../../src/machines/pe-array/spec.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { orders } from '../../units/rig.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { type Arithmetic, blocks, doubling, laneSpec, Residual, runNetwork, runWork, saturated } from './residual.ts'
import { layerOf, randomSpec, sum } from './small-array.ts'

const arithmetics: readonly Arithmetic[] = ['real', 'fixed8', 'shift16']
const IMAGES = 3

/** Bits of an image over the port. */
const traffic = ({ memory }: LayerRun) => ({
  read: (memory.dram!.bytesRead * 8) / IMAGES,
  written: (memory.dram!.bytesWritten * 8) / IMAGES,
})

/** Every cycle is busy or has a reason and belongs to a layer, and accesses are whole. */
function expectAccounts({ layers, totalCycles }: MachineRun): void {
  for (const { cycles, busy, stalls, memory } of layers) {
    expect(busy + sum(Object.values(stalls))).toBeCloseTo(cycles, 6)
    for (const { reads, writes, bytesRead, bytesWritten } of Object.values(memory)) {
      expect([reads, writes].every(Number.isInteger)).toBe(true)
      expect([bytesRead > 0, bytesWritten > 0]).toEqual([reads > 0, writes > 0])
    }
  }
  expect(sum(layers.map(({ cycles }) => cycles))).toBe(totalCycles)
}

/** Machines of odd shapes with few lanes and many. */
const specs = (seed: string): PeArraySpec[] =>
  [1, 3, 16, 200].map((lanes, i) => ({ ...randomSpec(`${seed} ${i}`), post: { lanes } }))

/** What leaves the layers: values that others read, and bits. */
const ofBlocks = ['rprelu', 'threshold', 'rprelu', 'threshold', 'threshold', 'affine']
const ofDoubling = ['rprelu', 'threshold', 'add', 'rprelu', 'threshold', 'add']

type Case = readonly [text: string, make: (seed: string) => Workload, leaving: readonly string[]]
const cases: readonly Case[] = arithmetics.flatMap((arithmetic): Case[] => [
  [`blocks of ${arithmetic}`, (seed) => workload(blocks(seed, arithmetic)), ofBlocks],
  [`joined layers of ${arithmetic}`, (seed) => workload(doubling(seed, arithmetic)), ofDoubling],
  // Sums of 180 terms, most of them beyond 7.
  [`saturating sums and ${arithmetic}`, (seed) => saturated(workload(blocks(seed, arithmetic)), 4), ofBlocks],
])

describe.each(cases)('%s', (text, make, leaving) => {
  it('are the values of evaluation, with nothing left to a host', () => {
    for (let i = 0; i < 3; i++)
      for (const spec of specs(`${text} ${i}`)) {
        const work = make(`${text} ${i}`)
        const { run, seen } = runWork(work, spec)
        expect(seen.map((name) => name.replace(/^fixed-|\d+$/g, ''))).toEqual(leaving)
        expect(run.outside).toBeUndefined()
        expectAccounts(run)
      }
  })

  it('show no order of events within a cycle', () => {
    const work = make(text)
    const streamed = laneSpec(5, { weights: 'streamed', rows: 'independent' })
    for (const spec of [laneSpec(3), streamed]) {
      const [forward, ...others] = orders.map((order) => runWork(work, spec, { order }).run)
      for (const other of others) expect(other).toEqual(forward)
    }
  })
})

describe('what the lanes cannot do', () => {
  const net = () => new Residual('left', 'real')

  it('is left to a host, before the layer whose lanes read it', () => {
    const grown = net()
    const value = grown.activation(grown.scale(grown.conv('input', 8)))
    const sums = grown.conv(grown.sign(value), 8)
    const pooled = grown.node(
      { kind: 'pool', pool: 'average', window: 3, stride: 1, padding: { before: 1, after: 1 } },
      [value],
      grown.shape(value),
    )
    const network = grown.build(grown.sum(grown.scale(sums), pooled))
    const spec = laneSpec(4, { others: 'host' })
    const names = programOf(workload(network), spec).map((step) => (step.kind === 'host' ? step.node.name : 'layer'))
    expect(names).toEqual(['layer', pooled, 'layer'])
    expect(runNetwork(network, spec).seen).toContain(value)
    expect(() => runNetwork(network, laneSpec(4))).toThrow(/'pool' here; set machine.others to 'host'/)
  })

  it('is a second threshold behind a layer', () => {
    const grown = net()
    const value = grown.activation(grown.scale(grown.conv('input', 8)))
    const [first, second] = [grown.sign(value), grown.sign(value)]
    const network = grown.build(grown.sum(grown.conv(first, 4), grown.conv(second, 4)))
    const { run, seen } = runNetwork(network, laneSpec(4, { others: 'host' }))
    expect(seen).toContain(value)
    expect(seen).toContain(first)
    expect(seen).not.toContain(second)
    // What the host made comes over the port: a bit for each element, beside sums of 16 bits of the other layer.
    const [, ofFirst, ofSecond] = run.layers.slice(1).map((layer) => traffic(layer).read / (4 * 5))
    expect([ofFirst, ofSecond]).toEqual([0, 8 + 4 * 16])
    expect(() => runNetwork(network, laneSpec(4))).toThrow(/'threshold' here/)
  })

  it('is what depends on the layer by way of a host', () => {
    const grown = net()
    const value = grown.scale(grown.conv('input', 8))
    const pooled = grown.node(
      { kind: 'pool', pool: 'max', window: 1, stride: 1, padding: { before: 0, after: 0 } },
      [value],
      grown.shape(value),
    )
    const network = grown.build(grown.sum(value, pooled))
    const steps = programOf(workload(network), laneSpec(4, { others: 'host' }))
    expect(steps.map((step) => (step.kind === 'host' ? step.node.name : step.post!.steps.length))).toEqual([
      1,
      pooled,
      network.decision.scores,
    ])
    runNetwork(network, laneSpec(4, { others: 'host' }))
  })

  it('is a join of a layer with itself, or of bits', () => {
    const grown = net()
    const value = grown.scale(grown.conv('input', 8))
    const [first, second] = [grown.concat(value, value), grown.scale(grown.conv('input', 8))].map((x) => grown.sign(x))
    const scores = grown.conv(grown.concat(first!, second!), 4)
    const { seen } = runNetwork(grown.build(scores), laneSpec(4, { others: 'host' }))
    expect(seen).toEqual([value, second, scores])
  })

  it('are sums that saturate where there are none', () => {
    const work = saturated(workload(blocks('none', 'fixed8')))
    const { post: _, ...spec } = laneSpec(1)
    expect(() => runWork(work, spec)).toThrow(/layer mac0: accumulator: .*saturating sums; .*set machine.post.lanes/)
  })
})

describe('the external memory', () => {
  it.each([
    ['real', 32],
    ['fixed8', 8],
    ['shift16', 16],
  ] as const)('gives shortcuts and takes values that are read, of %s %d bits an element', (arithmetic, bits) => {
    const network = blocks('moved', arithmetic)
    const { run } = runNetwork(network, laneSpec(4))
    const [first, second, third, last] = run.layers.slice(1)
    const tensor = 12 * 4 * 5 * bits
    expect(traffic(first!)).toEqual({ read: 0, written: tensor })
    expect(traffic(second!)).toEqual({ read: tensor, written: tensor })
    // Nobody but the sign reads what the third layer yields.
    expect(traffic(third!)).toEqual({ read: tensor, written: 0 })
    expect(traffic(last!)).toEqual({ read: 0, written: 5 * 1 * 2 * bits })
  })

  it('gives what is joined, and takes it of the first of two layers', () => {
    const { run } = runNetwork(doubling('moved', 'shift16'), laneSpec(4))
    const [, a, b, next] = run.layers.slice(1)
    const tensor = 9 * 4 * 5 * 16
    expect(traffic(a!)).toEqual({ read: tensor, written: tensor })
    expect(traffic(b!)).toEqual({ read: 2 * tensor, written: 2 * tensor })
    expect(traffic(next!)).toEqual({ read: 2 * tensor, written: 2 * tensor })
  })

  it('takes sums of 16 bits where others read them, and clamped ones of 8', () => {
    const net = new Residual('sums', 'real')
    const sums = net.conv('input', 8)
    const value = net.scale(sums)
    const other = net.conv(net.sign(value), 8)
    const network = net.build(net.sum(other, sums))
    const bits = (work: Workload) => runWork(work, laneSpec(4)).run.layers.slice(1).map(traffic)
    const elements = 8 * 4 * 5
    expect(bits(workload(network))).toEqual([
      { read: 0, written: 16 * elements },
      { read: 16 * elements, written: 32 * elements },
    ])
    expect(bits(saturated(workload(network)))).toEqual([
      { read: 0, written: 8 * elements },
      { read: 8 * elements, written: 32 * elements },
    ])
  })
})

describe('results', () => {
  it('of 8 bits are read as integers by a layer that has no sign before it', () => {
    const net = new Residual('integers', 'fixed8')
    const value = net.activation(net.scale(net.conv('input', 8)))
    const { run } = runNetwork(net.build(net.scale(net.conv(value, 6))), laneSpec(4))
    const [first, second] = run.layers.slice(1)
    expect(traffic(first!)).toEqual({ read: 0, written: 8 * 8 * 20 })
    expect(traffic(second!)).toEqual({ read: 8 * 8 * 20, written: 8 * 6 * 20 })
    expect(second!.operations.integerMacs).toBeGreaterThan(0)
  })

  it('that are scores are in the external memory already; bits that decide leave at the end', () => {
    const net = () => new Residual('scores', 'fixed8')
    const sums = net()
    const values = runWork(saturated(workload(sums.build(sums.conv('input', 5, 1))), 4), laneSpec(4)).run
    expect(values.layers.map(({ name }) => name)).toEqual(['input', 'mac0'])
    expect(traffic(values.layers[1]!)).toEqual({ read: 0, written: 4 * 5 * 20 })
    const deciding = net()
    const scores = deciding.scale(deciding.conv('input', 5, 1))
    const bits = deciding.sign(scores)
    const network: Network = { ...deciding.build(scores), decision: { rule: 'highest-bit', scores, bits } }
    const { run, seen } = runNetwork(network, laneSpec(4))
    expect(seen).toEqual([bits])
    expect(run.layers.map(({ name }) => name)).toEqual(['input', 'mac0', 'output'])
    expect(traffic(run.layers[2]!)).toEqual({ read: 0, written: 5 * 20 })
  })
})

describe('a layer with lanes', () => {
  /** From the issue of a step to its decision where a PE takes 16 bits. */
  const E = 6
  const [steps, read, latency] = [3, 3, 60]
  // Words of all bits of a pixel, each column's in a bank of its own; 4 kernels of 40 bits, 3 pixels a group.
  const spec = laneSpec(4, { activations: { width: 512, banks: 16 } })
  /** 3 pixels of 4 floats over the port, 85.28 bits a cycle. */
  const port = Math.ceil((12 * 32) / 85.28)

  const cycles = (pixels: number, shortcut: boolean): number => {
    const net = new Residual('tiny', 'real', 40, 1, pixels)
    const value = net.scale(net.conv('input', 40, 1))
    const sums = net.scale(net.conv(net.sign(value), 4, 1))
    const first = net.scale(net.conv('input', 4, 1))
    const scores = shortcut ? net.sum(sums, first) : sums
    const { run } = runNetwork(net.build(scores), spec, { images: 1 })
    return run.layers.at(shortcut ? -1 : -2)!.cycles
  }

  it('takes a depth and a write more than its sums', () => {
    // Sums are there in cycle T; 12 elements enter in 3 cycles, a multiplier takes 3, and then the values leave.
    const T = read + spec.depths.read + steps - 1 + E
    expect(cycles(3, false)).toBe(T + 3 - 1 + 3 + port + latency)
  })

  it('waits for its shortcut, and for room where values leave', () => {
    // Of both fetched at once, one comes `port` cycles behind the other. The third is asked for when the first has entered.
    const depth = 3 + 1
    const first = port + latency
    const second = Math.max(first + port, first + 3)
    const stored = first + 3 - 1 + depth + port + latency
    const third = Math.max(first + 3 + port + latency, second + 3, stored)
    expect(cycles(3, true)).toBe(stored)
    expect(cycles(6, true)).toBe(second + 3 - 1 + depth + port + latency)
    expect(cycles(9, true)).toBe(third + 3 - 1 + depth + port + latency)
  })

  it('is never slower with more lanes, nor with narrower values', () => {
    const total = (arithmetic: Arithmetic, lanes: number): number =>
      runNetwork(blocks('compared', arithmetic), laneSpec(lanes, { dma: { latency: 0 } })).run.totalCycles
    for (const arithmetic of arithmetics) {
      const [few, some, many] = [1, 4, 32].map((lanes) => total(arithmetic, lanes))
      expect(few).toBeGreaterThan(some!)
      expect(some).toBeGreaterThan(many!)
    }
    expect(total('fixed8', 32)).toBeLessThan(total('real', 32))
  })
})

describe('what lanes compute', () => {
  const operations = (network: Network) =>
    runNetwork(network, laneSpec(4))
      .run.layers.slice(1)
      .map(({ operations: { multiplications, shifts } }) => [multiplications! / IMAGES, shifts! / IMAGES])
  const tensor = 12 * 4 * 5

  it('are products of reals and factors, or shifts', () => {
    const twice = [2, 2, 2].map((each) => each * tensor)
    const last = 5 * 1 * 2
    for (const arithmetic of ['real', 'fixed8'] as const)
      expect(operations(blocks('computed', arithmetic))).toEqual([...twice, last].map((each) => [each, 0]))
    expect(operations(blocks('computed', 'shift16'))).toEqual([...twice, last].map((each) => [0, each]))
  })

  it('are counted once for what is joined', () => {
    const half = 9 * 4 * 5
    expect(operations(doubling('computed', 'real'))).toEqual([2, 1, 3, 2].map((each) => [each * half, 0]))
  })

  it('is nothing behind a plain threshold, which PEs decide', () => {
    const net = new RandomNetwork('plain', { channels: 8, height: 4, width: 4 }, { kind: 'thermometer', levels: 1 })
    const network = net.build(net.threshold(net.mac('input', { channels: 8, sum: 'matches' }), 4, 3))
    const { run } = runNetwork(network, laneSpec(4))
    expect(layerOf(run, 'mac0').operations).toMatchObject({ multiplications: 0, shifts: 0 })
    expect(layerOf(run, 'mac0').operations.compares).toBeGreaterThan(0)
    expect(run.resources!.used.dsp).toBe(0)
  })
})
