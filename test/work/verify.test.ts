import { describe, expect, it } from 'vitest'
import { drawnPictures } from '../../src/model/drawn.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { encode, evaluate } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import type { BitTensor, IntTensor } from '../../src/work/tensor.ts'
import { Verifier } from '../../src/work/verify.ts'

const network = loadNetwork('cnv-cifar10')
const work = workload(network)
const inputs = drawnPictures(network.picture, 2).pictures.map(({ pixels }) => encode(network, pixels))
const right = inputs.map((input) => evaluate(work, input, true))
const bits = right[0]!.tensors.get('conv1.pool') as BitTensor
const result = (image: number, picture = image) => {
  const { scores, class: best } = right[picture]!
  return { image, scores, class: best }
}

describe('Verifier', () => {
  it('accepts what evaluation gives, for every image of a batch', () => {
    const verifier = new Verifier(work, inputs)
    for (const image of [0, 1, 2]) verifier.check(image, 'conv1.pool', right[image % 2]!.tensors.get('conv1.pool')!)
    expect(verifier.finish([result(0), result(1), result(2, 0)])).toEqual({ tensors: 3, values: 3 * 64 * 14 * 14 })
  })

  it('catches one wrong bit, also in a picture that was right before', () => {
    const verifier = new Verifier(work, inputs)
    verifier.check(0, 'conv1.pool', bits)
    const words = bits.words.slice()
    words[7]! ^= 1
    expect(() => verifier.check(2, 'conv1.pool', { ...bits, words })).toThrow(/image 2, conv1\.pool, word 7/)
  })

  it('catches a tensor that is short or was not observed', () => {
    const verifier = new Verifier(work, inputs)
    const scores = right[0]!.tensors.get('fc8') as IntTensor
    expect(() => verifier.check(0, 'fc8', { ...scores, data: scores.data.slice(1) })).toThrow(/image 0, fc8/)
    verifier.check(0, 'fc8', scores)
    expect(() => verifier.finish([result(0), result(1)])).toThrow('1 tensors were observed of 2')
  })

  it('catches a wrong class and a wrong score on the way out', () => {
    const other = { ...result(0), class: (result(0).class + 1) % 10 }
    expect(() => new Verifier(work, inputs).finish([other])).toThrow(/image 0: class/)
    const scores = result(0).scores.map((score, i) => (i === 3 ? score + 1 : score))
    expect(() => new Verifier(work, inputs).finish([{ ...result(0), scores }])).toThrow(/or scores differ/)
  })
})
