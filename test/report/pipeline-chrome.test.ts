import { describe, expect, it } from 'vitest'
import { PipelineChromeWriter } from '../../src/report/pipeline-chrome.ts'
import type { InstructionTimes } from '../../src/units/core/observer.ts'
import { drawn, three, times } from './pipeline-samples.ts'

interface Event {
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly name: string
  readonly ts?: number
  readonly dur?: number
  readonly args?: Readonly<Record<string, unknown>>
}
interface Slice {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly sequence: unknown
}

function written(all: readonly InstructionTimes[], window?: { from: number; to: number }): string {
  let text = ''
  const writer = new PipelineChromeWriter((piece) => (text += piece), ['load', 'vector', 'integer'], window)
  for (const each of all) writer.retired(each)
  writer.close()
  return text
}

/** Slices by track, in the order in which a viewer shows the tracks; refuses what the trace-event format has not. */
function read(text: string): Map<string, Slice[]> {
  const { traceEvents } = JSON.parse(text) as { traceEvents: Event[] }
  const names = new Map<number, string>()
  const order = new Map<number, number>()
  const slices = new Map<number, Slice[]>()
  for (const { ph, tid, name, ts, dur, args } of traceEvents) {
    if (ph === 'M' && name === 'thread_name') {
      expect(names.has(tid)).toBe(false)
      names.set(tid, args!.name as string)
    } else if (ph === 'M' && name === 'thread_sort_index') order.set(tid, args!.sort_index as number)
    else {
      expect(ph).toBe('X')
      expect(names.has(tid)).toBe(true)
      expect(Number.isInteger(ts) && Number.isInteger(dur) && dur! > 0).toBe(true)
      slices.set(tid, [...(slices.get(tid) ?? []), { name, start: ts!, end: ts! + dur!, sequence: args!.sequence }])
    }
  }
  const tracks = [...names.keys()].sort((a, b) => order.get(a)! - order.get(b)!)
  return new Map(tracks.map((tid) => [names.get(tid)!, slices.get(tid) ?? []]))
}

describe('Chrome trace events of a pipeline', () => {
  it('of three instructions are a slice on the track of each pipe', () => {
    const name = (tid: number, track: string): string[] => [
      `{"ph":"M","pid":0,"tid":${tid},"name":"thread_name","args":{"name":"${track}"}}`,
      `{"ph":"M","pid":0,"tid":${tid},"name":"thread_sort_index","args":{"sort_index":${64 * (tid - 1)}}}`,
    ]
    const slice = (tid: number, op: string, ts: number, address: string, text: string, sequence: number): string =>
      `{"ph":"X","pid":0,"tid":${tid},"name":"${op}","ts":${ts},"dur":1,` +
      `"args":{"address":"${address}","text":"${text}","sequence":${sequence}}}`
    const events = [
      ...['load', 'vector', 'integer'].flatMap((track, i) => name(i + 1, track)),
      slice(1, 'ldr', 13, '0x400000', 'ldr q0, [x1]', 0),
      slice(3, 'add', 14, '0x400008', 'add x2, x2, #1', 2),
      slice(2, 'cnt', 18, '0x400004', 'cnt v0.16b, v0.16b', 1),
    ]
    expect(written(three)).toBe(`{"traceEvents":[\n${events.join(',\n')}\n],"otherData":{"1 us":"1 cycle"}}\n`)
  })

  it('put a second instruction of a pipe in one cycle on a track beside it', () => {
    const tracks = read(
      written([
        times(0, 'add v0.16b, v0.16b, v1.16b', [0, 1, 1, 3, 3], [1, 1]),
        times(1, 'add v2.16b, v2.16b, v1.16b', [0, 1, 1, 3, 3], [1, 1]),
        times(2, 'add v3.16b, v3.16b, v1.16b', [0, 2, 2, 4, 4], [1, 1]),
      ]),
    )
    expect([...tracks.keys()]).toEqual(['load', 'vector', 'vector.2', 'integer'])
    expect(tracks.get('vector')!.map(({ sequence }) => sequence)).toEqual([0, 2])
    expect(tracks.get('vector.2')!.map(({ sequence }) => sequence)).toEqual([1])
  })

  it.each([true, false])(
    'of drawn instructions never overlap on a track and lose nothing (in order: %s)',
    (inOrder) => {
      for (let seed = 0; seed < 8; seed++) {
        const all = drawn(`chrome ${seed}`, 300, inOrder)
        const tracks = [...read(written(all)).values()]
        for (const slices of tracks)
          for (let i = 1; i < slices.length; i++) expect(slices[i]!.start).toBeGreaterThanOrEqual(slices[i - 1]!.end)
        const shown = tracks.flat().map(({ sequence, start, end }) => [sequence, start, end])
        const expected = all
          .filter(({ pipe }) => pipe >= 0)
          .map((each) => [each.sequence, each.issue, each.issue + each.busy])
        expect(shown.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(expected)
      }
    },
  )

  it('show the instructions in flight within a window', () => {
    const all = drawn('window', 2000, false)
    const [from, to] = [all[500]!.retire, all[900]!.fetch]
    const inside = all.filter(({ fetch, retire, pipe }) => fetch < to && retire >= from && pipe >= 0)
    const shown = [...read(written(all, { from, to })).values()].flat().map(({ sequence }) => sequence)
    expect(shown.length).toBeGreaterThan(100)
    expect(new Set(shown)).toEqual(new Set(inside.map(({ sequence }) => sequence)))
    expect(shown.length).toBe(inside.length)
  })
})
