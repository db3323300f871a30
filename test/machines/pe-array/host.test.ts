// What a PE array leaves to a host is what passes have made of it, too.

import { expect, it } from 'vitest'
import { applyPasses, passes } from '../../../src/opt/index.ts'
import { evaluate } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import { samples } from '../../opt/samples.ts'
import { laneSpec, runWork } from './residual.ts'
import { pictures } from './small-array.ts'

it.each([
  ['clip8', {}],
  ['cluster-kernels', { keep: 16, distance: 9 }],
])('computes gated layers as %s has left them', (name, written) => {
  const { network } = samples[2]!
  const inputs = pictures(network, 2)
  const before = workload(network)
  const gated = before.layers.find(({ accumulator }) => accumulator.sum === 'gated')!
  const work = applyPasses(before, [{ name, options: passes[name]!.schema.parse(written) }])
  const { run } = runWork(work, laneSpec(4, { others: 'host' }))
  const scores = (each: typeof work) =>
    Array.from({ length: run.images }, (_, i) => evaluate(each, inputs[i % inputs.length]!).scores)
  expect(run.outputs.map((output) => output.scores)).toEqual(scores(work))
  expect(scores(work)).not.toEqual(scores(before))
  expect(work.layers.find((layer) => layer.name === gated.name)).not.toEqual(gated)
})
