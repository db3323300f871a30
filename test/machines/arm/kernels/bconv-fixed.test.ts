// Binary convolutions with what follows them in fixed point, bconv-fixed-*.s: bit for bit, as a plain loop and as under qemu.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import {
  accumulatorsOf,
  type Blocking,
  blockings,
  flagsOf,
  type Stages,
} from '../../../../src/machines/arm/fixed-tables.ts'
import { directPanels } from '../../../../src/machines/arm/weights-direct.ts'
import { popcount32 } from '../../../../src/work/bits.ts'
import type { BinaryWeights } from '../../../../src/work/network.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { type Call, differencesFromQemu, problems, readsBehind, type Word } from './call.ts'
import { type Shape, shape } from './convolution.ts'

const shapes: readonly Shape[] = [
  shape(1, 1, 1, 5, 1, 8), // 4 bytes
  shape(2, 1, 1, 3, 3, 16), // 8
  shape(3, 1, 2, 1, 1, 12), // 8 and 4
  shape(4, 1, 1, 4, 1, 24), // a step
  shape(6, 1, 1, 9, 2, 8), // a step and 8
  shape(16, 1, 1, 3, 3, 72), // 4 steps
  shape(32, 1, 2, 2, 3, 9), // 8 steps
  shape(1, 3, 1, 5, 2, 16), // 8 and 4 bytes in a row
  shape(2, 3, 1, 6, 4, 40), // a step and 8
  shape(2, 3, 2, 3, 3, 8),
  shape(4, 3, 1, 7, 5, 13), // 3 steps
  shape(8, 3, 2, 5, 3, 8), // 6
  shape(3, 5, 2, 1, 6, 8), // 3, 8 and 4 bytes in a row, 25 in all
  shape(16, 3, 1, 2, 3, 8), // 12 steps in a row: 36 in all
  shape(1, 7, 1, 4, 2, 8),
]

/** Weights like the first window, opposite to it, or at random. */
type Extreme = 'same' | 'inverse' | 'random'

/** `inPlace`: values are written over the shortcut. */
type Case = Stages & { readonly inPlace: boolean }

type Random = (from: number, to: number) => number
const wholeOf =
  (random: PRNG): Random =>
  (from, to) =>
    from + Math.floor((to - from + 1) * random())

/** Bits at random, but in a tenth of the words all the same. */
const someWords = (random: PRNG, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, () => (random() < 0.1 ? 0xffffffff : 2 ** 32 * random()))

/** Sums of a convolution, by pixel and channel, and the first words of its parameters. */
function convolution(random: PRNG, blocking: Blocking, at: Shape, extreme: Extreme, oneBase: boolean) {
  const whole = wholeOf(random)
  const { words, kernel, stride, width, height, channels } = at
  const [taps, panels] = [kernel * kernel, Math.ceil(channels / 8)]
  const [rows, columns] = [(height - 1) * stride + kernel, (width - 1) * stride + kernel]
  const rowWords = columns * words + whole(0, 3)
  const input = someWords(random, (rows - 1) * rowWords + columns * words)
  const filters = someWords(random, channels * taps * words)
  if (extreme !== 'random')
    filters.forEach((_, i) => {
      const k = i % (taps * words)
      const word = input[Math.floor(k / (kernel * words)) * rowWords + (k % (kernel * words))]!
      filters[i] = extreme === 'same' ? word : ~word
    })
  const weights: BinaryWeights = { kind: 'binary', rows: channels, taps, channels: 32 * words, words: filters }
  const count = (y: number, x: number, channel: number): number => {
    let found = 0
    for (let dy = 0; dy < kernel; dy++)
      for (let i = 0; i < kernel * words; i++) {
        const bits = input[(y * stride + dy) * rowWords + x * stride * words + i]!
        found += popcount32(bits ^ (channel < channels ? filters[(channel * kernel + dy) * kernel * words + i]! : 0))
      }
    return found
  }
  const classCount = whole(1, 9)
  const baseBytes = 16 * panels + 16 * whole(0, 2)
  const classes = Uint8Array.from({ length: width * height }, () => (oneBase ? 0 : whole(0, classCount - 1)))
  const bases = Int16Array.from({ length: (classCount * baseBytes) / 2 }, () => 32 * taps * words + whole(-9, 9))
  const sums = Array.from(classes, (one, pixel) =>
    Array.from({ length: 8 * panels }, (_, c) => {
      return bases[(one * baseBytes) / 2 + c]! - 2 * count(Math.floor(pixel / width), pixel % width, c)
    }),
  )
  const { together, flushRows, flags } = accumulatorsOf(blocking, kernel, 4 * words * kernel)!
  const steps = [4 * rowWords, 4 * words, kernel, 4 * stride * words, 4 * stride * rowWords, width, height]
  const params: Word[] = [input, ...steps, directPanels(weights, together), panels, classes, bases, baseBytes]
  return { sums, panels, params, flushRows, flags }
}

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))
const within8 = (x: number): number => clamp(x, -127, 127)
const within16 = (x: number): number => clamp(x, -32768, 32767)
const rounded = (x: number, right: number): number => Math.floor(x * 2 ** -right + 0.5)

/** What follows sums, table by table: some channels shift to the left, and by more than there are bits. */
function stagesOf(random: PRNG, stages: Stages, channels: number) {
  const whole = wholeOf(random)
  const table = (make: () => number): Int16Array => Int16Array.from({ length: channels }, () => make())
  const shift = () => (random() < 0.2 ? whole(-17, 17) : whole(0, stages.multiply ? 9 : 4))
  const small = stages.wide ? 3 : 127
  const most = (value: number) =>
    table(() => (random() < 0.3 ? Math.sign(random() - 0.5) * value : whole(-value, value)))
  return {
    multiplier: stages.multiply ? most(stages.saturate ? 127 : 3) : table(() => -whole(0, 1)),
    shift: table(stages.negate ? () => whole(0, 17) : shift),
    offset: most(stages.wide ? 32767 : 300),
    shiftX: most(stages.wide && stages.slope ? 5000 : stages.wide ? 32767 : 127),
    slope: stages.slope ? table(() => (stages.wide ? whole(0, 1) : whole(-127, 127))) : table(() => -whole(0, 1)),
    slopeShift: table(shift),
    shiftY: most(small),
    level: most(stages.wide ? 5000 : 100),
  }
}

type Tables = ReturnType<typeof stagesOf>

function resultOf(stages: Stages, t: Tables, c: number, sum: number, shortcut: number): number {
  const within = stages.wide ? within16 : within8
  const narrow = stages.saturate ? within8(sum) : sum
  const shiftedSum = within16(rounded(stages.multiply ? narrow * t.multiplier[c]! : narrow, t.shift[c]!))
  let x = within((stages.negate && t.multiplier[c] === -1 ? -1 - shiftedSum : shiftedSum) + t.offset[c]!)
  if (stages.add) x = within(x + shortcut)
  if (!stages.rprelu) return x
  const shifted = within16(x + t.shiftX[c]!)
  const product = within16(rounded(stages.slope ? shifted * t.slope[c]! : shifted, t.slopeShift[c]!))
  const sloped = stages.negateSlope && t.slope[c] === -1 ? within16(-product) : product
  return within((shifted > 0 ? shifted : sloped) + t.shiftY[c]!)
}

/** `[panel][table][channel]`, shifts negative to the right. */
function interleaved(tables: Tables, panels: number): Int16Array {
  const all = new Int16Array(panels * 64)
  Object.values({
    ...tables,
    shift: tables.shift.map((s) => -s),
    slopeShift: tables.slopeShift.map((s) => -s),
  }).forEach((table, i) => {
    table.forEach((value, c) => {
      all[Math.floor(c / 8) * 64 + 8 * i + (c % 8)] = value
    })
  })
  return all
}

function callOf(seed: string, blocking: Blocking, at: Shape, stages: Case, extreme: Extreme): Call {
  const random = seedrandom.alea(`${seed} ${JSON.stringify([at, stages, extreme])}`)
  const whole = wholeOf(random)
  const { sums, panels, params, flushRows, flags } = convolution(random, blocking, at, extreme, stages.oneBase)
  const tables = stagesOf(random, stages, 8 * panels)
  const Values = stages.wide ? Int16Array : Int8Array
  const most = stages.wide ? 32767 : 127
  const values = (apart: number) => new Values(sums.length * apart).map(() => whole(-most, most))
  const shortcutApart = 8 * panels + 8 * whole(0, 2)
  const shortcut = values(shortcutApart)
  // Levels that a value meets, with every other channel.
  for (let c = 0; c < 8 * panels; c += 2) tables.level[c] = resultOf(stages, tables, c, sums[0]![c]!, shortcut[c]!)
  const outApart = stages.inPlace ? shortcutApart : 8 * panels + 8 * whole(0, 2)
  const before = stages.inPlace ? shortcut : values(outApart)
  const after = before.slice()
  const bitsApart = panels + whole(0, 3)
  const gap = whole(0, 9)
  const bitsBefore = Uint8Array.from({ length: at.height * (bitsApart * at.width + gap) }, () => whole(0, 255))
  const bitsAfter = bitsBefore.slice()
  sums.forEach((some, pixel) => {
    const bitsAt = Math.floor(pixel / at.width) * gap + pixel * bitsApart
    if (stages.sign) bitsAfter.fill(0, bitsAt, bitsAt + panels)
    some.forEach((sum, c) => {
      const value = resultOf(stages, tables, c, sum, shortcut[pixel * shortcutApart + c]!)
      if (stages.store) after[pixel * outApart + c] = value
      if (stages.sign) bitsAfter[bitsAt + (c >> 3)]! |= Number(value > tables.level[c]!) << (c & 7)
    })
  })
  const bytes = Values.BYTES_PER_ELEMENT
  const out = { before, after }
  const words: Word[] = [...params, interleaved(tables, panels), flagsOf(stages) | flags]
  words.push(stages.inPlace ? out : shortcut, shortcutApart * bytes, out, outApart * bytes)
  words.push({ before: bitsBefore, after: bitsAfter }, bitsApart, gap, flushRows)
  return { name: JSON.stringify([blocking, at, stages, extreme]), entry: `bconv_${blocking}_fixed`, words }
}

const none: Case = {
  ...{
    saturate: false,
    multiply: false,
    add: false,
    rprelu: false,
    slope: false,
    store: true,
    sign: false,
    wide: false,
  },
  ...{ negate: false, negateSlope: false, oneBase: false, inPlace: false },
}

/** All that stages can be: a slope only where there is an RPReLU, no multiplier with a mask, and something is stored. */
const combinations: Case[] = Array.from({ length: 1024 }, (_, i) => {
  const bit = (at: number) => ((i >> at) & 1) === 1
  return {
    ...{ saturate: bit(0), multiply: bit(1), add: bit(2), rprelu: bit(3), slope: bit(4), store: bit(5) },
    ...{ sign: bit(6), wide: bit(7), negate: bit(8), negateSlope: bit(9) },
    ...{ oneBase: i % 3 === 0, inPlace: bit(2) && bit(5) && bit(6) },
  }
}).filter(({ slope, rprelu, store, sign, multiply, negate, negateSlope }) => {
  return (rprelu || (!slope && !negateSlope)) && (store || sign) && !(multiply && negate) && !(slope && negateSlope)
})

const all8: Case = { ...none, saturate: true, multiply: true, add: true, rprelu: true, slope: true, sign: true }
const all16: Case = { ...none, add: true, rprelu: true, sign: true, wide: true, negate: true, negateSlope: true }

/** Products of sums that are not saturated have to be within 16 bits: here, of few bits. */
const callsOf = (blocking: Blocking): Call[] => [
  ...combinations.map((stages) => callOf('stages', blocking, shape(2, 1, 1, 5, 3, 13), stages, 'random')),
  ...shapes.flatMap((at) => [all8, all16].map((stages) => callOf('shapes', blocking, at, stages, 'random'))),
  ...(['same', 'inverse'] as const).flatMap((extreme) =>
    [shape(16, 3, 1, 2, 2, 8), shape(31, 3, 1, 3, 2, 8), shape(124, 1, 1, 3, 1, 8)].flatMap((at) =>
      [all8, all16, { ...none, wide: true }].map((stages) => callOf('extremes', blocking, at, stages, extreme)),
    ),
  ),
]

for (const blocking of blockings)
  describe(`bconv-fixed-${blocking}`, () => {
    const file = `bconv-fixed-${blocking}`
    const calls = callsOf(blocking)

    it('computes what the plain loops do, writes nothing else, and keeps registers', () => {
      expect(problems(file, calls)).toEqual([])
    })

    it('reads nothing behind its inputs', () => {
      expect(
        readsBehind(
          file,
          calls.filter((_, i) => i % 60 === 0),
        ),
      ).toEqual([])
    })

    it.skipIf(qemuAbsent())('leaves the same bytes under qemu', () => {
      expect(differencesFromQemu(file, calls)).toEqual([])
    })
  })
