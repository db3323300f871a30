// Grouped codes: a Huffman-coded prefix selects a group of symbols, a fixed number of bits the symbol in the group.
// A decoder needs to look no further than the prefix, which is short, to know the length of a codeword.

import { InputError } from '../../work/input-error.ts'
import { type CodeRange, type KernelCode, LONGEST } from '../../work/kernel-code.ts'
import { TAPS } from '../../work/sequences.ts'
import { codeOf, ranked } from './code.ts'
import { canonicalWords, optimalLengths } from './huffman.ts'

/** Groups that `bestGroups` makes at most. */
export const GROUPS = 8

/**
 * The symbols by falling count are cut into groups of 2^indexBits[g]; the last that any symbols are left for may be partly
 * filled, groups behind it are left out. A single group has no prefix, unless it is of a single symbol.
 */
export function groupedCode(counts: Uint32Array, indexBits: readonly number[] = bestGroups(counts)): KernelCode {
  if (!indexBits.every((bits) => Number.isInteger(bits) && bits >= 0 && bits <= TAPS))
    throw new InputError(`expected groups of 0 to ${TAPS} index bits, got ${indexBits.join(', ')}`)
  const symbols = ranked(counts)
  const groups: { index: number; first: number; size: number; weight: number }[] = []
  let first = 0
  for (const index of indexBits) {
    const members = symbols.subarray(first, first + 2 ** index)
    const weight = members.reduce((sum, symbol) => sum + counts[symbol]!, 0)
    if (members.length > 0) groups.push({ index, first, size: members.length, weight })
    first += members.length
  }
  if (first < symbols.length)
    throw new InputError(`expected groups with room for ${symbols.length} symbols, got room for ${first}`)

  const alone = groups.length === 1 && groups[0]!.index > 0
  const weights = groups.map(({ weight }) => weight)
  const prefixBits = alone ? [0] : optimalLengths(weights, LONGEST - TAPS)
  const prefixes = canonicalWords(prefixBits)
  const ranges = groups.map(
    ({ index, first, size }, g): CodeRange => ({
      bits: prefixBits[g]! + index,
      word: prefixes[g]! * 2 ** index,
      first,
      size,
    }),
  )
  return codeOf(symbols, ranges)
}

const LONGEST_PREFIX = GROUPS - 1
/** Kraft's sum of 1, in units of the longest prefix. */
const WHOLE = 2 ** LONGEST_PREFIX
const ROOMS = WHOLE + 1

/**
 * The index bits of the grouped code of at most 8 groups that takes the fewest bits; among equal ones, one of the fewest
 * groups. Exact: Huffman prefixes are the cheapest that Kraft's inequality admits, and those of 8 groups have at most 7
 * bits. So groups and prefix lengths are chosen together, by dynamic programming over the place in the ranking, the groups
 * left, and the room left in Kraft's sum.
 */
export function bestGroups(counts: Uint32Array): number[] {
  const sums = [0]
  for (const symbol of ranked(counts)) sums.push(sums.at(-1)! + counts[symbol]!)
  const end = sums.length - 1

  // least[g][place * ROOMS + room]: the fewest bits that the symbols from `place` on take in at most g groups.
  const least = Array.from({ length: GROUPS + 1 }, () =>
    new Float64Array(sums.length * ROOMS).fill(Infinity, 0, end * ROOMS),
  )
  for (let g = 1; g <= GROUPS; g++)
    for (let place = 0; place < end; place++)
      for (let room = 1; room <= WHOLE; room++)
        least[g]![place * ROOMS + room] = bestFirst(sums, place, room, least[g - 1]!).bits

  const indexBits: number[] = []
  let left = least.findIndex((bits) => bits[WHOLE] === least[GROUPS]![WHOLE])
  for (let place = 0, room = WHOLE; place < end; left--) {
    const group = bestFirst(sums, place, room, least[left - 1]!)
    indexBits.push(group.index)
    place = group.next
    room = group.room
  }
  return indexBits
}

/** The group that the symbols from `place` on best begin with, given the least bits of what follows by place and room. */
function bestFirst(sums: readonly number[], place: number, room: number, rest: Float64Array) {
  const end = sums.length - 1
  let [bits, index, prefix] = [Infinity, 0, 0]
  for (let i = 0, next = place; next < end; i++) {
    next = Math.min(place + (1 << i), end)
    const weight = sums[next]! - sums[place]!
    for (let p = 0; p <= LONGEST_PREFIX; p++) {
      const after = room - (WHOLE >> p)
      if (after < 0) continue
      const sum = weight * (p + i) + rest[next * ROOMS + after]!
      if (sum < bits) [bits, index, prefix] = [sum, i, p]
    }
  }
  return { bits, index, next: Math.min(place + (1 << index), end), room: room - (WHOLE >> prefix) }
}
