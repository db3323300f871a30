// Which line of a full set makes room.

import seedrandom from 'seedrandom'
import type { CacheSpec, Replacement } from './spec.ts'

/**
 * A slot is `set * ways + way`. Uses are idempotent as a sequence: the same ones again in the same order, with nothing
 * filled between, leave every victim, now and later, what it was (a, b, a, b is as a, b). The fast path of cores relies
 * on it: it uses the lines of a block until one is missing, and the pipeline then uses them all again; and it skips uses
 * of the line of a set that was used last.
 */
export interface ReplacementPolicy {
  used(slot: number): void
  filled(slot: number): void
  /** The slot to fill next in a full set; asking changes nothing. */
  victim(set: number): number
}

/** Least recently used: `stamp` grows with every use. Only the order of last uses matters: a repetition keeps it. */
class Lru implements ReplacementPolicy {
  private readonly ways: number
  private readonly stamp: Float64Array
  private uses = 0

  constructor(sets: number, ways: number) {
    this.ways = ways
    this.stamp = new Float64Array(sets * ways)
  }

  used(slot: number): void {
    this.stamp[slot] = ++this.uses
  }

  filled(slot: number): void {
    this.stamp[slot] = ++this.uses
  }

  victim(set: number): number {
    const from = set * this.ways
    let oldest = from
    for (let slot = from + 1; slot < from + this.ways; slot++)
      if (this.stamp[slot]! < this.stamp[oldest]!) oldest = slot
    return oldest
  }
}

/**
 * A binary tree over the ways: each use turns the nodes on its path away from it, the victim is where they point.
 * Node n has children 2n and 2n + 1, the root is 1, and bit n of a set's word is set when n points to the upper half.
 * Each node is as its last use left it, and the last uses of a repetition are those of what it repeats.
 */
class TreePlru implements ReplacementPolicy {
  private readonly ways: number
  private readonly nodes: Int32Array

  constructor(sets: number, ways: number) {
    this.ways = ways
    this.nodes = new Int32Array(sets)
  }

  used(slot: number): void {
    const way = slot & (this.ways - 1)
    const set = slot / this.ways - way / this.ways
    let nodes = this.nodes[set]!
    let node = 1
    for (let half = this.ways >> 1; half > 0; half >>= 1) {
      const upper = (way & half) !== 0
      nodes = upper ? nodes & ~(1 << node) : nodes | (1 << node)
      node = 2 * node + (upper ? 1 : 0)
    }
    this.nodes[set] = nodes
  }

  filled(slot: number): void {
    this.used(slot)
  }

  victim(set: number): number {
    const nodes = this.nodes[set]!
    let node = 1
    while (node < this.ways) node = 2 * node + ((nodes >>> node) & 1)
    return set * this.ways + node - this.ways
  }
}

/** Empty ways fill in ascending order, so the oldest line is the one after the youngest. Uses change nothing. */
class Fifo implements ReplacementPolicy {
  private readonly ways: number
  private readonly oldest: Uint32Array

  constructor(sets: number, ways: number) {
    this.ways = ways
    this.oldest = new Uint32Array(sets)
  }

  used(): void {}

  filled(slot: number): void {
    const way = slot % this.ways
    this.oldest[(slot - way) / this.ways] = (way + 1) % this.ways
  }

  victim(set: number): number {
    return set * this.ways + this.oldest[set]!
  }
}

/** A pseudo-random way, drawn anew after each fill. Uses change nothing. */
class Random implements ReplacementPolicy {
  private readonly ways: number
  private readonly random: seedrandom.PRNG
  private way = 0

  constructor(_sets: number, ways: number, seed: string) {
    this.ways = ways
    this.random = seedrandom.alea(seed)
    this.filled()
  }

  used(): void {}

  filled(): void {
    this.way = (this.random.int32() >>> 0) % this.ways
  }

  victim(set: number): number {
    return set * this.ways + this.way
  }
}

const policies = { lru: Lru, 'tree-plru': TreePlru, fifo: Fifo, random: Random } satisfies Record<
  Replacement,
  new (
    sets: number,
    ways: number,
    seed: string,
  ) => ReplacementPolicy
>

export const setsOf = ({ bytes, ways, line }: CacheSpec): number => bytes / (ways * line)

export const replacementPolicy = (spec: CacheSpec): ReplacementPolicy =>
  new policies[spec.replacement](setsOf(spec), spec.ways, spec.name)
