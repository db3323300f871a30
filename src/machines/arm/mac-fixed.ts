// Binary layers in fixed-point data flow, with what follows them at the output of their kernel.

import type { BinaryWeights } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { directBlocks } from './direct-blocks.ts'
import type { FixedGroup } from './fixed-group.ts'
import { accumulatorsOf, flagsOf } from './fixed-tables.ts'
import type { Lowering } from './lower.ts'
import type { MacPlan } from './mac.ts'
import { type Buffer, noBorder, PANEL, pixelBytesOf, roundUp, sizeOf, storageOf } from './memory-map.ts'
import { type Call, clearing, pixelAt } from './plan.ts'
import { basesOf, levelsAbove } from './weights.ts'
import { directPanels } from './weights-direct.ts'

/** Where the parts of a value, or all of it, are written. */
export interface FixedPlaces {
  readonly value: Buffer | undefined
  readonly bits: Buffer | undefined
}

export function fixedMac(layer: Layer, weights: BinaryWeights, group: FixedGroup, lowering: Lowering): MacPlan {
  const { memory, blocking } = lowering
  const { bits, value, from, shortcut: term, completes, sign, stored } = group
  const { kernel, output } = layer.shape
  const windows = directBlocks(layer, lowering)
  const held = accumulatorsOf(blocking, kernel, windows.rowBytes)
  const { together, flushRows, flags } = held ?? accumulatorsOf('tree', kernel, windows.rowBytes)!
  const shortcut = term === undefined ? undefined : flat(lowering.buffer(term), lowering)
  const [places, cleared] = placesOf(group, lowering)
  const { classes, bases, width } = basesOf(layer.shape, weights)
  const size = sizeOf[storageOf[bits]]
  const classesAt = memory.place(classes)
  const fixed = [memory.place(directPanels(weights, together)), width / PANEL]
  const sums = [
    memory.place(bases),
    2 * width,
    memory.place(tablesOf(layer, group)),
    flags | flagsOf({ ...stagesOf(layer, group), oneBase: bases.length === width }),
  ]
  const calls = windows.blocks.map(({ y, first, windows }) => {
    const params = [
      ...[...windows, ...fixed, classesAt + first, ...sums],
      ...pixelsFrom(shortcut?.buffer, first, 0),
      ...pixelsFrom(places.value, first, from * size),
      ...bitsFrom(places.bits, y, output.width, from / 8),
      flushRows,
    ]
    return { kernel: `bconv_${held === undefined ? 'tree' : blocking}_fixed`, params }
  })
  windows.free()
  shortcut?.free()
  const made = completes
    ? [
        ...(stored ? [{ node: value.name, output: places.value! }] : []),
        ...(sign === undefined ? [] : [{ node: sign.name, output: places.bits! }]),
      ]
    : []
  return { made, calls: [...windows.before, ...(shortcut?.calls ?? []), ...cleared, ...calls], absorbed: group.nodes }
}

const pixelsFrom = (buffer: Buffer | undefined, first: number, offset: number): number[] =>
  buffer === undefined ? [0, 0] : [buffer.address + first * buffer.pixelBytes + offset, buffer.pixelBytes]

const bitsFrom = (buffer: Buffer | undefined, y: number, width: number, offset: number): number[] =>
  buffer === undefined
    ? [0, 0, 0]
    : [pixelAt(buffer, y, 0) + offset, buffer.pixelBytes, buffer.rowBytes - width * buffer.pixelBytes]

/** Room for the value and its signs, and what clears it: once for all parts. */
function placesOf(group: FixedGroup, lowering: Lowering): [FixedPlaces, readonly Call[]] {
  const { value, sign, stored, part, completes, shortcut, bits } = group
  const known = lowering.parts.get(value.name)
  if (known !== undefined) {
    if (completes) lowering.parts.delete(value.name)
    return [known, []]
  }
  const { name, output: shape } = value
  const storage = storageOf[bits]
  const sameForm =
    shortcut !== undefined && lowering.buffer(shortcut).pixelBytes === pixelBytesOf(storage, shape.channels)
  const over = stored && !part && sameForm ? lowering.placeOf([shortcut]) : undefined
  const signs = sign === undefined ? undefined : lowering.output(sign.name, 'bits', shape, true)
  const places = { value: stored ? (over ?? lowering.output(name, storage, shape, false)) : undefined, bits: signs }
  if (part) lowering.parts.set(name, places)
  return [places, signs === undefined ? [] : clearing(signs)]
}

/** The value without a border: a copy where it has one. */
function flat(buffer: Buffer, { memory }: Lowering): { buffer: Buffer; calls: Call[]; free: () => void } {
  const { shape, storage, pixelBytes, address, rowBytes } = buffer
  if (rowBytes === shape.width * pixelBytes) return { buffer, calls: [], free: () => {} }
  const copy = memory.allocate(storage, shape, pixelBytes, noBorder)
  const params = [shape.height, shape.width * pixelBytes, address, rowBytes, copy.address, copy.rowBytes]
  return { buffer: copy, calls: [{ kernel: 'copy_rows', params }], free: () => memory.release(copy) }
}

const stagesOf = ({ accumulator }: Layer, { affine, shortcut, rprelu, stored, sign, bits }: FixedGroup) => ({
  saturate: accumulator.saturate,
  multiply: affine.op.multiplier !== undefined,
  add: shortcut !== undefined,
  rprelu: rprelu !== undefined,
  slope: rprelu?.op.slope !== undefined,
  store: stored,
  sign: sign !== undefined,
  wide: bits === 16,
  negate: affine.op.negative?.includes(1) ?? false,
  negateSlope: rprelu?.op.negative?.includes(1) ?? false,
})

type Table = (c: number) => number

/** Lanes have 16 bits: further shifts make the same of them. */
const shiftLeft: (shift: Int32Array) => Table = (shift) => (c) => Math.max(-17, Math.min(16, -shift[c]!))
const maskOf: (negative: Uint8Array | undefined) => Table = (negative) => (c) => (negative?.[c] === 1 ? -1 : 0)

/** [panel][table][channel], as fixed-output.inc describes them; bits of channels that there are not are 0. */
function tablesOf({ shape }: Layer, { affine, rprelu, sign, bits, from }: FixedGroup): Int16Array {
  const { multiplier, shift, negative, offset } = affine.op
  const high = 2 ** (bits - 1) - 1
  const level = sign && levelsAbove(sign.op, -high - 1, high)
  const none: Table = () => 0
  const behind: Table[] =
    rprelu === undefined
      ? [none, none, none, none]
      : [
          (c) => rprelu.op.shiftX[from + c]!,
          (c) => rprelu.op.slope?.[from + c] ?? maskOf(rprelu.op.negative)(from + c),
          (c) => shiftLeft(rprelu.op.shift)(from + c),
          (c) => rprelu.op.shiftY[from + c]!,
        ]
  const tables: Table[] = [
    (c) => multiplier?.[c] ?? maskOf(negative)(c),
    shiftLeft(shift),
    (c) => offset[c]! - maskOf(negative)(c),
    ...behind,
    (c) => level?.[from + c] ?? 0,
  ]
  const { channels } = shape.output
  const all = new Int16Array(roundUp(channels, PANEL) * tables.length)
  for (let c = 0; c < roundUp(channels, PANEL); c++)
    for (const [i, table] of tables.entries()) {
      const rest = i === tables.length - 1 ? high : 0
      all[Math.floor(c / PANEL) * PANEL * tables.length + i * PANEL + (c % PANEL)] = c < channels ? table(c) : rest
    }
  return all
}
