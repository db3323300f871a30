// What the ARM machine tells a tracer: layers and steps, one behind the other, over all cycles of the run.

import { expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { arm } from '../../../src/machines/arm/index.ts'
import { drawnPictures } from '../../../src/model/drawn.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { encode } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import { plain } from './run-on.ts'

it('spans every layer and step', () => {
  const network = loadNetwork('tfc-w1a1')
  const work = workload(network)
  const { pictures } = drawnPictures(network.picture, 1)
  const spans: Record<string, { name: string; start: number; end: number }[]> = { layer: [], step: [] }
  const run = arm.lower(work, { core: loadCore('cortex-a53'), ...plain }).run({
    inputs: pictures.map(({ pixels }) => encode(network, pixels)),
    images: 2,
    tracer: { span: (track, name, start, end) => spans[track]!.push({ name, start, end }) },
  })
  for (const list of Object.values(spans)) {
    expect(list[0]!.start).toBe(0)
    expect(list.slice(1).map(({ start }) => start)).toEqual(list.slice(0, -1).map(({ end }) => end))
    expect(run.totalCycles - list.at(-1)!.end).toBeLessThan(100) // until the last store has left the core
  }
  const layers = run.layers.map(({ name }) => name)
  expect([...new Set(spans.layer!.map(({ name }) => name))]).toEqual(layers)
})
