import { describe, expect, it } from 'vitest'
import { drawnPictures } from '../../src/model/drawn.ts'
import { loadNetwork } from '../../src/model/load.ts'
import { encode, evaluate } from '../../src/work/evaluate.ts'
import { workload } from '../../src/work/lower.ts'
import type { BitTensor, IntTensor, RealTensor, Tensor } from '../../src/work/tensor.ts'
import { Golden, Verifier } from '../../src/work/verify.ts'

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
    const verifier = new Verifier(new Golden(work, inputs))
    for (const image of [0, 1, 2]) verifier.check(image, 'conv1.pool', right[image % 2]!.tensors.get('conv1.pool')!)
    expect(verifier.finish([result(0), result(1), result(2, 0)])).toEqual({
      tensors: 3,
      values: 3 * 64 * 14 * 14,
      deviation: 0,
    })
  })

  it('catches one wrong bit, also in a picture that was right before', () => {
    const verifier = new Verifier(new Golden(work, inputs))
    verifier.check(0, 'conv1.pool', bits)
    const words = bits.words.slice()
    words[7]! ^= 1
    expect(() => verifier.check(2, 'conv1.pool', { ...bits, words })).toThrow(/image 2, conv1\.pool, word 7/)
  })

  it('catches a tensor that is short or was not observed', () => {
    const verifier = new Verifier(new Golden(work, inputs))
    const scores = right[0]!.tensors.get('fc8') as IntTensor
    expect(() => verifier.check(0, 'fc8', { ...scores, data: scores.data.slice(1) })).toThrow(/image 0, fc8/)
    verifier.check(0, 'fc8', scores)
    expect(() => verifier.finish([result(0), result(1)])).toThrow('1 tensors were observed of 2')
  })

  it('catches a wrong class and a wrong score on the way out', () => {
    const other = { ...result(0), class: (result(0).class + 1) % 10 }
    expect(() => new Verifier(new Golden(work, inputs)).finish([other])).toThrow(/image 0: class/)
    const scores = result(0).scores.map((score, i) => (i === 3 ? score + 1 : score))
    expect(() => new Verifier(new Golden(work, inputs)).finish([{ ...result(0), scores }])).toThrow(/or scores differ/)
  })

  it('lets sums of reals be rounded otherwise, and follows what was observed', () => {
    const net = loadNetwork('quicknet-small')
    const small = workload({
      ...net,
      nodes: net.nodes.slice(0, 8),
      decision: { rule: 'argmax', scores: net.nodes[7]!.name },
    })
    const input = encode(net, drawnPictures(net.picture, 1).pictures[0]!.pixels)
    const all = evaluate(small, input, true).tensors
    const names = net.nodes.slice(0, 8).map(({ name }) => name)
    const nudged = (name: string, by: number): Tensor => {
      const tensor = all.get(name) as RealTensor
      return { ...tensor, data: tensor.data.map((value, i) => (i === 5 ? value + by : value)) }
    }
    const stem = all.get('stem') as RealTensor
    const largest = stem.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(() => new Verifier(new Golden(small, [input])).check(0, 'stem', nudged('stem', largest * 1e-4))).toThrow(
      'image 0, stem, word 5',
    )
    const verifier = new Verifier(new Golden(small, [input]))
    verifier.check(0, 'stem', nudged('stem', largest * 1e-6))
    const next = names[1]!
    expect(() => verifier.check(0, next, nudged(next, 1e-3))).toThrow(`image 0, ${next}, word 5`) // no sum: exact
  })
})
