// Fused kernels against their formula, one float32 operation after another.

import { describe, expect, it } from 'vitest'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems, readsBehind, type Word } from './call.ts'
import { Calls } from './rows.ts'

const FILE = 'fused'

const entries = {
  add_rprelu_f32: { rprelu: true, sign: false },
  add_sign_f32: { rprelu: false, sign: true },
  add_rprelu_sign_f32: { rprelu: true, sign: true },
} as const
type Entry = keyof typeof entries

interface Shape {
  readonly rows: number
  readonly pixels: number
  readonly blocks: number
  /** Bytes behind each pixel, and behind each row, of in; of the others as many times more as their place. */
  readonly pixelGap: number
  readonly rowGap: number
}

const shapes: readonly Shape[] = [
  [1, 1, 1, 0, 0],
  [1, 3, 1, 0, 0],
  [3, 1, 2, 0, 16],
  [2, 2, 1, 16, 0],
  [2, 3, 2, 128, 48],
  [3, 4, 3, 0, 0],
  [1, 5, 4, 256, 0],
].map(([rows, pixels, blocks, pixelGap, rowGap]) => ({ rows, pixels, blocks, pixelGap, rowGap }) as Shape)

/** Few digits, so that elements meet their levels; otherwise any of about 2^-20 to 2^20. */
function real({ random }: Calls): number {
  if (random() < 0.5) return Math.floor(random() * 9) - 4
  return Math.fround((random() * 2 - 1) * 2 ** (random() * 40 - 20))
}
const reals = (calls: Calls, length: number): Float32Array => Float32Array.from({ length }, () => real(calls))

/** A tensor in its memory: words of the parameter block, and where the 4-byte elements of each pixel begin. */
class Spread {
  readonly bytes: Uint8Array
  readonly strides: readonly [number, number]
  readonly starts: readonly number[]

  constructor({ random }: Calls, { rows, pixels }: Shape, pixelBytes: number, gap: number, rowGap: number) {
    const rowBytes = pixels * (pixelBytes + gap) + rowGap
    this.strides = [pixelBytes + gap, rowBytes]
    this.bytes = Uint8Array.from({ length: rows * rowBytes }, () => 256 * random())
    this.starts = Array.from(
      { length: rows * pixels },
      (_, i) => (Math.floor(i / pixels) * rowBytes + (i % pixels) * (pixelBytes + gap)) / 4,
    )
  }

  /** The memory, or what is in it now, with `values`, as many for each pixel. */
  with(values: Float32Array | Uint32Array, now: Uint8Array = this.bytes): Uint8Array {
    const bytes = now.slice()
    const elements = values instanceof Uint32Array ? new Uint32Array(bytes.buffer) : new Float32Array(bytes.buffer)
    const channels = values.length / this.starts.length
    this.starts.forEach((start, i) => {
      elements.set(values.subarray(i * channels, (i + 1) * channels), start)
    })
    return bytes
  }
}

interface Tables {
  readonly shiftX: Float32Array
  readonly slope: Float32Array
  readonly shiftY: Float32Array
  readonly level: Float32Array
}

function rprelu(x: number, { shiftX, slope, shiftY }: Tables, c: number): number {
  const u = Math.fround(x + shiftX[c]!)
  return Math.fround((u > 0 ? u : Math.fround(u * slope[c]!)) + shiftY[c]!)
}

function bitsOf(values: Float32Array, level: Float32Array): Uint32Array {
  const words = new Uint32Array(values.length / 32)
  values.forEach((value, i) => {
    if (value >= level[i % level.length]!) words[i >> 5] = (words[i >> 5]! | (1 << (i & 31))) >>> 0
  })
  return words
}

/** `over`: which input the output replaces. */
function call(calls: Calls, name: Entry, shape: Shape, over: 'in' | 'in2' | null = null): void {
  const { rprelu: activated, sign } = entries[name]
  const { rows, pixels, blocks, pixelGap, rowGap } = shape
  const channels = 32 * blocks
  const [x, y] = [0, 1].map(() => reals(calls, rows * pixels * channels)) as [Float32Array, Float32Array]
  const [shiftX, slope, shiftY, level] = [0, 1, 2, 3].map(() => reals(calls, channels)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const tables: Tables = { shiftX, slope, shiftY, level }
  const values = x.map((value, i) => {
    const t = value + y[i]!
    return activated ? rprelu(Math.fround(t), tables, i % channels) : t
  })
  const spreads = [1, 2, 3].map((n) => new Spread(calls, shape, 4 * channels, n * pixelGap, n * rowGap))
  const [first, second, third] = spreads as [Spread, Spread, Spread]
  const target = over === 'in' ? first : over === 'in2' ? second : third
  const before = over === 'in' ? first.with(x) : over === 'in2' ? second.with(y) : third.bytes
  const out = { before, after: target.with(values, before) }
  const bits = new Spread(calls, shape, 4 * blocks, pixelGap / 4, rowGap / 4)
  const words: Word[] = [rows, pixels, blocks, over === 'in' ? out : first.with(x), ...first.strides]
  words.push(over === 'in2' ? out : second.with(y), ...second.strides)
  words.push(out, ...target.strides)
  words.push(...(sign ? [{ before: bits.bytes, after: bits.with(bitsOf(values, level)) }, ...bits.strides] : [0, 0, 0]))
  words.push(...(activated ? [shiftX, slope, shiftY] : [0, 0, 0]), sign ? level : 0)
  calls.call(name, words, `${rows}x${pixels}x${channels}${over === null ? '' : ` over ${over}`}`)
}

function callsOf(names: readonly Entry[]): Calls {
  const calls = new Calls(names.join())
  for (const name of names)
    for (const shape of shapes) {
      call(calls, name, shape)
      call(calls, name, shape, 'in')
      call(calls, name, shape, 'in2')
    }
  return calls
}

const names = Object.keys(entries) as Entry[]

describe('fused kernels', () => {
  it.each(names)('%s equals the formula, also in place', (name) => {
    expect(problems(FILE, callsOf([name]).list)).toEqual([])
  })

  it('read nothing behind their inputs', () => {
    const calls = new Calls('behind')
    call(calls, 'add_rprelu_sign_f32', shapes[1]!)
    expect(readsBehind(FILE, calls.list)).toEqual([])
  })

  it.skipIf(qemuAbsent())('all do the same under qemu', () => {
    expect(differencesFromQemu(FILE, callsOf(names).list)).toEqual([])
  })
})
