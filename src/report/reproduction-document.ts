// The reproduction document: what papers claim beside what the simulator gives, as plain values.

export interface ReproductionDocument {
  readonly format: 'bnnsim-reproduction/1'
  readonly version: string
  readonly papers: readonly Paper[]
  readonly claims: readonly Claim[]
  /** Claims without a figure of ours, as what they need failed; none otherwise. */
  readonly failures: readonly FailedClaim[]
}

export interface Paper {
  /** e.g. `silfa2023`. */
  readonly id: string
  readonly citation: string
}

export interface Claim {
  /** Short name, unique within the paper: names the figure's file. */
  readonly id: string
  readonly paper: string
  readonly claim: string
  readonly unit: string
  readonly published: number
  /** Where `published` stands: page, table, figure or abstract. */
  readonly source: string
  readonly ours: number
  /** ours / published - 1. */
  readonly difference: number
  /** Why the two differ, or what their agreement rests on. */
  readonly why: string
  readonly network: string
  /** `trained`, `seeded`, or the name of a model file. */
  readonly weights: string
  readonly pictures: string
  /** Experiments that the figure was taken from. */
  readonly experiments: readonly string[]
  /** What the claim's figure shows beside the published value. */
  readonly bars: readonly { readonly label: string; readonly value: number }[]
}

export interface FailedClaim extends Pick<Claim, 'id' | 'paper' | 'claim' | 'unit' | 'published' | 'source'> {
  readonly error: string
}

/** The document as the text of a JSON file. */
export const reproductionJson = (document: ReproductionDocument): string => `${JSON.stringify(document, null, 2)}\n`
