// Charts of a sweep: two of its columns against each other, and all of them beside each other.

import { settingText } from '../setting-text.ts'
import type { SweepDocument } from '../sweep-document.ts'
import { brief } from './bars.ts'
import type { Figure } from './figure.ts'
import { accent, grey, highlight } from './palette.ts'
import { frontOfPair, type SweepColumn, type SweepRow, settingNames } from './sweep-columns.ts'

export interface Axes {
  readonly x: SweepColumn
  readonly y: SweepColumn
}

/** The first two objectives; where there is one only, it is set against the first setting. */
export function firstAxes(columns: readonly SweepColumn[], { objectives }: SweepDocument): Axes | undefined {
  const column = (key: string | undefined) => columns.find((each) => each.key === key)
  const [x, y] =
    objectives.length > 1
      ? [column(objectives[0]!.figure), column(objectives[1]!.figure)]
      : [columns[0], column(objectives[0]?.figure)]
  return x === undefined || y === undefined ? undefined : { x, y }
}

const onFront = 'on the Pareto front'
const dominated = 'dominated'

export function scatterFigure(rows: readonly SweepRow[], { x, y }: Axes, columns: readonly SweepColumn[]): Figure {
  const nameOf = settingNames(columns)
  const front = frontOfPair(x, y)
  return {
    id: 'sweep-scatter',
    title: 'Points of the sweep',
    about:
      'Each dot is a variant of a point. Those of the other colour are beaten by none in all objectives together; the line joins those that none beats in the two objectives shown.',
    label: `${y.label} against ${x.label}, ${rows.length} points, ${rows.filter((row) => row.front).length} of them on the Pareto front.`,
    height: 420,
    unit: '',
    legend: [],
    option: {
      grid: { left: 42, right: 44, top: 14, bottom: 40, containLabel: true },
      tooltip: { trigger: 'item', confine: true },
      xAxis: axisOf(x, 30),
      yAxis: axisOf(y, 62),
      series: [
        {
          type: 'scatter',
          name: 'points',
          z: 3,
          data: rows.map(({ point, front: best }, i) => ({
            name: `point ${point.point}`,
            value: [x.values[i], y.values[i]],
            symbolSize: best ? 12 : 8,
            symbol: best ? 'diamond' : 'circle',
            itemStyle: { color: best ? highlight : accent, opacity: best ? 1 : 0.65 },
            hover: hoverOf(rows[i]!, nameOf, [x, y], i),
          })),
        },
        {
          type: 'line',
          name: 'front',
          silent: true,
          symbol: 'none',
          step: false,
          lineStyle: { color: highlight, width: 1.5 },
          data: front.map((i) => [x.values[i], y.values[i]]),
        },
      ],
    },
    data: {
      head: ['point', 'variant', x.label, y.label, onFront],
      rows: rows.map(({ point, variant, front: best }, i) => [
        point.point,
        variant.name,
        x.values[i] ?? '-',
        y.values[i] ?? '-',
        best ? 'yes' : 'no',
      ]),
    },
  }
}

const axisOf = (column: SweepColumn, nameGap: number) => ({
  type: column.words ? 'category' : 'value',
  name: column.label,
  nameLocation: 'middle',
  nameGap,
  scale: true,
  axisLabel: { hideOverlap: true },
})

const hoverOf = (
  { point, variant }: SweepRow,
  nameOf: (path: string) => string,
  columns: readonly SweepColumn[],
  row: number,
): string[] => [
  `point ${point.point}, variant ${variant.name}`,
  ...Object.entries(point.settings).map(([path, value]) => `${nameOf(path)}: ${settingText(value)}`),
  ...columns
    .filter(({ kind }) => kind === 'figure')
    .map(({ label, values }) => `${label}: ${valueText(values[row] ?? null)}`),
]

const valueText = (value: string | number | null): string => (typeof value === 'number' ? brief(value) : (value ?? '-'))

/** Axes lie close to each other: units that are words are left out. */
const shortName = ({ name, unit }: SweepColumn): string =>
  [name, unit.length > 8 ? '' : unit].filter(Boolean).join(', ')

/** Settings that differ, and objectives; undefined where fewer than two axes would be left. */
export function parallelFigure(rows: readonly SweepRow[], columns: readonly SweepColumn[]): Figure | undefined {
  const axes = columns.filter(
    ({ kind, goal, values }) => goal !== undefined || (kind === 'setting' && new Set(values).size > 1),
  )
  if (axes.length < 2) return undefined
  const nameOf = settingNames(columns)
  const line = (i: number) => ({
    name: `point ${rows[i]!.point.point}`,
    value: axes.map(({ values }) => values[i] ?? '-'),
    hover: hoverOf(rows[i]!, nameOf, axes, i),
  })
  const lines = (best: boolean) => rows.flatMap((row, i) => (row.front === best ? [line(i)] : []))
  return {
    id: 'sweep-parallel',
    title: 'Settings and objectives together',
    about:
      'Each line is a variant of a point: it crosses each axis at its value. On axes of objectives better values are at the top, or at the right where axes lie flat.',
    label: `Parallel coordinates of ${rows.length} points over ${axes.map(({ label }) => label).join(', ')}.`,
    height: 90 + 300,
    unit: '',
    legend: [
      { name: dominated, colour: grey },
      { name: onFront, colour: highlight },
    ],
    option: {
      parallel: { left: 60, right: 110, top: 50, bottom: 30 },
      tooltip: { trigger: 'item', confine: true },
      parallelAxis: axes.map((column, dim) => {
        const { words, goal, values } = column
        return {
          dim,
          z: 10,
          name: shortName(column),
          nameLocation: goal === 'min' ? 'start' : 'end',
          nameGap: 14,
          nameTruncate: { maxWidth: Math.max(60, Math.floor(800 / axes.length)) },
          type: words ? 'category' : 'value',
          scale: true,
          inverse: goal === 'min',
          axisLabel: { hideOverlap: true },
          ...(words ? { data: [...new Set(values)] } : {}),
        }
      }),
      series: [
        { name: dominated, lineStyle: { color: grey, width: 1, opacity: 0.45 }, data: lines(false), z: 2 },
        { name: onFront, lineStyle: { color: highlight, width: 2.5, opacity: 0.95 }, data: lines(true), z: 3 },
      ].map((series) => ({ type: 'parallel', smooth: false, ...series })),
    },
    data: {
      head: ['point', 'variant', ...axes.map(({ label }) => label), onFront],
      rows: rows.map(({ point, variant, front }, i) => [
        point.point,
        variant.name,
        ...axes.map(({ values }) => values[i] ?? '-'),
        front ? 'yes' : 'no',
      ]),
    },
  }
}
