// Kernels in a prefix code: what a decode unit reads instead of weights (F. Silfa, J.-M. Arnau and A. Gonzalez,
// "Exploiting Kernel Compression on BNNs", DATE 2023). Their code is not published; three are offered.

import { z } from 'zod'
import { InputError, keyed } from '../work/input-error.ts'
import { decode, encode, type KernelCode, LONGEST } from '../work/kernel-code.ts'
import type { BinaryWeights } from '../work/network.ts'
import { countsOf, histogram, kernelsOf, sequencesOf, TAPS, withSequences } from '../work/sequences.ts'
import type { Layer } from '../work/workload.ts'
import { groupedCode } from './kernels/grouped.ts'
import { huffmanCode, limitedCode } from './kernels/huffman.ts'
import type { Pass } from './pass.ts'

const options = z.strictObject({
  code: z
    .enum(['huffman', 'limited', 'grouped'])
    .default('grouped')
    .describe('canonical Huffman, the same with codewords of limited length, or a prefix and an index into its group'),
  longest: z.int().min(1).max(LONGEST).exactOptional().describe('bits of the longest codeword of a limited code'),
  groups: z
    .array(z.int().min(0).max(TAPS))
    .min(1)
    .exactOptional()
    .describe(
      'bits of index of each group of a grouped code, most frequent sequences first; the best for the counts without it',
    ),
  tables: z.enum(['layer', 'network']).default('layer').describe('a code for each layer, or one for all'),
})
const consistent = options.superRefine(({ code, longest, groups }, context) => {
  const stray = (path: string, wanted: string) =>
    context.addIssue({ code: 'custom', message: `expected with code ${wanted} only`, path: [path] })
  if (longest !== undefined && code !== 'limited') stray('longest', 'limited')
  if (groups !== undefined && code !== 'grouped') stray('groups', 'grouped')
})

/** Bits of the longest codeword, where nothing else is said: enough for all but the rarest of 512. */
const LIMIT = 12

type CompressOptions = z.infer<typeof options>

export const compressKernels: Pass<CompressOptions> = {
  name: 'compress-kernels',
  summary: '3x3 binary kernels of layers of bits are stored in a prefix code',
  schema: consistent,
  lossy: false,
  apply: (workload, options) => {
    const shared =
      options.tables === 'network'
        ? keyed('all', () => codeFor(countsOf(workload.layers.filter(codedKernels)), options))
        : undefined
    return { ...workload, layers: workload.layers.map((layer) => compressed(layer, options, shared)) }
  },
}

/** What is coded: 3x3 kernels that meet bits. Those that meet the picture's numbers are few, and no unit for bits reads them. */
export function codedKernels(layer: Layer): BinaryWeights | undefined {
  return layer.activation === 'bit' || layer.activation === 'two-bit' ? kernelsOf(layer) : undefined
}

function compressed(layer: Layer, options: CompressOptions, shared: KernelCode | undefined): Layer {
  const weights = codedKernels(layer)
  if (weights === undefined) return layer
  if (layer.weights.encoding !== 'plain')
    throw new InputError('compress-kernels takes weights that are not coded yet', { key: layer.name })
  const sequences = sequencesOf(weights)
  const code = shared ?? keyed(layer.name, () => codeFor(histogram(sequences), options))
  const stream = encode(sequences, code)
  // Not the weights it was made of, but what comes out of the stream.
  const decoded = withSequences(weights, decode(stream.bytes, sequences.length, code))
  return { ...layer, weights: { encoding: 'coded', weights: decoded, stream, code } }
}

function codeFor(counts: Uint32Array, { code, longest, groups }: CompressOptions): KernelCode {
  if (code === 'huffman') return huffmanCode(counts)
  return code === 'limited' ? limitedCode(counts, longest ?? LIMIT) : groupedCode(counts, groups)
}
