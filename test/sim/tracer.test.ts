import { expect, it } from 'vitest'
import { ChromeTracer, type Tracer } from '../../src/sim/tracer.ts'

const traced = (use: (tracer: ChromeTracer) => void) => {
  const pieces: string[] = []
  const tracer = new ChromeTracer((text) => pieces.push(text))
  use(tracer)
  tracer.close()
  return { pieces: pieces.length, events: JSON.parse(pieces.join('')).traceEvents as Record<string, unknown>[] }
}

it('gives each track a named thread, and each span its cycles', () => {
  const { events } = traced((tracer) => {
    tracer.span('mvu0', 'row "1"', 10, 14)
    tracer.span('dma', 'burst', 12, 20)
    tracer.span('mvu0', 'row 2', 14, 18)
  })
  const threads = new Map(events.filter(({ name }) => name === 'thread_name').map((e) => [e.tid, e.args]))
  expect([...threads.values()]).toEqual([{ name: 'mvu0' }, { name: 'dma' }])
  const spans = events.filter(({ ph }) => ph === 'X')
  expect(spans.map(({ name, ts, dur }) => [name, ts, dur])).toEqual([
    ['row "1"', 10, 4],
    ['burst', 12, 8],
    ['row 2', 14, 4],
  ])
  expect(spans.map(({ tid }) => threads.get(tid))).toEqual([{ name: 'mvu0' }, { name: 'dma' }, { name: 'mvu0' }])
})

it('draws quantities as counters', () => {
  const { events } = traced((tracer: Tracer) => tracer.value?.('fifo0', 'occupancy', 7, 3))
  expect(events).toEqual([{ ph: 'C', pid: 0, name: 'fifo0 occupancy', ts: 7, args: { occupancy: 3 } }])
})

it('writes an empty trace that is still valid', () => {
  expect(traced(() => {}).events).toEqual([])
})

it('writes long traces in pieces', () => {
  const { pieces, events } = traced((tracer) => {
    for (let i = 0; i < 5000; i++) tracer.span('core', 'block', i, i + 1)
  })
  expect(pieces).toBeGreaterThan(3)
  expect(events.length).toBe(5002)
})
