import { describe, expect, it } from 'vitest'
import { BurstReader, BurstWriter } from '../../src/mem/memory-port.ts'
import { Kernel, type Order } from '../../src/sim/kernel.ts'
import { always, Handshake, type Pattern, PatternSink, PatternSource } from '../../src/units/test-pattern.ts'
import { count, orders, randomPattern } from '../units/rig.ts'

const WORDS = 5 // a frame

const port = { width: 64, readLatency: 60, writeLatency: 40, wordInterval: 1 }

interface Options {
  readonly spec?: Partial<typeof port>
  readonly pattern?: Pattern
  readonly order?: Order
}

/** Frame f, word w: lanes of 100 f + w, and f. */
const frameOf = (frame: number): Uint32Array =>
  Uint32Array.from({ length: 2 * WORDS }, (_, i) => (i % 2 === 0 ? 100 * frame + i / 2 : frame))

function read(frames: number, { spec, pattern = always, order }: Options = {}) {
  const kernel = new Kernel(order)
  let loaded = 0
  const reader = new BurstReader(kernel, { ...port, ...spec }, WORDS, frames, () => frameOf(loaded++))
  const sink = new PatternSink(kernel, 64, pattern)
  new Handshake('reading', kernel, { input: reader, output: sink })
  kernel.run()
  return { cycles: sink.cycles, lanes: sink.taken, bursts: reader.count.bursts, words: reader.count.words, loaded }
}

function write(frames: number, { spec, pattern = always, order }: Options = {}) {
  const kernel = new Kernel(order)
  const stored: number[][] = []
  const cycles: number[] = []
  const writer = new BurstWriter(kernel, { ...port, ...spec }, WORDS, frames, (words) => {
    stored.push([...words])
    cycles.push(kernel.now)
  })
  const words = Uint32Array.from(count(frames, (i) => i).flatMap((frame) => [...frameOf(frame)]))
  const source = new PatternSource(kernel, 64, words, frames * WORDS, pattern)
  new Handshake('writing', kernel, { input: source, output: writer })
  kernel.run()
  return { stored, cycles, doneAt: writer.doneAt, bursts: writer.count.bursts, words: writer.count.words }
}

const everyFrame = (frames: number): number[] => count(frames, (i) => i).flatMap((frame) => [...frameOf(frame)])

describe('memory port, reading', () => {
  it.each([0, 1, 7, 60])('gives the first word %d cycles after the request, then a word a cycle', (readLatency) => {
    const { cycles } = read(1, { spec: { readLatency } })
    expect(cycles).toEqual(count(WORDS, (i) => readLatency + i))
  })

  it('gives a word every interval', () => {
    expect(read(1, { spec: { wordInterval: 3 } }).cycles).toEqual(count(WORDS, (i) => 60 + 3 * i))
  })

  it('reads a burst a frame, each with its latency, where 16 does not divide what is left', () => {
    const { cycles, bursts } = read(3)
    expect(bursts).toBe(3)
    expect(cycles).toEqual(count(3 * WORDS, (i) => 60 + Math.floor(i / WORDS) * (WORDS + 60) + (i % WORDS)))
  })

  it('reads 16 frames in one burst where it does', () => {
    const { cycles, bursts } = read(16)
    expect(bursts).toBe(1)
    expect(cycles).toEqual(count(16 * WORDS, (i) => 60 + i))
  })

  it.each([
    [1, 1],
    [15, 15],
    [16, 1],
    [17, 2],
    [31, 16],
    [32, 2],
    [35, 5],
    [10_000, 625],
  ])('of %d frames takes %d bursts', (frames, bursts) => {
    expect(read(frames).bursts).toBe(bursts)
  })

  it('loads each frame once and in order, whatever the reader stalls', () => {
    for (let i = 0; i < 20; i++) {
      const frames = 1 + ((i * 7) % 40)
      const { lanes, loaded, words } = read(frames, {
        pattern: randomPattern(`read ${i}`, 0.4),
        spec: { wordInterval: 1 + (i % 3) },
      })
      expect(lanes).toEqual(everyFrame(frames))
      expect({ loaded, words }).toEqual({ loaded: frames, words: frames * WORDS })
    }
  })
})

describe('memory port, writing', () => {
  it('answers a burst the latency after its last word', () => {
    const { cycles, doneAt } = write(1)
    expect(cycles).toEqual([WORDS - 1])
    expect(doneAt).toBe(WORDS - 1 + 1 + 40)
  })

  it('waits for the answer between bursts, not within one', () => {
    const three = write(3)
    expect(three.bursts).toBe(3)
    expect(three.cycles).toEqual(count(3, (i) => WORDS - 1 + i * (WORDS + 40)))
    const sixteen = write(16)
    expect(sixteen.bursts).toBe(1)
    expect(sixteen.cycles).toEqual(count(16, (i) => (i + 1) * WORDS - 1))
    expect(sixteen.doneAt).toBe(16 * WORDS + 40)
  })

  it('takes a word every interval', () => {
    expect(write(2, { spec: { wordInterval: 4, writeLatency: 0 } }).cycles[0]).toBe((WORDS - 1) * 4)
  })

  it('stores each frame once and in order, whatever the writer stalls', () => {
    for (let i = 0; i < 20; i++) {
      const frames = 1 + ((i * 11) % 40)
      const { stored, words } = write(frames, { pattern: randomPattern(`write ${i}`, 0.4) })
      expect(stored.flat()).toEqual(everyFrame(frames))
      expect(words).toBe(frames * WORDS)
    }
  })
})

describe('memory port', () => {
  it('does the same whatever the order of events within a cycle', () => {
    const pattern = randomPattern('order', 0.5)
    for (const act of [read, write]) {
      const [forward, ...others] = orders.map((order) => act(19, { order, pattern, spec: { wordInterval: 2 } }))
      for (const other of others) expect(other).toEqual(forward)
    }
  })

  it('has one reader and one writer', () => {
    const kernel = new Kernel()
    const reader = new BurstReader(kernel, port, WORDS, 1, () => frameOf(0))
    const writer = new BurstWriter(kernel, port, WORDS, 1, () => {})
    new Handshake('first', kernel, { input: reader, output: writer })
    expect(() => reader.readBy({ name: 'second', wake: () => {} })).toThrow(
      'second: read channel already claimed by first',
    )
    expect(() => writer.writtenBy({ name: 'second', wake: () => {} })).toThrow(
      'second: write channel already claimed by first',
    )
  })

  it('leaves out skipped frames', () => {
    const kernel = new Kernel()
    let loaded = 0
    const reader = new BurstReader(kernel, port, WORDS, 40, () => frameOf(loaded++))
    const sink = new PatternSink(kernel, 64, always)
    new Handshake('reading', kernel, { input: reader, output: sink })
    reader.skip(32)
    kernel.run()
    expect({ loaded, bursts: reader.count.bursts }).toEqual({ loaded: 8, bursts: 8 })
  })
})
