// The values that 3x3 binary kernel slices take in trained networks, as a
// distribution to draw from. A slice's value has bit t set where the weight at tap
// t = 3 * ky + kx is +1, so it lies in 0..511.

import { z } from 'zod'
import { parseWith, readDocument } from '../work/document.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import { readText, shippedFile } from './files.ts'

/** Number of values that a 3x3 slice can take. */
export const sliceValues = 512

export interface SequenceChoice {
  /** A list of models/sequence-histogram.json; `cnv`, pooled over three trained CNV networks, by default. */
  readonly histogram?: string
  /**
   * Bits of entropy per slice to sharpen (or flatten) the histogram to, by raising every share to one power;
   * as measured when absent. For networks reported to be more skewed than those measured.
   */
  readonly entropy?: number
}

const schema = z.strictObject({
  about: z.string(),
  bitOrder: z.string(),
  source: z.string(),
  pooling: z.string(),
  histograms: z.record(z.string(), z.array(z.int().min(0)).length(sliceValues)),
})

/** The share of every slice value under `choice`. Throws InputError for an unknown histogram or impossible entropy. */
export function sequenceShares(choice: SequenceChoice = {}): Float64Array {
  const name = choice.histogram ?? 'cnv'
  const file = shippedFile('sequence-histogram.json')
  const { histograms } = parseWith(schema, readDocument(readText(file), file))
  const counts = Object.hasOwn(histograms, name) ? histograms[name] : undefined
  if (counts === undefined) {
    const names = Object.keys(histograms)
    throw new InputError(`no such histogram '${name}'; expected one of ${names.join(', ')}${didYouMean(name, names)}`, {
      key: 'sequences.histogram',
    })
  }
  const shares = normalised(Float64Array.from(counts))
  return choice.entropy === undefined ? shares : sharpened(shares, choice.entropy)
}

/** Shannon entropy, in bits, of shares that sum to 1. */
export function entropy(shares: Float64Array): number {
  return shares.reduce((bits, share) => (share > 0 ? bits - share * Math.log2(share) : bits), 0)
}

/** Draws indices of `shares` in constant time each (M. D. Vose, 1991: the alias method). */
export function sampler(shares: Float64Array): (random: () => number) => number {
  const size = shares.length
  const keep = Float64Array.from(shares, (share) => share * size)
  const alias = Uint16Array.from(shares, (_, i) => i)
  const small = [...keep.keys()].filter((i) => keep[i]! < 1)
  const large = [...keep.keys()].filter((i) => keep[i]! >= 1)
  while (small.length > 0 && large.length > 0) {
    const under = small.pop()!
    const over = large.at(-1)!
    alias[under] = over
    keep[over]! -= 1 - keep[under]!
    if (keep[over]! < 1) small.push(large.pop()!)
  }
  for (const i of [...small, ...large]) keep[i] = 1
  return (random) => {
    const at = random() * size
    const column = at | 0
    return at - column < keep[column]! ? column : alias[column]!
  }
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((a, b) => a + b, 0)
  return values.map((value) => value / sum)
}

function sharpened(shares: Float64Array, bits: number): Float64Array {
  const most = Math.log2(shares.filter((share) => share > 0).length)
  if (!(bits >= 1 && bits <= most)) {
    throw new InputError(`expected 1 to ${most.toFixed(2)} bits a slice, got ${bits}`, { key: 'sequences.entropy' })
  }
  const raised = (power: number) => normalised(shares.map((share) => (share > 0 ? share ** power : 0)))
  let low = 0
  let high = 32
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (entropy(raised(middle)) > bits) low = middle
    else high = middle
  }
  return raised((low + high) / 2)
}
