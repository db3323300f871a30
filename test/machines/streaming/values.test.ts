// Every layer's values, as the simulated hardware computed them, against golden evaluation.

import { describe, expect, it } from 'vitest'
import { resolveExperiment } from '../../../src/config/experiment.ts'
import type { MachineRun } from '../../../src/machines/machine.ts'
import { streaming } from '../../../src/machines/streaming/index.ts'
import type { StreamingSpec } from '../../../src/machines/streaming/spec.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { type Evaluation, encode, golden } from '../../../src/work/evaluate.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Tensor } from '../../../src/work/tensor.ts'
import { orders } from '../../units/rig.ts'
import { RandomNetwork } from '../../work/random-network.ts'
import { type Choices, smallMachine } from './small-machine.ts'
import { unfolded } from './specs.ts'

interface Checked {
  readonly run: MachineRun
  /** Nodes seen for each image, in the order in which their tensors were complete. */
  readonly seen: ReadonlyMap<number, string[]>
  /** `image node` of tensors that differ from golden evaluation. */
  readonly wrong: readonly string[]
  readonly evaluations: readonly Evaluation[]
}

function check(network: Network, spec: StreamingSpec, inputs: readonly Tensor[], images: number): Checked {
  const evaluations = inputs.map((input) => golden(network, input, true))
  const seen = new Map<number, string[]>()
  const wrong: string[] = []
  const run = streaming.lower(workload(network), spec).run({
    inputs,
    images,
    observe: (image, node, tensor) => {
      seen.set(image, [...(seen.get(image) ?? []), node])
      if (!equal(tensor, evaluations[image % inputs.length]!.tensors.get(node)!)) wrong.push(`${image} ${node}`)
    },
  })
  return { run, seen, wrong, evaluations }
}

const valuesOf = (tensor: Tensor): ArrayLike<number> => (tensor.kind === 'bits' ? tensor.words : tensor.data)

function equal(a: Tensor, b: Tensor): boolean {
  const [x, y] = [valuesOf(a), valuesOf(b)]
  return a.kind === b.kind && x.length === y.length && Array.prototype.every.call(x, (value, i) => value === y[i])
}

/** What the machine computes: thresholds and pools, and the last sums. */
function observable(network: Network): string[] {
  const last = network.nodes.at(-1)!
  return network.nodes
    .filter(({ op }) => op.kind !== 'mac')
    .map(({ name }) => name)
    .concat(last.op.kind === 'mac' ? [last.name] : [])
}

const styles = ['rtl', 'hls'] as const
const kinds: readonly Choices[] = styles.flatMap((style) =>
  (['bits', 'int8'] as const).flatMap((input) =>
    (['bits', 'scores'] as const).map((output) => ({ style, input, output })),
  ),
)

describe.each(kinds)('random machines: $style units, $input in, $output out', (choices) => {
  it.each(Array.from({ length: 12 }, (_, i) => i))('compute every tensor of every image, network %d', (i) => {
    const images = 5
    const { network, spec, inputs } = smallMachine(`values ${JSON.stringify(choices)} ${i}`, choices)
    const { run, seen, wrong, evaluations } = check(network, spec, inputs, images)
    expect(wrong).toEqual([])
    for (let image = 0; image < images; image++)
      expect(seen.get(image)?.toSorted()).toEqual(observable(network).toSorted())
    expect(run.outputs.map(({ image }) => image)).toEqual(Array.from({ length: images }, (_, image) => image))
    for (const output of run.outputs) {
      const { scores, class: best, tensors } = evaluations[output.image % inputs.length]!
      expect(output.class).toBe(best)
      const bits = tensors.get(network.nodes.at(-1)!.name)!
      const signs = scores.map((_, c) => 2 * ((valuesOf(bits)[0]! >>> c) & 1) - 1)
      const expected = choices.output === 'scores' ? scores : signs
      expect(output.scores).toEqual(expected)
    }
  })
})

describe('the shipped CNV, folded as published', () => {
  const network = loadNetwork('cnv-cifar10')
  const { variants } = resolveExperiment('cnv-z7020', { machineSchemas: { streaming } })
  const spec = variants[0]!.machine.spec as StreamingSpec

  it('computes every tensor of two pictures', () => {
    const picture = new RandomNetwork('pictures', network.picture, network.encoding)
    const inputs = [picture.pixels(), picture.pixels()].map((pixels) => encode(network, pixels))
    const { run, seen, wrong, evaluations } = check(network, spec, inputs, 2)
    expect(wrong).toEqual([])
    expect(seen.get(1)?.toSorted()).toEqual(observable(network).toSorted())
    for (const { image, scores, class: best } of run.outputs)
      expect({ scores, best }).toEqual({ scores: evaluations[image]!.scores, best: evaluations[image]!.class })
  })
})

describe('scores', () => {
  it('are signed where a layer adds pixels', () => {
    const net = new RandomNetwork('signed', { channels: 8, height: 4, width: 4 }, { kind: 'int8' })
    const network = net.build(net.mac('input', { channels: 6, kernel: 4 }))
    const { wrong, run, evaluations } = check(network, unfolded(1), [encode(network, net.pixels())], 1)
    expect(evaluations[0]!.scores.some((score) => score < 0)).toBe(true)
    expect(wrong).toEqual([])
    expect(run.outputs[0]).toEqual({ image: 0, scores: evaluations[0]!.scores, class: evaluations[0]!.class })
  })
})

describe('order of events within a cycle', () => {
  it.each(kinds)('is unobservable: $style units, $input in, $output out', (choices) => {
    for (let i = 0; i < 6; i++) {
      const { workload: work, spec, inputs } = smallMachine(`order ${i}`, choices)
      const lowered = streaming.lower(work, spec)
      const [forward, ...others] = orders.map((order) => lowered.run({ inputs, images: 20, order }))
      for (const other of others) expect(other).toEqual(forward)
    }
  })
})
