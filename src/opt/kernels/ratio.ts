// What coding 3x3 kernels saves: of each layer that has any, and of the whole model.

import { histogram, kernelsOf, SEQUENCES, sequencesOf, TAPS } from '../../work/sequences.ts'
import type { Workload } from '../../work/workload.ts'
import { entropyOf } from './code.ts'

interface LayerRatio {
  readonly layer: string
  readonly sequences: number
  /** Different ones. */
  readonly distinct: number
  /** Bits a sequence: what no code of single sequences goes below, and what this one takes. */
  readonly entropy: number
  readonly coded: number
  /** Of the stream, and of the code's tables; 0 where layers share them: they count in all of them together. */
  readonly streamBits: number
  readonly tableBits: number
  /** Bits of the kernels as they were, over those of stream and tables. */
  readonly ratio: number
}

export interface Ratios {
  readonly layers: readonly LayerRatio[]
  readonly all: LayerRatio
  /** Of all weights of the network, as they were and coded, and how many times less. */
  readonly modelBits: number
  readonly codedModelBits: number
  readonly modelRatio: number
}

/** Of a workload with coded kernels. Real weights count `realBits` each; what is not a weight does not count. */
export function ratiosOf(workload: Workload, realBits: number): Ratios {
  const codes = workload.layers.flatMap(({ weights }) => (weights.encoding === 'coded' ? [weights.code] : []))
  const different = [...new Set(codes)]
  const shared = different.length < codes.length
  const counts: Uint32Array[] = []
  const layers = workload.layers.flatMap((layer): LayerRatio[] => {
    const weights = kernelsOf(layer)
    if (weights === undefined || layer.weights.encoding !== 'coded') return []
    const { stream, code } = layer.weights
    const count = histogram(sequencesOf(weights))
    counts.push(count)
    return [ratioOf(layer.name, count, stream.bits, shared ? 0 : code.tableBits)]
  })
  const streamBits = layers.reduce((bits, layer) => bits + layer.streamBits, 0)
  const tableBits = different.reduce((bits, code) => bits + code.tableBits, 0)
  const all = ratioOf('all', pooled(counts), streamBits, tableBits)
  // Codes of their own can go as low as each layer's own entropy.
  const mean = layers.reduce((bits, layer) => bits + layer.entropy * layer.sequences, 0) / all.sequences
  const whole = different.length > 1 ? { ...all, entropy: mean } : all
  const modelBits = workload.layers.reduce((bits, { weights: { weights } }) => {
    return bits + weights.rows * weights.taps * weights.channels * (weights.kind === 'binary' ? 1 : realBits)
  }, 0)
  const codedModelBits = modelBits - TAPS * all.sequences + all.streamBits + all.tableBits
  return { layers, all: whole, modelBits, codedModelBits, modelRatio: modelBits / codedModelBits }
}

const pooled = (counts: readonly Uint32Array[]): Uint32Array =>
  new Uint32Array(SEQUENCES).map((_, sequence) => counts.reduce((total, count) => total + count[sequence]!, 0))

function ratioOf(layer: string, counts: Uint32Array, streamBits: number, tableBits: number): LayerRatio {
  const sequences = counts.reduce((total, count) => total + count, 0)
  const distinct = counts.filter((count) => count > 0).length
  const coded = sequences === 0 ? 0 : streamBits / sequences
  const ratio = sequences === 0 ? 1 : (TAPS * sequences) / (streamBits + tableBits)
  return {
    layer,
    sequences,
    distinct,
    entropy: sequences === 0 ? 0 : entropyOf(counts),
    coded,
    streamBits,
    tableBits,
    ratio,
  }
}
