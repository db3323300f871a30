// An exact evaluation as text for people.

import { evaluationFigures } from './evaluation-figures.ts'
import { counted, fixed, number, numbers, table } from './table.ts'

/** What `bnnsim eval` found; meaning of its entries: figures.ts. */
export interface EvaluationResult {
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
  ].join('')
}

function accuracy({ correct, accuracy }: EvaluationResult): string {
  if (correct === null || accuracy === null) return 'no labels'
  return `${number(correct)} correct (${fixed(100 * accuracy, 2)} %)`
}
