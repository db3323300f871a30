// What passes do to a network: its classes beside those of the unchanged one, and the values that saturation changes.

import { setImmediate } from 'node:timers/promises'
import { evaluateImages, type ImageEvaluation } from '../model/eval.ts'
import type { Picture, Pictures } from '../model/images.ts'
import { applyPasses, type PassChoice, passesText } from '../opt/index.ts'
import type { PassesResult, SaturatedResult } from '../report/eval-text.ts'
import { encode, evaluate } from '../work/evaluate.ts'
import { keyed } from '../work/input-error.ts'
import { workload } from '../work/lower.ts'
import type { Network } from '../work/network.ts'
import { saturationOf } from '../work/saturation.ts'
import type { Workload } from '../work/workload.ts'

/** Pictures at most whose values are counted. */
const COUNTED = 100

export interface Run {
  readonly stopped: () => boolean
  readonly onProgress: (what: string, done: number, total: number) => void
  /** A pass changes nothing. */
  readonly idle?: (pass: string) => void
}

/** An interrupted evaluation compares the pictures that both networks have seen. */
export async function evaluatePasses(
  network: Network,
  set: Pictures,
  passes: readonly PassChoice[],
  { stopped, onProgress, idle }: Run,
): Promise<ImageEvaluation & PassesResult> {
  const after = keyed('--pass', () => applyPasses(workload(network), passes, undefined, idle))
  const progress = (what: string) => (done: number, total: number) => onProgress(what, done, total)
  const result = await evaluateImages(network, set, {
    workload: after,
    stopped,
    onProgress: progress('with the passes'),
  })
  const seen = { ...set, pictures: set.pictures.slice(0, result.images) }
  const { images, correct, accuracy, predictions } = await evaluateImages(network, seen, {
    stopped,
    onProgress: progress('unchanged'),
  })
  const agreeing = predictions.filter((one, i) => one.class === result.predictions[i]!.class).length
  const counting = { stopped, onProgress: (done: number, total: number) => onProgress('counting', done, total) }
  const saturated = await saturatedIn(network, after, seen.pictures.slice(0, COUNTED), counting)
  return { ...result, passes: passesText(passes), unchanged: { images, correct, accuracy, agreeing }, saturated }
}

async function saturatedIn(
  network: Network,
  after: Workload,
  pictures: readonly Picture[],
  { stopped, onProgress }: { stopped: () => boolean; onProgress: (done: number, total: number) => void },
): Promise<SaturatedResult> {
  const counts = new Map<string, { values: number; saturated: number }>()
  let images = 0
  for (const { pixels } of pictures) {
    await setImmediate() // signals arrive between pictures
    if (stopped()) break
    for (const { node, ...own } of saturationOf(after, evaluate(after, encode(network, pixels), true).tensors)) {
      const so = counts.get(node) ?? { values: 0, saturated: 0 }
      counts.set(node, { values: so.values + own.values, saturated: so.saturated + own.saturated })
    }
    onProgress(++images, pictures.length)
  }
  const nodes = Array.from(counts, ([node, own]) => ({ node, ...own, share: shareOf(own) }))
  const sum = (key: 'values' | 'saturated') => nodes.reduce((total, own) => total + own[key], 0)
  const all = { values: sum('values'), saturated: sum('saturated') }
  return { images, ...all, share: shareOf(all), nodes: nodes.filter(({ saturated }) => saturated > 0) }
}

const shareOf = ({ values, saturated }: { readonly values: number; readonly saturated: number }): number =>
  values === 0 ? 0 : saturated / values
