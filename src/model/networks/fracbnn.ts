// FracBNN's ResNet-20 for CIFAR-10 (Y. Zhang et al., FPGA 2021): binary weights, 2-bit activations whose
// second bit counts only where the first promises a large sum, RPReLU and shortcuts.
// Block B has two halves h = 1, 2: `B.quant<h>`, `B.conv<h>`, `B.bn<h>`, `B.rprelu<h>`, `B.add<h>`,
// and `B.bn<h + 2>` after the addition; `B.pool` and `B.double` form the shortcut where channels double.

import type { Network } from '../../work/network.ts'
import { NetworkBuilder } from '../builder.ts'
import type { Parameters } from '../parameters.ts'
import { cifarClasses, cifarPicture } from './classes.ts'

/** Levels of the thermometer code: 256 pixel values in steps of 8. */
const levels = 32

const stages = [
  { name: 'layer1', channels: 16 },
  { name: 'layer2', channels: 32 },
  { name: 'layer3', channels: 64 },
]

export function fracBnnResnet20(parameters: Parameters, name = 'fracbnn-resnet20', source = seededSource): Network {
  const builder = new NetworkBuilder({ ...cifarPicture, channels: cifarPicture.channels * levels }, parameters)
  builder.binaryConv('conv1', 'input', 16, { kernel: 3, padding: 1 })
  let x = builder.batchNorm('bn1', 'conv1', Math.sqrt(9 * 96))
  for (const { name, channels } of stages) {
    for (let i = 0; i < 3; i++) x = addBlock(builder, `${name}_${i}`, x, channels)
  }
  const pooled = builder.pool('pool', x, 'average', { kernel: 8 })
  return builder.finish({
    name,
    source,
    picture: cifarPicture,
    encoding: { kind: 'thermometer', levels },
    decision: { rule: 'argmax', scores: builder.realDense('linear', pooled, 10) },
    classes: cifarClasses,
  })
}

const seededSource = 'topology of FracBNN (github.com/cornell-zhang/FracBNN), seeded weights'

function addBlock(builder: NetworkBuilder, block: string, input: string, channels: number): string {
  let shortcut = input
  let stride = 1
  if (builder.shape(input).channels !== channels) {
    const pool = builder.pool(`${block}.pool`, input, 'average', { kernel: 2 })
    shortcut = builder.concat(`${block}.double`, [pool, pool])
    stride = 2
  }
  const half = addHalf(builder, block, 1, input, shortcut, stride)
  return addHalf(builder, block, 2, half, half, 1)
}

function addHalf(
  builder: NetworkBuilder,
  block: string,
  half: 1 | 2,
  input: string,
  shortcut: string,
  stride: number,
): string {
  const { channels } = builder.shape(shortcut)
  const quantised = builder.quantise2(`${block}.quant${half}`, input)
  const shape = builder.macShape(quantised, channels, { kernel: 3, stride, padding: 1 })
  const fanIn = shape.input.channels * 9
  const conv = `${block}.conv${half}`
  const weights = builder.parameters.binary(conv, channels, shape.input.channels, 9)
  const gate = builder.parameters.reals(`${conv}.gate`, channels, { mean: 0, deviation: Math.sqrt(fanIn) / 2 })
  builder.add(conv, [quantised], { kind: 'gated-mac', shape, weights, gate }, shape.output)
  const bn = builder.batchNorm(`${block}.bn${half}`, conv, Math.sqrt(fanIn))
  const rprelu = builder.rprelu(`${block}.rprelu${half}`, bn)
  const sum = builder.sum(`${block}.add${half}`, [rprelu, shortcut])
  return builder.batchNorm(`${block}.bn${half + 2}`, sum, 1.5)
}
