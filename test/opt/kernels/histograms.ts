// Histograms of many shapes, and the plain definitions that the codes are checked against.

import { readFileSync } from 'node:fs'
import seedrandom from 'seedrandom'
import type { KernelCode } from '../../../src/work/kernel-code.ts'

export function counts(values: Iterable<number>): Uint32Array {
  const all = new Uint32Array(512)
  all.set([...values])
  return all
}

const from = (count: (symbol: number) => number, symbols = 512): Uint32Array =>
  counts(Array.from({ length: symbols }, (_, symbol) => count(symbol)))

const file = new URL('../../../models/sequence-histogram.json', import.meta.url)
const trained: Record<string, number[]> = JSON.parse(readFileSync(file, 'utf8')).histograms

const random = seedrandom('histograms of sequences')

export const histograms: Readonly<Record<string, Uint32Array>> = {
  'one symbol': from((symbol) => (symbol === 300 ? 7 : 0)),
  'two symbols': from((symbol) => (symbol === 511 ? 1 : symbol === 4 ? 1000 : 0)),
  'three equal symbols': from(() => 5, 3),
  'uniform over 512': from(() => 3),
  'uniform over 257': from(() => 1, 257),
  geometric: from((symbol) => Math.floor(2 ** (20 - symbol / 8))),
  'halving, 24 symbols': from((symbol) => 2 ** (24 - symbol), 24),
  Zipf: from((symbol) => Math.floor(100_000 / (1 + ((symbol * 77) % 512)))),
  'one frequent among many': from((symbol) => (symbol === 9 ? 1_000_000 : 1)),
  'random, some absent': from(() => (random() < 0.3 ? 0 : Math.floor(1000 * random() ** 4))),
  ...Object.fromEntries(Object.entries(trained).map(([name, list]) => [`trained ${name}`, counts(list)])),
}

/** A few histograms of up to `symbols` symbols with many equal counts, and with skewed ones. */
export function small(seed: string, symbols: number): Uint32Array[] {
  const draw = seedrandom(seed)
  return Array.from({ length: 40 }, (_, i) => {
    const n = 2 + Math.floor(draw() * (symbols - 1))
    return from(() => 1 + Math.floor(i % 2 === 0 ? 4 * draw() : 2 ** (12 * draw())), n)
  })
}

/** Every symbol as often as the histogram says, up to `most` times, shuffled. */
export function drawn(histogram: Uint32Array, seed: string, most = 40): Uint16Array {
  const draw = seedrandom(seed)
  const all = Array.from(histogram).flatMap((count, symbol) => Array<number>(Math.min(count, most)).fill(symbol))
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1))
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return Uint16Array.from(all)
}

export const total = (histogram: Uint32Array): number => histogram.reduce((sum, count) => sum + count, 0)

export const occurring = (histogram: Uint32Array): number => histogram.filter((count) => count > 0).length

/** Bits of Huffman's tree: the sum of what its inner nodes weigh. */
export function huffmanBits(histogram: Iterable<number>): number {
  const nodes = [...histogram].filter((count) => count > 0)
  let bits = 0
  while (nodes.length > 1) {
    nodes.sort((a, b) => b - a)
    const node = nodes.pop()! + nodes.pop()!
    nodes.push(node)
    bits += node
  }
  return bits
}

export const kraftSum = ({ lengths }: KernelCode): number =>
  lengths.reduce((sum, bits) => (bits > 0 ? sum + 2 ** -bits : sum), 0)

/** The codewords, as text. */
export const codewords = ({ lengths, words }: KernelCode): string[] =>
  [...lengths.keys()].filter((i) => lengths[i]! > 0).map((i) => words[i]!.toString(2).padStart(lengths[i]!, '0'))

/** In order, a word comes right before some word that it begins, if there is one. */
export function isPrefixFree(texts: readonly string[]): boolean {
  const sorted = texts.toSorted()
  return sorted.every((text, i) => i === 0 || !text.startsWith(sorted[i - 1]!))
}
