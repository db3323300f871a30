// Networks with coded 3x3 kernels on the ARM machine, decoded in software and by the decode unit: every value equals
// evaluation, whatever the code and however many rows are gathered at a time.

import { describe, expect, it } from 'vitest'
import { NetworkBuilder } from '../../../src/model/builder.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { residual, rsign } from '../../../src/model/networks/imagenet.ts'
import { seededParameters } from '../../../src/model/seeded.ts'
import { applyPasses } from '../../../src/opt/index.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Network } from '../../../src/work/network.ts'
import type { Workload } from '../../../src/work/workload.ts'
import { drawn, runWork } from './run-on.ts'

const CORE = 'cortex-a53-decode'

const made = new Map<string, Workload>()

/** The network with coded kernels, made once for both ways to decode them. */
function compressed(network: Network, code: 'grouped' | 'huffman', tables = 'layer'): Workload {
  const key = `${network.name} ${code} ${tables}`
  const choice = { name: 'compress-kernels', options: { code, tables } }
  const work = made.get(key) ?? applyPasses(workload(network), [choice])
  made.set(key, work)
  return work
}

/** Two blocks of 3x3 kernels, `channels` to `channels` and to `wider`, the second with stride 2. */
function blocks(channels: number, wider: number, size: number): Network {
  const picture = { channels: 3, height: size, width: size }
  const builder = new NetworkBuilder(picture, seededParameters('coded'))
  const stem = builder.realConv('stem', 'input', channels, { kernel: 3, padding: 1 })
  const one = builder.binaryConv('one', rsign(builder, 'one.sign', stem), channels, { kernel: 3, padding: 1 })
  const sum = residual(builder, 'one.bn', 'one.add', one, stem)
  const two = builder.binaryConv('two', rsign(builder, 'two.sign', sum), wider, { kernel: 3, stride: 2, padding: 1 })
  const last = builder.binaryBatchNorm('two.bn', two)
  const mean = builder.pool('mean', last, 'average', { kernel: builder.shape(last).height })
  const scores = builder.realDense('fc', mean, 4)
  return builder.finish({
    source: 'this test',
    picture,
    encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: [...'abcd'],
    name: `blocks-${channels}-${wider}`,
    decision: { rule: 'argmax', scores },
  })
}

describe.each(['software', 'unit'] as const)('coded kernels decoded by %s', (decoding) => {
  // In grouped codes of each layer, the default, docs/decode-unit.md runs it.
  it('give the bits of cnv-cifar10, in one Huffman code', () => {
    const network = loadNetwork('cnv-cifar10')
    const work = compressed(network, 'huffman', 'network')
    const { checked, run } = runWork(CORE, work, drawn(network, 1), { decoding })
    expect(checked.deviation).toBe(0)
    expect(checked.tensors).toBeGreaterThan(8)
    const counts = run.layers.find(({ name }) => name === 'conv3')?.counts ?? []
    const sequences = counts.find(({ action }) => action === 'sequences')?.count
    if (decoding === 'unit') expect(sequences).toBeGreaterThan(128 * 128)
    else expect(sequences).toBe(0)
    // The first layer reads the picture's integers: its kernels are not coded.
    const decoded = (layer: string) => run.layers.find(({ name }) => name === layer)!.operations.decodedSequences
    expect(decoded('conv0')).toBe(0)
    expect(decoded('conv3')).toBe(sequences)
  })

  it.each([
    [20, 13, 9, 16384],
    [96, 40, 7, 64],
    [160, 24, 6, 16384],
    [256, 32, 5, 2048],
  ])(
    'give the sums of %i channels, then %i, of %i pixels a side, rows of %i bytes at a time',
    (channels, wider, size, block) => {
      const network = blocks(channels, wider, size)
      const { checked } = runWork(CORE, compressed(network, 'grouped'), drawn(network, 1), { decoding, block })
      expect(checked.deviation).toBeLessThan(1e-5)
    },
  )

  it.each(['direct', 'dabnn'] as const)('are refused by the kernels %s', (kernels) => {
    const network = blocks(32, 32, 8)
    const run = () => runWork(CORE, compressed(network, 'huffman'), drawn(network, 1), { decoding, kernels })
    expect(run).toThrow(InputError)
    expect(run).toThrow(/one: .*coded weights in the set .*expected lce/)
  })
})
