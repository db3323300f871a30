// What is wrong with the decode unit of a core's file.

import { describe, expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { InputError } from '../../../src/work/input-error.ts'

const problem = (...set: string[]): string => {
  try {
    loadCore('cortex-a53-decode', { set: set.map((one) => `decodeUnit.${one}`) })
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return ''
}

describe('decodeUnit', () => {
  it('is what the file says', () => {
    expect(loadCore('cortex-a53').decodeUnit).toBeUndefined()
    const set = [
      'streamLines.value=5',
      'cache.line.value=8 B',
      'cache.ways.value=2',
      'cache.bytes.value=1 KiB',
      'width.value=3',
    ]
    const { decodeUnit } = loadCore('cortex-a53-decode', { set: set.map((one) => `decodeUnit.${one}`) })
    expect(decodeUnit).toMatchObject({ streamLines: 5, width: 3, cache: { bytes: 1024, ways: 2, line: 8 } })
    expect(Object.keys(decodeUnit!).sort()).toEqual([
      'buffers',
      'cache',
      'depth',
      'streamLines',
      'tableLatency',
      'width',
    ])
  })

  it.each([
    ['streamLines.value=1', 'decodeUnit.streamLines.value: '],
    ['width.value=0', 'decodeUnit.width.value: '],
    ['depth.value=0', 'decodeUnit.depth.value: '],
    ['tableLatency.value=0', 'decodeUnit.tableLatency.value: '],
    ['buffers.value=0', 'decodeUnit.buffers.value: '],
    ['buffers.value=1.5', 'decodeUnit.buffers.value: '],
    ['cache.ways.value=0', 'decodeUnit.cache.ways.value: '],
    ['cache.ways.value=3', 'decodeUnit.cache.bytes.value: expected a power of two of sets: in 3 ways of '],
    ['cache.bytes.value=500 B', 'decodeUnit.cache.bytes.value: expected a power of two of sets: in '],
    ['cache.bytes.value=32 B', 'decodeUnit.cache.bytes.value: expected a power of two of sets: in '],
    ['cache.line.value=12 B', 'decodeUnit.cache.line.value: expected a power of two from 2 bytes, got 12'],
    ['cache.line.value=1 B', 'decodeUnit.cache.line.value: expected a power of two from 2 bytes, got 1'],
    ['cache.line.value=128 B', 'decodeUnit.cache.line.value: expected at most 64 bytes, a line of L1D'],
    ['read.latency=0', 'decodeUnit.read.latency: '],
    ['read.pipe=load-stor', 'decodeUnit.read.pipe: '],
    ['read.slots=3', 'decodeUnit.read.slots: expected at most 2, as many as the core issues a cycle'],
    ['buffers.value=1025', 'decodeUnit.buffers.value: expected at most 1,024'],
    ['widht.value=3', 'decodeUnit'],
  ])('names the key of --set %s', (set, expected) => {
    expect(problem(set)).toContain(expected)
  })

  it('suggests a pipe', () => {
    expect(problem('read.pipe=load-stor')).toContain("did you mean 'load-store'?")
  })
})
