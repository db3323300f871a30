// Quantities with units, as they are written in configuration files: `200 MHz`, `64 KiB`.
// Each schema reads such a string and gives a number in the base unit.

import { z } from 'zod'
import { numberText } from './schema-complaint.ts'

/** Powers of ten and of two that one unit stands for, in base units. */
type Units = Readonly<Record<string, readonly [ten: number, two: number]>>

const ten = (power: number): readonly [number, number] => [power, 0]
const two = (power: number): readonly [number, number] => [0, power]

const byteUnits = {
  B: ten(0),
  kB: ten(3),
  MB: ten(6),
  GB: ten(9),
  KiB: two(10),
  MiB: two(20),
  GiB: two(30),
} satisfies Units

const byteRateUnits: Units = Object.fromEntries(Object.entries(byteUnits).map(([unit, scale]) => [`${unit}/s`, scale]))
const frequencyUnits: Units = { Hz: ten(0), kHz: ten(3), MHz: ten(6), GHz: ten(9) }
const durationUnits: Units = { s: ten(0), ms: ten(-3), us: ten(-6), µs: ten(-6), ns: ten(-9), ps: ten(-12) }
const energyUnits: Units = {
  J: ten(0),
  mJ: ten(-3),
  uJ: ten(-6),
  µJ: ten(-6),
  nJ: ten(-9),
  pJ: ten(-12),
  fJ: ten(-15),
}
const powerUnits: Units = { W: ten(0), mW: ten(-3), uW: ten(-6), µW: ten(-6), nW: ten(-9) }
const areaUnits: Units = { mm2: ten(0), um2: ten(-6), µm2: ten(-6) }
const transferUnits: Units = { 'MT/s': ten(6), 'GT/s': ten(9) }
const ratioUnits: Units = { '%': ten(-2) }

/** No unit stands for two quantities. */
const allUnits: Units = {
  ...byteUnits,
  ...byteRateUnits,
  ...frequencyUnits,
  ...durationUnits,
  ...energyUnits,
  ...powerUnits,
  ...areaUnits,
  ...transferUnits,
  ...ratioUnits,
}

const patternOf = (units: Units): RegExp =>
  new RegExp(`^(\\d{1,15}(?:\\.\\d{1,15})?) ?(${Object.keys(units).join('|')})$`)

const everyPattern = patternOf(allUnits)

/** Reading the decimal exponent with the digits rounds once: 0.3 GHz is 300000000 exactly. */
function inBaseUnits(number: string, [tens, twos]: readonly [number, number]): number {
  return Number(`${number}e${tens}`) * 2 ** twos
}

/** Number and unit of a quantity of any kind, and what it is in the base unit; undefined for other texts. */
export function readQuantity(text: string): { readonly number: number; unit: string; base: number } | undefined {
  const [, number = '', unit = ''] = everyPattern.exec(text) ?? []
  const scale = allUnits[unit]
  return scale === undefined ? undefined : { number: Number(number), unit, base: inBaseUnits(number, scale) }
}

/** Message of a schema: what was expected, and what came instead. */
const wanted =
  (expectation: string) =>
  ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return `missing; expected ${expectation}`
    const text = typeof input === 'number' ? numberText(input) : (JSON.stringify(input) ?? String(input))
    return `expected ${expectation}, got ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`
  }

/** At most 15 digits on either side of the point keep every quantity finite. */
function quantity(noun: string, example: string, units: Units): z.ZodType<number, string> {
  const expectation = `${noun} such as '${example}'`
  const pattern = patternOf(units)
  return z
    .string({ error: wanted(expectation) })
    .regex(pattern, { error: `expected ${expectation}` })
    .meta({ description: expectation })
    .transform((text) => {
      const [, number = '', unit = ''] = pattern.exec(text) ?? []
      return inBaseUnits(number, units[unit] ?? [0, 0])
    })
}

/** Hertz, above 0 and at most 100 GHz. */
export const frequency = (): z.ZodType<number, string> =>
  quantity('a frequency', '200 MHz', frequencyUnits)
    .refine((hertz) => hertz > 0, 'expected a frequency above 0')
    .refine((hertz) => hertz <= 1e11, 'expected a frequency of at most 100 GHz')

/** Whole bytes. */
export const bytes = (): z.ZodType<number, string> =>
  quantity('a size', '64 KiB', byteUnits).refine(Number.isSafeInteger, 'expected a whole number of bytes')

/** Seconds. */
export const duration = (): z.ZodType<number, string> => quantity('a duration', '14 ns', durationUnits)

/** Joules. */
export const energy = (): z.ZodType<number, string> => quantity('an energy', '0.4 pJ', energyUnits)

/** Watts. */
export const power = (): z.ZodType<number, string> => quantity('a power', '1.6 W', powerUnits)

/** Square millimetres. */
export const area = (): z.ZodType<number, string> => quantity('an area', '0.02 mm2', areaUnits)

/** Bytes a second. */
export const dataRate = (): z.ZodType<number, string> => quantity('a data rate', '2.1 GB/s', byteRateUnits)

/** Transfers a second of a memory bus, both clock edges counted. */
export const transferRate = (): z.ZodType<number, string> => quantity('a transfer rate', '1066 MT/s', transferUnits)

/** A fraction from 0 to 1, written in percent. */
export const ratio = (): z.ZodType<number, string> =>
  quantity('a ratio', '10 %', ratioUnits).refine((part) => part <= 1, 'expected a ratio of at most 100 %')

/** Sums and products of a few counts stay exact. */
const largest = 2 ** 31 - 1

/** A whole number without unit, at least `least` and at most 2^31 - 1. */
export const count = (least = 0): z.ZodType<number, number> => {
  const expectation = `a whole number of at least ${least}`
  const tooSmall = `expected ${expectation}`
  const tooBig = `expected a whole number of at most ${largest.toLocaleString('en')}`
  const beyondIntegers = { too_small: tooSmall, too_big: tooBig }
  return z
    .int({ error: (issue) => beyondIntegers[issue.code as 'too_big'] ?? wanted(expectation)(issue) })
    .min(least, { error: tooSmall })
    .max(largest, { error: tooBig })
}
