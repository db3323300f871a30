// Loads and stores of lists of vector registers.

import type { LabelOperand, LaneBits, MemoryOperand, RegisterList } from '../instruction.ts'
import type { V } from './lanes.ts'
import { accessing, loadVector, storeVector } from './memory.ts'
import { on, type Semantics } from './operation.ts'
import { bitsOf, type Table } from './vector.ts'
import { storeLane } from './wasm/code.ts'
import { i8x16, loadLane, v128 } from './wasm/vector.ts'

type Where = MemoryOperand | LabelOperand

/** A byte of one of several vectors. */
interface Place {
  readonly vector: number
  readonly byte: number
}

/** The vector of the given bytes of `vectors`. */
function gather(vectors: readonly V[], places: readonly Place[]): V {
  const first = i8x16.shuffle(
    vectors[0]!,
    vectors[1]!,
    padded(places.map(({ vector, byte }) => (vector < 2 ? 16 * vector + byte : 0))),
  )
  return vectors
    .slice(2)
    .reduce(
      (sum, vector, i) =>
        i8x16.shuffle(sum, vector, padded(places.map((place, at) => (place.vector === i + 2 ? 16 + place.byte : at)))),
      first,
    )
}

const padded = (bytes: readonly number[]): number[] => [...bytes, ...Array(16 - bytes.length).fill(0)]

/** Where byte `byte` of register `register` lies in memory, when elements of all registers alternate. */
function interleaved(list: RegisterList, register: number, byte: number): Place {
  const laneBytes = list.lane / 8
  const registerBytes = bitsOf(list) / 8
  const element = Math.floor(byte / laneBytes) * list.indices.length + register
  const at = element * laneBytes + (byte % laneBytes)
  return { vector: Math.floor(at / registerBytes), byte: at % registerBytes }
}

/** The inverse: which register's byte lies at byte `at` of the memory. */
function deinterleaved(list: RegisterList, at: number): Place {
  const laneBytes = list.lane / 8
  const element = Math.floor(at / laneBytes)
  const count = list.indices.length
  return { vector: element % count, byte: Math.floor(element / count) * laneBytes + (at % laneBytes) }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** Registers one after another (ld1, and all lists of one register). */
const loadWhole = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = bitsOf(list) / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    for (const [i, index] of list.indices.entries()) e.set(e.vector(index), loadVector(address, bytes, i * bytes))
  })
})

const storeWhole = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = bitsOf(list) / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    for (const [i, index] of list.indices.entries()) e.do(storeVector(address, e.v(index), bytes, i * bytes))
  })
})

const loadInterleaved = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = bitsOf(list) / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    const vectors = list.indices.map((_, i) => e.keep(loadVector(address, bytes, i * bytes)))
    for (const [register, index] of list.indices.entries()) {
      const places = range(bytes).map((byte) => interleaved(list, register, byte))
      e.writeV(index, gather(vectors, places), bitsOf(list))
    }
  })
})

const storeInterleaved = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = bitsOf(list) / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    const vectors = list.indices.map((index) => e.v(index))
    for (const i of range(vectors.length)) {
      const places = range(bytes).map((byte) => deinterleaved(list, i * bytes + byte))
      e.do(storeVector(address, gather(vectors, places), bytes, i * bytes))
    }
  })
})

/** One lane of each register. */
const loadLanes = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = list.lane / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    for (const [i, index] of list.indices.entries())
      e.set(e.vector(index), loadLane(list.lane, address, e.v(index), list.at!, i * bytes))
  })
})

const storeLanes = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = list.lane / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    for (const [i, index] of list.indices.entries())
      e.do(storeLane(list.lane, address, e.v(index), list.at!, i * bytes))
  })
})

const splats = {
  8: v128.load8Splat,
  16: v128.load16Splat,
  32: v128.load32Splat,
  64: v128.load64Splat,
} satisfies Record<LaneBits, typeof v128.load8Splat>

/** One element for each register, in all its lanes. */
const replicate = on<[RegisterList, Where]>((e, [list, where]) => {
  const bytes = list.lane / 8
  accessing(e, where, bytes * list.indices.length, (address) => {
    for (const [i, index] of list.indices.entries())
      e.writeV(index, splats[list.lane](address, i * bytes), bitsOf(list))
  })
})

const byKind = (whole: Semantics, lanes: Semantics): Semantics =>
  on<[RegisterList, Where]>((e, operands, instruction) =>
    (operands[0].at === null ? whole : lanes)(e, operands, instruction),
  )

const loads = byKind(loadInterleaved, loadLanes)
const stores = byKind(storeInterleaved, storeLanes)

export const structure = {
  ld1: byKind(loadWhole, loadLanes),
  ld2: loads,
  ld3: loads,
  ld4: loads,
  ld1r: replicate,
  ld2r: replicate,
  ld3r: replicate,
  ld4r: replicate,
  st1: byKind(storeWhole, storeLanes),
  st2: stores,
  st3: stores,
  st4: stores,
} as const satisfies Table
