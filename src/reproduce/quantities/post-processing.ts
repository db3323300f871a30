// What one layer's batch norm, shortcut, activation and sign take of an FPGA, unit by unit.

import { z } from 'zod'
import { passEntry } from '../../config/experiment.ts'
import { totalCost, UNIT_BITS, unitsOf } from '../../machines/fpga/post-units.ts'
import { applyPasses, passes } from '../../opt/index.ts'
import { didYouMean, InputError } from '../../work/input-error.ts'
import { workload } from '../../work/lower.ts'
import type { Layer } from '../../work/workload.ts'
import { about, type NetworkOptions, networkOf, networkOptions, type Quantity } from '../quantity.ts'

const schema = z.strictObject({
  ...networkOptions,
  layer: z.string(),
  /** As a variant lists them. */
  passes: z.array(passEntry).default([]),
})

type Options = NetworkOptions & z.output<typeof schema>

/** Of units with a published cost, `lut`, `slices` and `dsp`; `allLut` and so on count adders and comparators as well. */
export const postProcessing: Quantity = {
  summary: "LUTs, slices and DSPs of the units behind a layer's sums, for one element a cycle",
  schema,
  figures: ['lut', 'slices', 'dsp', 'allLut', 'allSlices'],
  count(options: Options) {
    const network = networkOf(options)
    const { layers } = applyPasses(workload(network), options.passes.map(passChoice))
    const found = layers.find(({ name }) => name === options.layer)
    if (found === undefined) {
      const hint = didYouMean(
        options.layer,
        layers.map(({ name }) => name),
      )
      throw new InputError(`no layer '${options.layer}' in ${network.name}${hint}`, { key: 'layer' })
    }
    const units = unitsBehind(found)
    const priced = totalCost(units.filter(({ name }) => published.has(name)))
    const all = totalCost(units)
    const { lut, slices, dsp } = priced
    return { ...about(network, options), figures: { lut, slices, dsp, allLut: all.lut, allSlices: all.slices } }
  },
}

/** Units whose costs A&B BNN states. */
const published: ReadonlySet<string> = new Set(['multiplier', 'shift', 'prelu', 'quantised-prelu'])

const unitsBehind = ({ post }: Layer) =>
  post.flatMap(({ op, inputs }) => unitsOf(op, inputs.length, 'bits' in op ? (op.bits ?? UNIT_BITS) : UNIT_BITS) ?? [])

function passChoice(written: z.output<typeof passEntry>) {
  const { name, ...given } = typeof written === 'string' ? { name: written } : written
  const pass = passes[name]
  if (pass === undefined)
    throw new InputError(`no pass named '${name}'${didYouMean(name, Object.keys(passes))}`, { key: 'passes' })
  return { name, options: pass.schema.parse(given) }
}
