// The report of a sweep: which points are best, how they lie, and every one of them.

import { figureValue, headingOf } from '../figure-value.ts'
import { documentFigures, variantFigures } from '../figures.ts'
import { settingText } from '../setting-text.ts'
import type { SweepDocument } from '../sweep-document.ts'
import { counted, number } from '../table.ts'
import { html, type Markup } from './markup.ts'
import { glossaryOf, meaningSection, present } from './meaning.ts'
import { pageOf, picturesOf, placeFigure, type Report, type Section } from './page.ts'
import { type ConfigFile, sourceSections } from './provenance.ts'
import type { Beside } from './result-report.ts'
import { plainTable, sortable } from './sortable.ts'
import {
  columnsOf,
  figureHeaded,
  frontOfPair,
  rowsOf,
  type SweepColumn,
  type SweepRow,
  settingNames,
} from './sweep-columns.ts'
import { type Axes, firstAxes, parallelFigure, scatterFigure } from './sweep-figures.ts'

export function sweepReport(document: SweepDocument, { config, experiment, energyTables }: Beside): Report {
  const rows = rowsOf(document)
  const columns = columnsOf(document, rows)
  const axes = rows.length === 0 ? undefined : firstAxes(columns, document)
  const scatter = axes === undefined ? undefined : scatterFigure(rows, axes, columns)
  const parallel = rows.length === 0 ? undefined : parallelFigure(rows, columns)
  const figures = [scatter, parallel].filter((figure) => figure !== undefined)
  const pictures = picturesOf(figures)
  const nameOf = settingNames(columns)
  const failed = document.points.filter(({ error }) => error !== undefined)
  const charts = figures.map((figure) =>
    placeFigure(figure, pictures[figure.id]!, figure === scatter ? axisChoosers(columns, axes!, figure.id) : undefined),
  )
  return {
    figures: pictures,
    html: pageOf({
      title: document.title ?? document.sweep,
      subtitle: `Sweep ${document.sweep}: ${counted(document.points.length, 'point')}`,
      version: document.version,
      figures,
      extra: {
        columns: columns.map(({ label, values, words }) => ({ label, values, words })),
        fronts: frontsOf(columns),
      },
      sections: [
        { id: 'summary', heading: 'Summary', body: summary(document, rows, nameOf, failed.length) },
        ...(charts.length === 0 ? [] : [{ id: 'points', heading: 'How points lie', body: html`${charts}` }]),
        ...(rows.length === 0 ? [] : [{ id: 'table', heading: 'All points', body: pointTable(rows, columns) }]),
        ...(document.points.every(({ error, failures }) => error === undefined && failures === undefined)
          ? []
          : [failuresOf(document, nameOf)]),
        meaningSection(
          [
            ...present(documentFigures, [{ ...document.points[0] }]),
            ...present(
              variantFigures,
              rows.map(({ variant }) => variant),
            ),
          ],
          glossaryOf(
            rows.map(({ variant }) => variant),
            [],
          ),
        ),
        ...sourceSections(sweepFiles(config, experiment), energyTables),
      ],
    }),
  }
}

/** The files of a sweep: constants are those of its experiment. */
const sweepFiles = (config: string | undefined, experiment: string | undefined): ConfigFile[] => [
  {
    name: 'config.yaml',
    text: config,
    about:
      'The sweep as it is written: what it sets, over what, and what it looks for. It runs again beside experiment.yaml.',
  },
  {
    name: 'experiment.yaml',
    text: experiment,
    about:
      'The experiment that the sweep changes, as its files say it, with all that it extends; what they leave to defaults is not written out.',
    constants: true,
  },
]

/** What to call a setting, by its path. */
type NameOf = (path: string) => string

/** Pareto fronts of pairs of objectives, by the positions of their columns. */
function frontsOf(columns: readonly SweepColumn[]): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    columns.flatMap((x, i) =>
      columns.flatMap((y, j): [string, number[]][] => {
        const front = i === j ? [] : frontOfPair(x, y)
        return front.length === 0 ? [] : [[`${i} ${j}`, front]]
      }),
    ),
  )
}

function axisChoosers(columns: readonly SweepColumn[], { x, y }: Axes, figure: string): Markup {
  const options = (chosen: SweepColumn) =>
    columns.map(
      (column, i) =>
        html`<option value="${i}"${column === chosen ? html` selected` : undefined}>${column.label}</option>`,
    )
  return html`<p class="controls"><label for="across">Across</label> <select id="across" data-for="${figure}">${options(x)}</select>
<label for="up">Up</label> <select id="up">${options(y)}</select></p>`
}

function summary(document: SweepDocument, rows: readonly SweepRow[], nameOf: NameOf, failed: number): Markup {
  const { settings, objectives, points, front, best, search } = document
  const aims = objectives.map(({ figure, goal }) => `${goal === 'min' ? 'little' : 'much'} ${headingOf(figure).label}`)
  return html`<p class="lead">${counted(points.length, 'point')} set ${settings.map(nameOf).join(', ')}. Wanted: ${aims.join(', ')}. ${
    front.length === 1 ? 'One is' : `${number(front.length)} are`
  } beaten by no other in all of these together.${failed === 0 ? '' : ` ${counted(failed, 'point')} failed.`}</p>
${
  best.length === 0
    ? undefined
    : plainTable(
        'Best in each objective',
        ['Objective', 'Goal', 'Value', 'Point', 'Variant', 'Settings'],
        best.map((each) => bestRow(document, each, nameOf)),
      )
}
${front.length === 0 ? undefined : plainTable('The Pareto front', ['Point', 'Variant', ...objectives.map(({ figure }) => figureHeaded(figure).label), ...settings.map(nameOf)], frontRows(document, rows))}
${
  search === undefined
    ? undefined
    : html`<h3>How points were chosen</h3><p>Successive halving of a space of ${number(search.space)} points, with seed ${search.seed}: each rung runs the points that the one before left.</p>
${plainTable(
  'Rungs',
  ['Rung', 'Set for all', 'Points', 'Kept'],
  search.rungs.map((rung, i) => [i + 1, settingsText(rung.settings, nameOf), rung.points, rung.kept]),
)}${
  search.grid === undefined
    ? undefined
    : html`<p>Beside the whole space of ${number(search.grid.points)} points, the search ran ${number(search.grid.found)} of the ${number(search.grid.front)} results on the true front.</p>`
}`
}`
}

const shownValue = (figure: string, value: number): string => number(value * headingOf(figure).scale)

function bestRow(
  { points, objectives }: SweepDocument,
  { network, figure, value, point, variant }: SweepDocument['best'][number],
  nameOf: NameOf,
) {
  const settings = points.find((each) => each.point === point)?.settings ?? {}
  const goal = objectives.find((each) => each.figure === figure)?.goal === 'max' ? 'the most' : 'the least'
  const objective = figureHeaded(figure).label
  return [
    network === undefined ? objective : `${objective}, of ${network}`,
    goal,
    shownValue(figure, value),
    point,
    variant,
    settingsText(settings, nameOf),
  ]
}

function frontRows({ front, settings, objectives }: SweepDocument, rows: readonly SweepRow[]) {
  return front.flatMap(({ point, variant }) => {
    const row = rows.find((each) => each.point.point === point && each.variant.name === variant)
    if (row === undefined) return []
    return [
      [
        point,
        variant,
        ...objectives.map(({ figure }) => {
          const value = figureValue(row.variant, figure)
          return value === undefined ? '-' : shownValue(figure, value)
        }),
        ...settings.map((path) => settingText(row.point.settings[path])),
      ],
    ]
  })
}

const settingsText = (settings: Readonly<Record<string, unknown>>, nameOf: NameOf): string =>
  Object.entries(settings)
    .map(([path, value]) => `${nameOf(path)} = ${settingText(value)}`)
    .join(', ')

const pointTable = (rows: readonly SweepRow[], columns: readonly SweepColumn[]): Markup =>
  sortable('all-points', 'Points with results', 'points', [
    { label: 'point', cells: rows.map(({ point }) => point.point) },
    ...(columns.some(({ key }) => key === 'variant')
      ? []
      : [{ label: 'variant', cells: rows.map(({ variant }) => variant.name) }]),
    {
      label: 'front',
      meaning: 'Whether no other point beats it in all objectives together.',
      cells: rows.map(({ front }) => front),
    },
    ...columns
      .filter(({ kind, goal, key }) => kind === 'setting' || goal !== undefined || !key.includes('.'))
      .map(({ name, unit, meaning, names, values }) => ({
        label: name,
        unit,
        names,
        ...(meaning === undefined ? {} : { meaning }),
        cells: values,
      })),
  ])

const failuresOf = ({ points }: SweepDocument, nameOf: NameOf): Section => ({
  id: 'failed',
  heading: 'Points that failed',
  body: plainTable(
    'Points without results',
    ['Point', 'Settings', 'Why'],
    points.flatMap(({ point, settings, error, failures: ofVariants = [] }) => [
      ...(error === undefined ? [] : [[point, settingsText(settings, nameOf), error]]),
      ...ofVariants.map((each) => [point, settingsText(settings, nameOf), `variant ${each.variant}: ${each.error}`]),
    ]),
  ),
})
