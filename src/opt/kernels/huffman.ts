// Huffman codes with a limit on the length of a codeword, in canonical form: the codewords of a length are consecutive.

import { InputError } from '../../work/input-error.ts'
import { type CodeRange, type KernelCode, LONGEST } from '../../work/kernel-code.ts'
import { codeOf, ranked } from './code.ts'

/**
 * The Huffman code: no prefix code takes fewer bits. A single symbol takes one bit. No codeword has more than 32 bits,
 * which is no limit below nine million sequences: the rarest symbol of a Huffman code has n bits only if the counts
 * sum to the n+2nd Fibonacci number or more.
 */
export function huffmanCode(counts: Uint32Array): KernelCode {
  return limitedCode(counts, LONGEST)
}

/** The prefix code that takes the fewest bits among those without a codeword of more than `longest` bits. */
export function limitedCode(counts: Uint32Array, longest: number): KernelCode {
  const symbols = ranked(counts)
  const lengths = optimalLengths(
    Array.from(symbols, (symbol) => counts[symbol]!),
    longest,
  )
  const words = canonicalWords(lengths)
  const ranges: CodeRange[] = []
  for (let first = 0, end: number; first < symbols.length; first = end) {
    const bits = lengths[first]!
    end = lengths.lastIndexOf(bits) + 1
    ranges.push({ bits, word: words[first]!, first, size: end - first })
  }
  return codeOf(symbols, ranges)
}

/**
 * Codeword lengths of the weights, at most `longest`, with the least weighted sum. Of two weights the smaller, of equal ones
 * the later has no shorter codeword. Package-merge (L. L. Larmore, D. S. Hirschberg, "A fast algorithm for optimal
 * length-limited Huffman codes", 1990): each bit of a weight's codeword is an item of that weight. At each depth, from the
 * deepest on, the items and the pairs of what is one deeper are merged by weight, and the cheapest 2n - 2 of the last are taken.
 */
export function optimalLengths(weights: readonly number[], longest: number): number[] {
  const n = weights.length
  if (!(Number.isInteger(longest) && longest >= 1 && longest <= LONGEST))
    throw new InputError(`expected a longest codeword of 1 to ${LONGEST} bits, got ${longest}`)
  if (n > 2 ** longest)
    throw new InputError(
      `expected codewords of ${Math.ceil(Math.log2(n))} bits or more for ${n} symbols, got ${longest}`,
    )
  if (n < 2) return weights.map(() => 1)

  const rising = [...weights.keys()].sort((a, b) => weights[a]! - weights[b]! || b - a)
  const items: Item[] = rising.map((i) => ({ weight: weights[i]!, single: true }))
  const depths = [items]
  while (depths.length < longest) depths.push(merged(items, pairs(depths.at(-1)!)))

  const lengths = weights.map(() => 0)
  let taken = 2 * n - 2
  for (const depth of depths.reverse()) {
    const singles = depth.slice(0, taken).filter(({ single }) => single).length
    for (const i of rising.slice(0, singles)) lengths[i]!++
    taken = 2 * (taken - singles)
  }
  return lengths
}

/** The canonical codewords of these lengths: rising with length, at equal lengths in the order given. */
export function canonicalWords(lengths: readonly number[]): number[] {
  const words = lengths.map(() => 0)
  let [next, bits] = [0, 0]
  for (const i of [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b)) {
    next *= 2 ** (lengths[i]! - bits)
    bits = lengths[i]!
    words[i] = next++
  }
  return words
}

interface Item {
  readonly weight: number
  /** No pair. */
  readonly single: boolean
}

function pairs(items: readonly Item[]): Item[] {
  return Array.from({ length: items.length >> 1 }, (_, i) => ({
    weight: items[2 * i]!.weight + items[2 * i + 1]!.weight,
    single: false,
  }))
}

/** Both lists rise by weight; the sort is stable. */
function merged(a: readonly Item[], b: readonly Item[]): Item[] {
  return [...a, ...b].sort((x, y) => x.weight - y.weight)
}
