// Points of the curve: what a way of sharing saves, and what it costs in accuracy; and the search for the best.

import type { ImageEvaluation } from '../model/eval.ts'
import { type LayerOperations, removed } from '../opt/kernels/operations.ts'
import { shareResults } from '../opt/share-results.ts'
import { shareSimilar } from '../opt/share-similar.ts'
import type { Workload } from '../work/workload.ts'
import type { Measure } from './measure.ts'
import { bisect, greedyPath, undominated } from './share-search.ts'
import {
  type Change,
  type Changes,
  passesOf,
  sameWeights,
  sharedOperations,
  type Variants,
  type WrittenPass,
} from './share-variants.ts'

interface About {
  /** Slices that share results. `layers`: similar ones, by a change that each layer has of its own. */
  readonly slices: 'equal' | 'equal, inverse' | 'similar' | 'layers'
  readonly distance: number | null
  readonly changed: number | null
  /** Of `layers`, by name. */
  readonly changes?: Readonly<Record<string, Change>>
}

export interface Point extends About {
  /** Share of the weights of layers with slices that changed sign. */
  readonly signs: number
  readonly layers: readonly LayerOperations[]
  readonly all: LayerOperations
  readonly images: number
  readonly correct: number | null
  readonly accuracy: number | null
  /** Percent points of accuracy below the unchanged network, and the standard error of this difference. */
  readonly lost: number | null
  readonly error: number | null
}

/** What a variant lists to have the point. */
export function variantPasses({ slices, distance, changed, changes }: About): WrittenPass[] {
  const similar = slices === 'similar' ? [{ name: shareSimilar.name, distance, changed }] : passesOf(changes ?? {})
  return [...similar, { name: shareResults.name, share: slices === 'equal' ? 'repeated' : 'inverse' }]
}

/** A search ends where what fits and what does not differ by less than this share of the 2-D results. */
const NEAR = 0.005

/** Shares tried are multiples of one part in so many. */
const FINEST = 100_000

export class Points {
  readonly all: Point[] = []
  readonly #variants: Variants
  readonly #loss: number
  readonly #measure: Measure
  readonly #measured: { readonly variant: Workload; readonly evaluation: ImageEvaluation }[] = []
  #unchanged: ImageEvaluation | undefined

  /** `loss`: percent points of accuracy that may be lost. */
  constructor(variants: Variants, loss: number, measure: Measure) {
    this.#variants = variants
    this.#loss = loss
    this.#measure = measure
  }

  readonly fits = ({ lost }: Point): boolean => lost !== null && lost <= this.#loss + 1e-9

  /** Comes first. Neither changes a weight: both have the values of the unchanged network. */
  async exact(): Promise<void> {
    const { base } = this.#variants
    this.#unchanged = await this.#evaluation('unchanged', base)
    const common = { distance: null, changed: null }
    this.#add({ slices: 'equal', ...common }, base, this.#unchanged)
    this.#add({ slices: 'equal, inverse', ...common }, base, this.#unchanged)
  }

  /** The same change in all layers. */
  async similar(change: Change): Promise<Point> {
    const known = this.#of(change.distance).find(({ changed }) => changed === change.changed)
    if (known !== undefined) return known
    const variant = this.#variants.uniform(change)
    return this.#add({ slices: 'similar', ...change }, variant, await this.#evaluation(changeText(change), variant))
  }

  /** Bisects `changed` between the highest of this distance that fits so far and the next one. */
  async search(distance: number): Promise<void> {
    const tried = this.#of(distance)
    const low = Math.max(0, ...tried.filter(this.fits).map(({ changed }) => changed!))
    let high = Math.min(...tried.map(({ changed }) => changed!).filter((changed) => changed > low))
    if (high === Infinity) {
      const all = { distance, changed: 1 }
      if (low === 1 || this.fits(await this.similar(all))) return
      // A higher share changes nothing more.
      high = Math.max(...this.#variants.names.map((name) => this.#variants.signs(this.#variants.uniform(all), name)))
    }
    const saved = (changed: number) => savedBy(this.#variants.uniform({ distance, changed }))
    await bisect(
      low,
      high,
      (a, b) => {
        const between = Math.round(((a + b) / 2) * FINEST) / FINEST
        return between <= a || between >= b || saved(b) - saved(a) < NEAR ? undefined : between
      },
      async (changed) => this.fits(await this.similar({ distance, changed })),
    )
  }

  /**
   * Each layer has its own of `changes`, or none. They are tried in each layer alone; then they are made one after the
   * other, first what saves most for each prediction that it changed, as long as accuracy allows.
   */
  async searchLayers(changes: readonly Change[]): Promise<void> {
    const choices: { change: Change; saved: number; harm: number }[][] = []
    for (const [i, name] of this.#variants.names.entries()) {
      const possible = changes.map((change) => {
        const variant = this.#variants.alone(i, change)
        return { change, variant, saved: savedBy(variant), harm: this.#variants.signs(variant) }
      })
      choices[i] = []
      for (const { change, variant, saved } of undominated(possible)) {
        const evaluation = await this.#evaluation(`${name} alone, ${changeText(change)}`, variant)
        choices[i].push({ change, saved, harm: this.#differing(evaluation) })
      }
    }
    const path = greedyPath(choices)
    await bisect(
      0,
      path.length,
      (a, b) => (b - a <= 1 ? undefined : (a + b) >> 1),
      async (step) => this.fits(await this.#layers(path[step]!.map((choice, i) => choices[i]![choice]?.change))),
    )
  }

  /** Of those that fit, what saves most: of all, and of each distance. */
  best(): Point[] {
    const distances = [...new Set(this.all.map(({ distance }) => distance))].filter((distance) => distance !== null)
    const groups = [
      this.all.filter(({ slices }) => slices.startsWith('equal')),
      ...distances.map((distance) => this.#of(distance)),
      this.all.filter(({ slices }) => slices === 'layers'),
    ]
    return groups.flatMap((group) =>
      group
        .filter(this.fits)
        .sort((a, b) => saving(b) - saving(a))
        .slice(0, 1),
    )
  }

  /** Changes may have the same weights: where few of them change, a larger distance changes nothing. */
  async #evaluation(what: string, variant: Workload): Promise<ImageEvaluation> {
    const known = this.#measured.find((one) => sameWeights(one.variant, variant))
    if (known !== undefined) return known.evaluation
    const evaluation = await this.#measure(what, variant)
    this.#measured.push({ variant, evaluation })
    return evaluation
  }

  #of(distance: number): Point[] {
    return this.all.filter((point) => point.distance === distance)
  }

  async #layers(changes: Changes): Promise<Point> {
    const variant = this.#variants.mixed(changes)
    const named = changes.flatMap((change, i) => (change === undefined ? [] : [[this.#variants.names[i]!, change]]))
    const evaluation = await this.#evaluation(`${named.length} layers changed`, variant)
    const own: Readonly<Record<string, Change>> = Object.fromEntries(named)
    return this.#add({ slices: 'layers', distance: null, changed: null, changes: own }, variant, evaluation)
  }

  #add(about: About, variant: Workload, evaluation: ImageEvaluation): Point {
    const { images, correct, accuracy } = evaluation
    const signs = this.#variants.signs(variant)
    const operations = sharedOperations(variant, about.slices === 'equal' ? 'repeated' : 'inverse')
    const point = { ...about, signs, ...operations, images, correct, accuracy, ...this.#lost(evaluation) }
    this.all.push(point)
    return point
  }

  /**
   * The same pictures are classified twice, so that only those count that are right once: the error is that of a
   * difference of paired proportions (Q. McNemar, Psychometrika 12, 1947).
   */
  #lost({ correct, predictions }: ImageEvaluation): Pick<Point, 'lost' | 'error'> {
    if (correct === null) return { lost: null, error: null }
    const [before, now] = [this.#unchanged!.predictions, predictions].map((all) => {
      return all.filter(({ label }) => label !== null).map((one) => one.class === one.label)
    }) as [boolean[], boolean[]]
    const worse = before.filter((right, i) => right && !now[i]).length
    const better = now.filter((right, i) => right && !before[i]).length
    const share = (count: number) => (100 * count) / now.length
    return {
      lost: share(worse - better),
      error: share(Math.sqrt(worse + better - (worse - better) ** 2 / now.length)),
    }
  }

  #differing({ predictions }: ImageEvaluation): number {
    return predictions.filter((one, i) => one.class !== this.#unchanged!.predictions[i]!.class).length
  }
}

const saving = ({ all }: { readonly all: LayerOperations }): number => removed('results', all)

const savedBy = (variant: Workload): number => saving(sharedOperations(variant))

const changeText = ({ distance, changed }: Change): string => `distance ${distance}, changed ${changed}`
