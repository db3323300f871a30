// Damaged files either load or throw InputError: nothing else escapes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import seedrandom, { type PRNG } from 'seedrandom'
import { afterAll, describe, expect, it } from 'vitest'
import { readBytes, readText, shippedFile } from '../../src/model/files.ts'
import { readPictures } from '../../src/model/images.ts'
import { importNetwork } from '../../src/model/load.ts'
import { checkNetwork } from '../../src/work/check.ts'
import { InputError } from '../../src/work/input-error.ts'
import { absent, sharedData } from './shared-data.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'bnnsim-mutation-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pick = <T>(random: PRNG, list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const below = (random: PRNG, count: number) => Math.floor(random() * count)

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Containers of a value and where in them a change can be made. */
function places(value: Json): { holder: Json[] | { [key: string]: Json }; key: string }[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...places((value as { [key: string]: Json })[key]!),
  ])
}

const replacements: readonly Json[] = [
  ...[null, true, -1, 0, 1, 2, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e308, '', 'x', '1', '../x', [], {}, [[]], [1, 1]],
  { offset: 0 },
]

function mutateValue(text: string, random: PRNG): string {
  const value = JSON.parse(text) as Json
  for (let changes = 1 + below(random, 2); changes > 0; changes--) {
    const { holder, key } = pick(random, places(value))
    const at = holder as { [key: string]: Json }
    const kind = below(random, 5)
    if (kind === 0) {
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete at[key]
    } else if (kind === 1) at[`${key}x`] = at[key]!
    else if (kind === 2 && typeof at[key] === 'number')
      at[key] = (at[key] as number) + pick(random, [-1, 1, 8, -0.5, 1e7])
    else at[key] = pick(random, replacements)
  }
  // Without the checksum, damage gets past it and to the checks behind.
  if (random() < 0.5 && typeof value === 'object' && value !== null) delete (value as { [key: string]: Json }).bin_md5
  return JSON.stringify(value, undefined, 1)
}

function mutateBytes(bytes: Uint8Array, random: PRNG): Uint8Array {
  const kind = below(random, 4)
  if (kind === 0) return bytes.slice(0, below(random, bytes.length))
  if (kind === 1)
    return Uint8Array.from([...bytes, ...Array.from({ length: 1 + below(random, 9) }, () => below(random, 256))])
  const changed = Uint8Array.from(bytes)
  const reach = kind === 2 ? Math.min(24, bytes.length) : bytes.length
  for (let flips = 1 + below(random, 4); flips > 0; flips--) changed[below(random, reach)] = below(random, 256)
  return changed
}

const mutateText = (text: string, random: PRNG) => new TextDecoder().decode(mutateBytes(Buffer.from(text), random))

/** 'loaded' or 'refused'; any other error fails the test. */
function outcome(run: () => unknown): 'loaded' | 'refused' {
  try {
    run()
    return 'loaded'
  } catch (error) {
    if (error instanceof InputError) return 'refused'
    throw error
  }
}

const own = { json: shippedFile('cnv-cifar10.json'), bin: shippedFile('cnv-cifar10.bin') }
const weights = (name: string) => ({ json: sharedData(`weights/${name}.json`), bin: sharedData(`weights/${name}.bin`) })

describe('model files', () => {
  function survive(files: { json: string; bin: string }, count: number): Record<string, number> {
    const random = seedrandom(`mutation ${path.basename(files.json)}`)
    const [text, bytes] = [readText(files.json), readBytes(files.bin)]
    const tally = { loaded: 0, refused: 0 }
    const file = path.join(folder, path.basename(files.json))
    for (let i = 0; i < count; i++) {
      const kind = below(random, 8)
      writeFileSync(file, kind === 0 ? mutateText(text, random) : kind === 7 ? text : mutateValue(text, random))
      writeFileSync(path.join(folder, path.basename(files.bin)), kind >= 6 ? mutateBytes(bytes, random) : bytes)
      tally[outcome(() => checkNetwork(importNetwork(file)))]++
    }
    return tally
  }

  it('cnv-cifar10 loads or is refused', () => {
    const tally = survive(own, 150)
    expect(tally.refused).toBeGreaterThan(100)
  })

  it.skipIf(absent('weights/tfc_1w1a_mnist.json'))('tfc loads or is refused', () => {
    const tally = survive(weights('tfc_1w1a_mnist'), 300)
    expect(tally.refused).toBeGreaterThan(150)
    expect(tally.loaded).toBeGreaterThan(0)
  })

  it.skipIf(absent('weights/fracbnn_cifar10.json'))('fracbnn loads or is refused', () => {
    const tally = survive(weights('fracbnn_cifar10'), 60)
    expect(tally.refused).toBeGreaterThan(30)
  })
})

describe('picture files', () => {
  const seeds: readonly (readonly [string, Uint8Array])[] = [
    ['cifar.bin', new Uint8Array(2 * 3073).fill(5)],
    [
      'x-images.idx3-ubyte',
      Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, ...new Array(12).fill(9)]),
    ],
    ['x.ppm', Buffer.from('P6\n# c\n2 2\n255\n0123456789ab')],
    ['x.pgm', Buffer.from('P5\n2 2\n255\n0123')],
  ]
  it.each(seeds)('%s loads or is refused', (name, bytes) => {
    const random = seedrandom(`mutation ${name}`)
    const file = path.join(folder, name)
    const labels = path.join(folder, 'x-labels.idx1-ubyte')
    const tally = { loaded: 0, refused: 0 }
    for (let i = 0; i < 300; i++) {
      writeFileSync(file, mutateBytes(bytes, random))
      writeFileSync(labels, mutateBytes(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]), random))
      tally[outcome(() => readPictures(file))]++
    }
    expect(tally.refused).toBeGreaterThan(50)
  })
})
