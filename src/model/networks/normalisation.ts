// How the residual blocks of ReActNets keep their values in range: by batch norm behind each convolution, or, as in
// the normaliser-free networks of A&B BNN (Ma et al., CVPR 2024), by constants. There a mask before each sign divides values
// by their expected deviation, and a scale behind each binary convolution is a real factor for each filter times alpha.

import { filled, type NetworkBuilder } from '../builder.ts'
import { realBatchNorm } from './imagenet.ts'

export interface Normalisation {
  /** Behind the real convolution `conv`. */
  real(builder: NetworkBuilder, conv: string): string
  /** What the sign `<block>.sign<part>` reads of values that `sums` residual sums have gone into. */
  mask(builder: NetworkBuilder, block: string, part: string, from: string, sums: number): string
  /** Behind the binary convolution `conv` with `fanIn` terms a sum, before it is added to the shortcut. */
  main(builder: NetworkBuilder, block: string, part: string, conv: string, fanIn: number): string
  /** Behind a binary convolution within a shortcut. */
  shortcut(builder: NetworkBuilder, conv: string, fanIn: number): string
}

/** Nodes `<block>.bn<part>`. */
export const batchNormalised: Normalisation = {
  real: realBatchNorm,
  mask: (_builder, _block, _part, from) => from,
  main: (builder, block, part, conv) => builder.binaryBatchNorm(`${block}.bn${part}`, conv),
  shortcut: (builder, conv) => builder.binaryBatchNorm(`${conv}.bn`, conv),
}

const alpha = { value: 2 ** -2, kind: 'published', source: 'A&B BNN (Ma et al., CVPR 2024)' } as const

/** Deviation that seeded scales bring sums of a main path to, before alpha. */
const gain = {
  value: 1 / alpha.value,
  kind: 'assumed',
  source:
    'what is added to the shortcut then varies as behind seeded batch norms; with less, seeded RPReLUs let values fade',
} as const

/** Nodes `<block>.mask<part>` and `<block>.scale<part>`. Real convolutions are weight-standardised: their weights scale. */
export const normaliserFree: Normalisation = {
  real: (_builder, conv) => conv,
  mask(builder, block, part, from, sums) {
    const output = builder.shape(from)
    const scale = filled(output.channels, 1 / Math.sqrt(1 + sums * alpha.value ** 2))
    return builder.add(
      `${block}.mask${part}`,
      [from],
      { kind: 'affine', scale, offset: filled(output.channels, 0) },
      output,
    )
  },
  main: (builder, block, part, conv, fanIn) =>
    addScale(builder, `${block}.scale${part}`, conv, gain.value / Math.sqrt(fanIn), alpha.value),
  shortcut: (builder, conv, fanIn) => addScale(builder, `${conv}.scale`, conv, 1 / Math.sqrt(fanIn), 1),
}

/** Multiplies by `factor` and by one positive real for each filter, about `mean`. */
function addScale(builder: NetworkBuilder, name: string, conv: string, mean: number, factor: number): string {
  const output = builder.shape(conv)
  const filters = builder.parameters.reals(name, output.channels, { mean, deviation: 0.1 * mean })
  const scale = filters.map((each) => factor * each)
  return builder.add(name, [conv], { kind: 'affine', scale, offset: filled(output.channels, 0) }, output)
}
