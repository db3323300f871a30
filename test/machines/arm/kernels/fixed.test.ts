// Fixed-point kernels with parameters of channels against the evaluation of their steps.

import { describe, expect, it } from 'vitest'
import type { Op } from '../../../../src/work/network.ts'
import { steps } from '../../../../src/work/steps.ts'
import type { IntTensor, RealTensor, Tensor } from '../../../../src/work/tensor.ts'
import { qemuAbsent } from '../../../isa/oracle/tools.ts'
import { differencesFromQemu, problems } from './call.ts'
import { bitsOf, integer, integers, type Stored, spread, storages, tensorOf } from './fixed-numbers.ts'
import { Calls } from './rows.ts'

type OpOf<K extends Op['kind']> = Extract<Op, { kind: K }>

/** Rows, pixels, channels, elements behind each pixel of the input and of the output, bytes behind rows. */
const shapes = [
  [1, 1, 8, 0, 0, 0],
  [2, 3, 16, 8, 0, 16],
  [3, 1, 24, 0, 8, 0],
  [1, 5, 32, 0, 0, 48],
  [2, 4, 8, 8, 16, 0],
  [2, 7, 40, 0, 0, 16],
  [1, 6, 72, 0, 0, 0],
] as const
const kinds = Object.keys(storages) as Stored[]

/** Any shift, those that leave nothing, and those with which ties are frequent. */
const shiftOf = (calls: Calls): number =>
  calls.random() < 0.3 ? [0, 1, 16, -16, 40][Math.floor(5 * calls.random())]! : Math.floor(33 * calls.random()) - 16

const shiftsOf = (calls: Calls, channels: number): Int32Array => integers(calls, channels, 1).map(() => shiftOf(calls))

const signsOf = (calls: Calls, channels: number): Uint8Array =>
  Uint8Array.from({ length: channels }, () => Number(calls.random() < 0.5))

/** [group of 8][table][channel] */
function blocks(
  tables: readonly (Int32Array | Float32Array)[],
  Numbers: typeof Int16Array | typeof Int32Array | typeof Float32Array,
): Int16Array | Int32Array | Float32Array {
  const groups = tables[0]!.length / 8
  const values = Array.from({ length: groups }, (_, g) =>
    tables.flatMap((table) => Array.from(table.subarray(8 * g, 8 * g + 8))),
  )
  return Numbers.from(values.flat())
}

type Shape = (typeof shapes)[number]

/** Adds a call that makes `output` of `input`. */
function call(
  calls: Calls,
  entry: string,
  [rows, pixels, channels, inGap, outGap, gap]: Shape,
  from: { tensor: IntTensor; storage: Stored },
  output: { tensor: Tensor; storage: Stored },
  tables: Int16Array | Int32Array | Float32Array,
): void {
  const inSize = storages[from.storage].BYTES_PER_ELEMENT
  const input = calls.input(spread(from.tensor.data, from.storage, channels, inGap), rows, gap)
  const bits = output.tensor.kind === 'bits'
  const outSize = bits ? 1 / 8 : storages[output.storage].BYTES_PER_ELEMENT
  const outPixel = bits ? 4 * Math.ceil(channels / 32) : outSize * (channels + outGap)
  const data = output.tensor.kind === 'bits' ? output.tensor.words : output.tensor.data
  const stored = bits ? (data as Uint32Array) : spread(data as Int32Array, output.storage, channels, outGap)
  const to = calls.output(stored, rows, gap, outPixel, outSize * channels)
  const places = [input.data, inSize * (channels + inGap), input.rowBytes, to.data, outPixel, to.rowBytes]
  calls.call(entry, [rows, pixels, channels / 8, ...places, tables], `${rows}x${pixels}x${channels}`)
}

const masks = (negative: Uint8Array): Int32Array => Int32Array.from(negative, (one) => -one)
const small = (offset: Int32Array): Int32Array => offset.map((value) => Math.max(-65535, Math.min(65535, value)))
const inputOf = (calls: Calls, [height, width, channels]: Shape, storage: Stored) => {
  return { tensor: tensorOf(calls, { height, width, channels }, storage), storage }
}

function affine(calls: Calls, shape: Shape, from: Stored, to: Stored, multiplied: boolean): void {
  const input = inputOf(calls, shape, from)
  const channels = shape[2]
  const bits = bitsOf(to)
  const shift = shiftsOf(calls, channels)
  const negative = bits === 32 ? new Uint8Array(channels) : signsOf(calls, channels)
  const offset = integers(calls, channels, calls.random() < 0.5 ? bits : 32)
  const multiplier = shift.map(() => Math.round(254 * calls.random()) - 127)
  const op: OpOf<'fixed-affine'> = {
    kind: 'fixed-affine',
    shift,
    negative,
    offset,
    bits,
    ...(multiplied && { multiplier }),
  }
  const tensor = steps['fixed-affine'](op, [input.tensor], input.tensor.shape)
  const tables = [
    ...(multiplied ? [multiplier] : []),
    shift.map((s) => -s),
    masks(negative),
    bits === 32 ? offset : small(offset),
  ]
  const entry = `fixed_affine${multiplied ? '_mul' : ''}_${from}_${to}`
  call(calls, entry, shape, input, { tensor, storage: to }, blocks(tables, Int32Array))
}

function rprelu(calls: Calls, shape: Shape, from: Stored, to: 'i8' | 'i16', multiplied: boolean, lanes: boolean): void {
  const input = inputOf(calls, shape, from)
  const channels = shape[2]
  const near = lanes && multiplied
  const shiftX = integers(calls, channels, lanes ? (near ? 8 : 16) : 32)
  if (near) for (let c = 0; c < channels; c++) shiftX[c] = Math.max(-127, shiftX[c]!)
  const shift = shiftsOf(calls, channels)
  const negative = near ? new Uint8Array(channels) : signsOf(calls, channels)
  const shiftY = integers(calls, channels, lanes || calls.random() < 0.5 ? 16 : 32)
  const slope = shift.map(() => Math.round(254 * calls.random()) - 127)
  const op: OpOf<'fixed-rprelu'> = {
    ...{ kind: 'fixed-rprelu', shiftX, shift, negative, shiftY, bits: to === 'i8' ? 8 : 16 },
    ...(multiplied && { slope }),
  }
  const tensor = steps['fixed-rprelu'](op, [input.tensor], input.tensor.shape)
  const tables = [
    ...[shiftX, ...(multiplied ? [slope] : []), shift.map((s) => -s)],
    ...[...(near ? [] : [masks(negative)]), lanes ? shiftY : small(shiftY)],
  ]
  const entry = `fixed_rprelu${multiplied ? '_mul' : ''}_${lanes ? to : `${from}_${to}`}`
  call(calls, entry, shape, input, { tensor, storage: to }, blocks(tables, lanes ? Int16Array : Int32Array))
}

function above(calls: Calls, shape: Shape, from: Stored): void {
  const input = inputOf(calls, shape, from)
  const level = integers(calls, shape[2], calls.random() < 0.5 ? bitsOf(from) : 32)
  input.tensor.data.set(level.subarray(0, 4)) // not above
  for (let c = 0; c < 4; c++) level[c] = input.tensor.data[c] = integer(calls, bitsOf(from))
  const tensor = steps.threshold({ kind: 'threshold', level, inclusive: false }, [input.tensor], input.tensor.shape)
  call(calls, `above_${from}`, shape, input, { tensor, storage: from }, blocks([level], Int32Array))
}

/** Numbers that float32 does not hold become reals. */
function wide(calls: Calls, shape: Shape): void {
  const [rows, pixels, channels, , , gap] = shape
  const { tensor } = inputOf(calls, shape, 'i32')
  const reals = () =>
    Float32Array.from({ length: channels }, () => (calls.random() - 0.5) * 2 ** (-30 * calls.random()))
  const [scale, offset] = [reals(), reals()]
  const output = steps.affine({ kind: 'affine', scale, offset }, [tensor], tensor.shape)
  const input = calls.input(tensor.data, rows, gap)
  const to = calls.output((output as RealTensor).data, rows, 2 * gap)
  const places = [input.data, 4 * channels, input.rowBytes, to.data, 4 * channels, to.rowBytes]
  const words = [rows, pixels, channels / 8, ...places, blocks([scale, offset], Float32Array)]
  calls.call('affine_wide_i32', words, `${rows}x${pixels}x${channels}`)
}

const families: Readonly<Record<string, { file: string; add: (calls: Calls, shape: Shape) => void }>> = {
  ...Object.fromEntries(
    kinds.flatMap((from) =>
      kinds.flatMap((to) =>
        [false, true].map((multiplied) => [
          `an affine step from ${from} to ${to}${multiplied ? ' with multiplier' : ''}`,
          { file: 'fixed', add: (calls: Calls, shape: Shape) => affine(calls, shape, from, to, multiplied) },
        ]),
      ),
    ),
  ),
  ...Object.fromEntries(
    kinds.flatMap((from) =>
      (['i8', 'i16'] as const).flatMap((to) =>
        [false, true].map((multiplied) => [
          `RPReLU from ${from} to ${to}${multiplied ? ' with slope' : ''}`,
          {
            file: 'fixed-rprelu',
            add: (calls: Calls, shape: Shape) => rprelu(calls, shape, from, to, multiplied, false),
          },
        ]),
      ),
    ),
  ),
  ...Object.fromEntries(
    (
      [
        ['i8', false],
        ['i16', false],
        ['i8', true],
      ] as const
    ).map(([storage, multiplied]) => [
      `RPReLU in lanes of 16 bits of ${storage}${multiplied ? ' with slope' : ''}`,
      {
        file: 'fixed-rprelu',
        add: (calls: Calls, shape: Shape) => rprelu(calls, shape, storage, storage, multiplied, true),
      },
    ]),
  ),
  'reals of large i32': { file: 'fixed', add: wide },
  'bits above levels of i8': { file: 'fixed', add: (calls, shape) => above(calls, shape, 'i8') },
  'bits above levels of i16': { file: 'fixed', add: (calls, shape) => above(calls, shape, 'i16') },
}

function callsOf(name: string): Calls {
  const calls = new Calls(name)
  for (let again = 0; again < 3; again++) for (const shape of shapes) families[name]!.add(calls, shape)
  return calls
}

describe('fixed-point steps of channels', () => {
  it.each(Object.keys(families))('%s equals the evaluation', (name) => {
    expect(problems(families[name]!.file, callsOf(name).list)).toEqual([])
  })

  it.skipIf(qemuAbsent()).each(['fixed', 'fixed-rprelu'])('all of %s do the same under qemu', (file) => {
    const names = Object.keys(families).filter((name) => families[name]!.file === file)
    expect(
      differencesFromQemu(
        file,
        names.flatMap((name) => callsOf(name).list),
      ),
    ).toEqual([])
  })
})
