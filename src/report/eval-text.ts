// An exact evaluation as text for people.

import { evaluationFigures } from './evaluation-figures.ts'
import { counted, fixed, number, numbers, table, wrapped } from './table.ts'

/** Values that saturation changes. */
export interface SaturatedCounts {
  readonly values: number
  readonly saturated: number
  readonly share: number
}

export interface SaturatedResult extends SaturatedCounts {
  /** Counted over these, from the first. */
  readonly images: number
  /** Where there are any. */
  readonly nodes: readonly (SaturatedCounts & { readonly node: string })[]
}

/** What passes did to a network. */
export interface PassesResult {
  readonly passes: string
  readonly unchanged: {
    readonly images: number
    readonly correct: number | null
    readonly accuracy: number | null
    readonly agreeing: number
  }
  readonly saturated: SaturatedResult
}

/** What `bnnsim eval` found; meaning of its entries: evaluation-figures.ts. */
export interface EvaluationResult extends Partial<PassesResult> {
  readonly images: number
  readonly correct: number | null
  readonly accuracy: number | null
  readonly imagesPerSecond: number
  readonly predictions: readonly {
    readonly index: number
    readonly label: number | null
    readonly class: number
    readonly scores: readonly number[]
  }[]
}

/** Rows shown of a long list. */
const shownRows = 20

/** `classes` are the names of the classes, in class order. */
export function evalText(result: EvaluationResult, network: string, classes: readonly string[] = []): string {
  const { images, predictions, imagesPerSecond } = result
  const rows = predictions.slice(0, shownRows)
  const rest = predictions.length - rows.length
  const named = (index: number | null): string =>
    index === null ? '-' : [index, classes[index] ?? ''].join(' ').trim()
  const heading = (key: 'index' | 'label' | 'class') => evaluationFigures[`predictions[].${key}`].shown
  const columns = [
    { ...heading('index'), cells: rows.map(({ index }) => number(index)) },
    { ...heading('class'), cells: rows.map((row) => named(row.class)), words: true },
    { ...heading('label'), cells: rows.map(({ label }) => named(label)), words: true },
    { ...evaluationFigures['predictions[].scores[]'].shown, cells: numbers(rows.map((row) => row.scores[row.class]!)) },
    {
      label: '',
      unit: '',
      cells: rows.map((row) => (row.label === null || row.label === row.class ? '' : 'wrong')),
      words: true,
    },
  ]
  return [
    table(columns),
    rest === 0 ? '' : `... ${number(rest)} more; CSV and JSON give all, with the scores of every class.\n`,
    'Class is what the network says, label what the file says, score that of the class.\n',
    `${network}: ${counted(images, 'image')}, ${accuracy(result)}, ${number(imagesPerSecond)} images/s\n`,
    passesText(result),
  ].join('')
}

function accuracy({ correct, accuracy }: Pick<EvaluationResult, 'correct' | 'accuracy'>): string {
  if (correct === null || accuracy === null) return 'no labels'
  return `${number(correct)} correct (${fixed(100 * accuracy, 2)} %)`
}

/** What the passes were, the unchanged network beside them, and what saturates; nothing without passes. */
function passesText({ passes, unchanged, saturated }: EvaluationResult): string {
  if (passes === undefined || unchanged === undefined || saturated === undefined) return ''
  const { images, agreeing } = unchanged
  const lines = [
    `Passes: ${passes}.`,
    images === 0
      ? 'Unchanged: not evaluated.'
      : `Unchanged: ${counted(images, 'image')}, ${accuracy(unchanged)}; the same class in ${number(agreeing)}.`,
    saturatedLine(saturated),
  ]
  return lines.map(wrapped).join('') + saturatedTable(saturated)
}

function saturatedLine({ images, values, saturated, share }: SaturatedResult): string {
  const over = images === 1 ? 'over the first image' : `over the first ${number(images)} images`
  if (values === 0) return 'Saturated: no value can.'
  return `Saturated: ${number(saturated)} of ${counted(values, 'value')} (${share === 0 ? 0 : fixed(100 * share, 3)} %), counted ${over}.`
}

function saturatedTable({ nodes }: SaturatedResult): string {
  if (nodes.length === 0) return ''
  const { node, values, saturated, share } = {
    node: evaluationFigures['saturated.nodes[].node'].shown,
    values: evaluationFigures['saturated.nodes[].values'].shown,
    saturated: evaluationFigures['saturated.nodes[].saturated'].shown,
    share: evaluationFigures['saturated.nodes[].share'].shown,
  }
  return table([
    { ...node, cells: nodes.map((one) => one.node), words: true },
    { ...values, cells: numbers(nodes.map((one) => one.values)) },
    { ...saturated, cells: numbers(nodes.map((one) => one.saturated)) },
    { ...share, cells: nodes.map((one) => fixed(share.scale * one.share, 3)) },
  ])
}
