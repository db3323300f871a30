// From papers to the document: runs what their claims need, and computes each claim.

import { figureValue } from '../report/figure-value.ts'
import type { Claim, FailedClaim, ReproductionDocument } from '../report/reproduction-document.ts'
import { hasFailed } from '../sweep/request.ts'
import { version } from '../version.ts'
import { computed, type Expression, type Reference, referencesOf } from './expression.ts'
import type { ClaimToCheck, PaperClaims } from './paper.ts'
import type { Source } from './source.ts'
import { type Done, type WorkOptions, workFor } from './work.ts'

/** A claim that cannot be computed is among the document's failures; the others stand. */
export async function reproduce(papers: readonly PaperClaims[], options: WorkOptions): Promise<ReproductionDocument> {
  const done = await workFor(papers, options)
  const claims = papers.flatMap((paper) => paper.claims.map((claim) => checked(paper, claim, done)))
  return {
    format: 'bnnsim-reproduction/1',
    version,
    papers: papers.map(({ id, citation }) => ({ id, citation })),
    claims: claims.filter((claim): claim is Claim => !('error' in claim)),
    failures: claims.filter((claim) => 'error' in claim),
  }
}

/** Why a figure is missing, in one line. */
class NoFigure extends Error {}

function checked(paper: PaperClaims, claim: ClaimToCheck, done: Done): Claim | FailedClaim {
  const { id, unit, published, neutral, basis, why } = claim
  const about = { id, paper: paper.id, claim: claim.claim, unit, published: published.value, source: published.source }
  const sourceOf = ({ of }: Reference): Source => paper.sources.get(of)!
  const compute = (expression: Expression): number => {
    const value = computed(expression, (reference) => figure(sourceOf(reference), reference, done))
    return Number.isFinite(value) ? value : raise(new NoFigure('divided by 0'))
  }
  try {
    const ours = compute(claim.ours)
    return {
      ...about,
      ours,
      neutral,
      difference: (ours - neutral) / (published.value - neutral) - 1,
      basis,
      why,
      ...originOf(
        referencesOf(claim.ours).map((reference) => [sourceOf(reference), reference]),
        done,
      ),
      bars: claim.bars.map(({ label, value }) => ({ label, value: compute(value) })),
    }
  } catch (error) {
    if (!(error instanceof NoFigure)) throw error
    return { ...about, error: error.message }
  }
}

function figure(source: Source, { of, variant, figure: key }: Reference, done: Done): number {
  const missing = (why: string) => new NoFigure(`${of}: ${why}`)
  if (source.kind === 'quantity') {
    const counted = done.quantity(source)
    if ('error' in counted) throw missing(counted.error)
    return counted.figures[key] ?? raise(missing(`these pictures do not tell ${key}`))
  }
  const outcome = done.variant(source, variant!)
  if (hasFailed(outcome)) throw missing(outcome.error)
  return figureValue(outcome.variants[0]!, key) ?? raise(missing(`variant ${variant} has no ${key}`))
}

function raise(error: Error): never {
  throw error
}

type Origin = Pick<Claim, 'network' | 'weights' | 'pictures' | 'experiments'>

/** Of what a claim's own figure is computed from. */
function originOf(used: readonly (readonly [Source, Reference])[], done: Done): Origin {
  const origins = used.map(([source, { variant }]) =>
    source.kind === 'quantity' ? done.quantity(source) : done.variant(source, variant!),
  )
  const all = (key: 'network' | 'weights' | 'pictures'): string =>
    [...new Set(origins.flatMap((origin) => ('error' in origin ? [] : [origin[key]])))].join(', ')
  const experiments = used.flatMap(([source]) => (source.kind === 'experiment' ? [source.name] : []))
  return {
    network: all('network'),
    weights: all('weights'),
    pictures: all('pictures'),
    experiments: [...new Set(experiments)],
  }
}
