// The reproduction document: what papers claim beside what the simulator gives, as plain values.

import { counted } from './table.ts'

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

/**
 * What a claim's agreement can show. `independent`: nothing in the model was taken from the figure or chosen with it in view.
 * `derived`: a rule or constant of the model comes from this paper's figures. `chosen`: network, board, folding or reading was
 * chosen with the figure in view. `incomparable`: what the two figures are of differs, or is not known, so that neither agreement nor
 * difference says anything.
 */
export const bases = ['independent', 'derived', 'chosen', 'incomparable'] as const
export type Basis = (typeof bases)[number]

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
  /** What the figure is where there is no effect, in its unit: 1 for speedups and ratios of sizes, else 0. */
  readonly neutral: number
  /** (ours - neutral) / (published - neutral) - 1: for a speedup, of the gain alone. */
  readonly difference: number
  readonly basis: Basis
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

/**
 * How many of the claims with an independent basis agree, and how many others there are: `2 claims with an independent basis: 1 within
 * 10 % of what is published, 1 within 25 %. Not counted there: 3 derived, 1 chosen.`
 */
export function agreementText(claims: readonly Claim[]): string {
  const of = (wanted: Basis): readonly Claim[] => claims.filter(({ basis }) => basis === wanted)
  const independent = of('independent')
  const within = (part: number): number => independent.filter(({ difference }) => Math.abs(difference) <= part).length
  const others = bases.flatMap((basis) =>
    basis === 'independent' || of(basis).length === 0 ? [] : [`${of(basis).length} ${basis}`],
  )
  const rest = others.length === 0 ? '' : ` Not counted there: ${others.join(', ')}.`
  return `${counted(independent.length, 'claim')} with an independent basis: ${within(0.1)} within 10 % of what is published, ${within(0.25)} within 25 %.${rest}`
}

/** The document as the text of a JSON file. */
export const reproductionJson = (document: ReproductionDocument): string => `${JSON.stringify(document, null, 2)}\n`
