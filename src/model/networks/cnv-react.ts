// FINN's CNV with batch norm, RPReLU and a learned sign where CNV has thresholds: as such networks are trained, before anything
// is folded. Layer L becomes `L`, `L.bn`, `L.rprelu`, `L.sign` and, where pictures halve, `L.pool`.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { cifarClasses, cifarPicture } from './classes.ts'
import { rsign } from './imagenet.ts'

const convolutions = [64, 64, 128, 128, 256, 256]
const dense = [512, 512]

/** Deviation of an int8 pixel, about. */
const PIXELS = 64

export function cnvReact(parameters: Parameters): Network {
  const builder = new NetworkBuilder(cifarPicture, parameters)
  let x = 'input'
  const layer = (name: string, out: number, kernel: number): void => {
    const conv = builder.binaryConv(name, x, out, { kernel })
    const bn = `${name}.bn`
    if (x === 'input') builder.batchNorm(bn, conv, PIXELS * Math.sqrt(cifarPicture.channels * kernel ** 2))
    else builder.binaryBatchNorm(bn, conv)
    x = rsign(builder, `${name}.sign`, builder.rprelu(`${name}.rprelu`, bn))
  }
  convolutions.forEach((out, i) => {
    layer(`conv${i}`, out, 3)
    if (i === 1 || i === 3) x = builder.pool(`conv${i}.pool`, x, 'max', { kernel: 2 })
  })
  dense.forEach((out, i) => {
    layer(`fc${convolutions.length + i}`, out, builder.shape(x).height)
  })
  const scores = builder.binaryConv('fc8', x, cifarClasses.length, { kernel: 1 })
  return builder.finish({
    name: 'cnv-react',
    source: "topology of FINN CNV with ReActNet's activations, seeded weights",
    picture: cifarPicture,
    encoding: { kind: 'int8' },
    classes: cifarClasses,
    decision: { rule: 'argmax', scores },
  })
}
