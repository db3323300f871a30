// Real factors as hardware without floats has them: an 8-bit multiplier and a shift, or a shift alone.

/** How factors are kept: `multiplier`: 8 bits and a shift; `power`: the nearest power of two, which is a shift. */
export type Factors = 'multiplier' | 'power'

/** x * factor is about rshift(x * multiplier, shift), negated where `negative` is 1; without a multiplier by shifts alone. */
export interface Scaling {
  readonly multiplier?: Int32Array
  readonly shift: Int32Array
  readonly negative?: Uint8Array
}

/** Largest magnitude of a multiplier. */
const LARGEST = 127
/** Shifts that leave something of a product of two 8-bit numbers. */
const MOST = 15
/** A shift that leaves nothing of 16 bits. */
export const NOTHING = 16
/** The longest shift of 32 bits. */
export const WIDEST = 31

export const scalingOf = (factors: ArrayLike<number>, kind: Factors): Scaling =>
  kind === 'multiplier' ? multipliers(factors) : powers(factors, NOTHING)

/** With as many bits of each factor as 8 hold, sign included. */
function multipliers(factors: ArrayLike<number>): Scaling {
  const shift = Int32Array.from(factors, (factor) => {
    const most = Math.floor(Math.log2((LARGEST + 0.5) / Math.abs(factor)))
    return Math.max(-MOST, Math.min(MOST, most))
  })
  const multiplier = Int32Array.from(factors, (factor, c) => {
    return Math.max(-LARGEST, Math.min(LARGEST, Math.round(factor * 2 ** shift[c]!)))
  })
  return { multiplier, shift }
}

/** Nearest by ratio, as quantised slopes are 2 to the rounded exponent; shifts of at most `most`. */
export function powers(factors: ArrayLike<number>, most: number): Scaling {
  const shift = Int32Array.from(factors, (factor) => {
    return factor === 0 ? most : Math.max(-MOST, Math.min(most, -Math.round(Math.log2(Math.abs(factor)))))
  })
  const negative = Uint8Array.from(factors, (factor) => Number(factor < 0))
  return negative.includes(1) ? { shift, negative } : { shift }
}

/** Weights as integers of a unit, each 0 or a power of two times its sign. */
export interface PowerWeights {
  readonly data: Int32Array
  readonly unit: number
}

/**
 * Nearest powers of two, the smallest of `levels` rounding to it or to 0. Fewer levels where the sums of `terms` products
 * each with inputs of magnitude `largest` could leave 32 bits.
 */
export function powerWeights(weights: Float32Array, terms: number, largest: number, levels = 8): PowerWeights {
  const top = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  const highest = top === 0 ? 0 : Math.round(Math.log2(top))
  const unit = 2 ** (highest - levels + 1)
  const data = Int32Array.from(weights, (weight) => {
    if (Math.abs(weight) < unit / Math.SQRT2) return Math.abs(weight) < unit / 2 ? 0 : Math.sign(weight)
    return Math.sign(weight) * 2 ** Math.round(Math.log2(Math.abs(weight) / unit))
  })
  if (levels === 1 || largestRow(data, terms) * largest < 2 ** 31) return { data, unit }
  return powerWeights(weights, terms, largest, levels - 1)
}

/** Largest sum of the magnitudes of `terms` weights. */
export function largestRow(data: Int32Array, terms: number): number {
  let largest = 0
  for (let row = 0; row < data.length; row += terms) {
    let sum = 0
    for (let i = row; i < row + terms; i++) sum += Math.abs(data[i]!)
    largest = Math.max(largest, sum)
  }
  return largest
}
