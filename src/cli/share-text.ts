// What `bnnsim share` found, as text and as a picture.

import { removed, rules } from '../opt/kernels/operations.ts'
import { curveSvg } from '../report/curve-svg.ts'
import { column, counted, fixed, numbers, table, wrapped } from '../report/table.ts'
import type { Network } from '../work/network.ts'
import { type Point, variantPasses } from './share-points.ts'
import { sharedOperations, type Variants, type WrittenPass } from './share-variants.ts'

export interface Result {
  readonly network: Network
  readonly loss: number
  readonly points: readonly Point[]
  readonly best: readonly Point[]
}

const hundredths = (part: number | null): string => (part === null ? '-' : fixed(100 * part, 2))
const tenths = (part: number): string => fixed(100 * part, 1)

export function text({ network, loss, points, best }: Result, variants: Variants): string {
  const title = wrapped(`${network.name}: ${network.weights} weights; ${network.source}`)
  const ruleText = `Operations of one image. Removed, by two rules. Results: ${rules.results.summary}. Bits: ${rules.bits.summary}. The rule of the paper (Chang et al., DATE 2020) is not known.`
  const pictures = counted(points[0]?.images ?? 0, 'picture')
  const notes = `Slices: those that share results; similar ones become equal where at most "changed" of the weights of a layer change sign for it. Accuracy of ${pictures}, exact evaluation. Lost: percent points below the unchanged network, and the standard error of this, over pictures.`
  return [
    title,
    '\n',
    layerTable(sharedOperations(variants.base), best),
    '\n',
    wrapped(ruleText),
    '\n',
    pointTable(points),
    '\n',
    wrapped(notes),
    ...bestText(loss, points, best),
  ].join('')
}

/** Operations of the layers, and what exact sharing and the best of the points remove of them. */
function layerTable(exact: ReturnType<typeof sharedOperations>, best: readonly Point[]): string {
  const rows = [...exact.layers, exact.all]
  const most = saver(best)
  const found = most === undefined ? [] : [...most.layers, most.all]
  return table([
    { label: 'layer', unit: '', words: true, cells: rows.map(({ layer }) => layer) },
    column('results', '2-D', numbers(rows.map(({ baseline }) => baseline.results))),
    column('additions', 'of results', numbers(rows.map(({ baseline }) => baseline.additions))),
    column('operations', 'bits', numbers(rows.map(({ baseline }) => rules.bits.count(baseline)))),
    ...(['results', 'bits'] as const).flatMap((rule) => [
      column(
        `exact: ${rule}`,
        '% removed',
        rows.map((one) => tenths(removed(rule, one))),
      ),
      ...(most === undefined
        ? []
        : [
            column(
              `best: ${rule}`,
              '% removed',
              found.map((one) => tenths(removed(rule, one))),
            ),
          ]),
    ]),
  ])
}

const saver = (points: readonly Point[]): Point | undefined =>
  points.toSorted((a, b) => removed('results', b.all) - removed('results', a.all))[0]

function pointTable(points: readonly Point[]): string {
  const of = (cell: (point: Point) => string): string[] => points.map(cell)
  return table([
    { label: 'slices', unit: '', words: true, cells: of(({ slices }) => slices) },
    column(
      'distance',
      '',
      of(({ distance }) => String(distance ?? '-')),
    ),
    column(
      'changed',
      '%',
      of(({ changed }) => (changed === null ? '-' : fixed(100 * changed, 3))),
    ),
    column(
      'signs',
      '% changed',
      of(({ signs }) => fixed(100 * signs, 3)),
    ),
    column(
      'results',
      '% removed',
      of(({ all }) => tenths(removed('results', all))),
    ),
    column(
      'bits',
      '% removed',
      of(({ all }) => tenths(removed('bits', all))),
    ),
    column(
      'accuracy',
      '%',
      of(({ accuracy }) => hundredths(accuracy)),
    ),
    column(
      'lost',
      'points',
      of(({ lost }) => (lost === null ? '-' : fixed(lost, 2))),
    ),
    column(
      '+-',
      'points',
      of(({ error }) => (error === null ? '-' : fixed(error, 2))),
    ),
  ])
}

function bestText(loss: number, points: readonly Point[], best: readonly Point[]): string[] {
  if (points.some(({ lost }) => lost === null)) return [wrapped('Pictures without labels: nothing to search by.')]
  const lines = best.map((point) => {
    const saved = `${tenths(removed('results', point.all))} % of the results, ${tenths(removed('bits', point.all))} % of the bits removed`
    return wrapped(`  ${nameOf(point)}: ${saved}; ${fixed(point.lost!, 2)} +- ${fixed(point.error!, 2)} points lost`)
  })
  const own = best.filter(({ changes }) => changes !== undefined)
  return [
    '\n',
    wrapped(
      `Best with at most ${fixed(loss, 2)} points lost on these pictures, which the search has seen: expect to lose more on others.`,
    ),
    ...lines,
    ...own.flatMap((point) => ['Layers of their own, as a variant has them:\n', ...variantPasses(point).map(passLine)]),
  ]
}

/** YAML. */
function passLine(pass: WrittenPass): string {
  const entries = Object.entries(pass).map(([key, value]) => {
    return `${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`
  })
  return `  - { ${entries.join(', ')} }\n`
}

const nameOf = ({ slices, distance, changed }: Point): string =>
  slices === 'similar' ? `similar, distance ${distance}, changed ${fixed(100 * changed!, 3)} %` : slices

/** The exact points, and of the others those that none of higher savings beats, in the order of what they save. */
export function picture({ network, points }: Result): string {
  const rising = points.toSorted((a, b) => removed('results', a.all) - removed('results', b.all))
  const kept = rising.filter(({ accuracy, signs }, i) => {
    return signs === 0 || accuracy === null || rising.slice(i + 1).every((later) => later.accuracy! < accuracy)
  })
  return curveSvg(
    `${network.name}: kernels share 2-D results`,
    '2-D results removed, %',
    kept.map(({ all }) => tenths(removed('results', all))),
    [
      { label: 'accuracy, %', values: kept.map(({ accuracy }) => (accuracy === null ? null : 100 * accuracy)) },
      { label: 'weights changed, %', values: kept.map(({ signs }) => 100 * signs) },
    ],
  )
}
