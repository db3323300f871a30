// FracBNN, trained for CIFAR-10, after clip8 and add-bit-only: how many pictures it still gets right. Counts are exact: same
// weights, same pictures, same rounding everywhere.

import { describe, expect, it } from 'vitest'
import { evaluateImages } from '../../src/model/eval.ts'
import { importNetwork } from '../../src/model/load.ts'
import { loadPictures } from '../../src/model/pictures.ts'
import { applyPasses, passes } from '../../src/opt/index.ts'
import { workload } from '../../src/work/lower.ts'
import { absent, sharedData } from '../model/shared-data.ts'

const WEIGHTS = 'weights/fracbnn_cifar10.json'
const IMAGES = 'images/cifar10_test_0000_0999.bin'
const COUNT = 20

const both = { fraction: 8, scale: 'multiplier', slope: 'multiplier' } as const

/** Pictures of the first 20 that are right. */
const right: readonly [what: string, pass: string | undefined, options: object, correct: number][] = [
  ['unchanged', undefined, {}, 19],
  ['8 bits, clipped', 'clip8', { fraction: 4, clip: true }, 16],
  ['16 bits, multipliers', 'add-bit-only', both, 20],
  ['16 bits, slopes powers of two', 'add-bit-only', { ...both, slope: 'power' }, 19],
  ['16 bits, scales powers of two', 'add-bit-only', { ...both, scale: 'power' }, 8],
  ['16 bits, both powers of two', 'add-bit-only', { ...both, scale: 'power', slope: 'power' }, 8],
]

describe.skipIf(absent(WEIGHTS, IMAGES))(`of ${COUNT} pictures FracBNN gets right`, () => {
  it.each(right)('%s', async (_what, name, written, correct) => {
    const network = importNetwork(sharedData(WEIGHTS))
    const pictures = loadPictures(sharedData(IMAGES), network.picture, { count: COUNT })
    const chosen = name === undefined ? [] : [{ name, options: passes[name]!.schema.parse(written) }]
    const result = await evaluateImages(network, pictures, { workload: applyPasses(workload(network), chosen) })
    expect(result.correct).toBe(correct)
  })
})
