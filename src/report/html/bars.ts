// Horizontal bars, stacked or side by side: the form of most charts here, since names of layers are long.

import type { ChartOption, Figure } from './figure.ts'

export interface BarSeries {
  readonly name: string
  readonly colour: string
  readonly meaning?: string
  /** One for each row; null where there is none. */
  readonly values: readonly (number | null)[]
}

export interface Bars {
  readonly id: string
  readonly title: string
  readonly about: string
  /** Names of the bars, from the top. */
  readonly rows: readonly string[]
  readonly series: readonly BarSeries[]
  readonly quantity: Quantity
  /** Each series has a bar of its own on a logarithmic axis. */
  readonly beside?: boolean
  /** End of the axis, in the quantity's own unit. */
  readonly most?: number
  /** What a row is, for the table of the data. */
  readonly of: string
}

/** What an axis measures, and its units, ascending: each is used where the largest value is at least so much. */
export interface Quantity {
  /** Follows the unit in the axis's name. */
  readonly of: string
  readonly units: readonly Unit[]
}

/** `size`: how many of the quantity's own; `from`: `size` where it is not given. */
type Unit = readonly [size: number, unit: string, from?: number]

export const cycles: Quantity = {
  of: ' per image',
  units: [
    [1, 'cycles'],
    [1e3, 'thousand cycles', 1e5],
    [1e6, 'million cycles', 1e8],
  ],
}
export const joules: Quantity = {
  of: ' per image',
  units: [
    [1e-12, 'pJ'],
    [1e-9, 'nJ'],
    [1e-6, 'µJ'],
    [1e-3, 'mJ'],
    [1, 'J'],
  ],
}
export const bytes: Quantity = {
  of: ' per image',
  units: [
    [1, 'bytes'],
    [1e3, 'kB'],
    [1e6, 'MB'],
    [1e9, 'GB'],
  ],
}
export const shares: Quantity = { of: ' of the cycles', units: [[0.01, '%']] }

/** Series that are zero throughout are left out. */
export function barFigure(bars: Bars): Figure {
  const { id, title, about, of, rows, quantity, beside = false, most } = bars
  const series = bars.series.filter(({ values }) => values.some((value) => (value ?? 0) > 0))
  const totals = rows.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0))
  const all = series.flatMap(({ values }) => values.map((value) => value ?? 0))
  const scale = unitFor(quantity, most ?? Math.max(0, ...(beside ? all : totals)))
  const [size, unit] = scale
  const longest = totals.indexOf(Math.max(...totals))
  const extreme =
    (totals[longest] ?? 0) === 0
      ? 'all are zero'
      : `the longest, ${rows[longest]}, is ${brief(totals[longest]! / size)} ${unit}`
  return {
    id,
    title,
    about,
    height: rows.length * (beside ? 16 * Math.max(1, series.length) + 10 : 24) + 62,
    unit: beside ? quantity.units[0]![1] : unit,
    label: `${title}. ${rows.length} bars${series.length > 1 ? ` of ${series.map(({ name }) => name).join(', ')}` : ''}; ${extreme}.`,
    legend: (series.length > 1 ? series : []).map(({ values: _, ...entry }) => entry),
    option: beside ? besideOption(rows, series, quantity) : stackedOption(rows, series, quantity, scale, most),
    data: {
      head: [of, ...series.map(({ name }) => `${name}, ${unit}`)],
      rows: rows.map((row, i) => [row, ...series.map(({ values }) => partOf(values[i] ?? 0, size))]),
    },
  }
}

function stackedOption(
  rows: readonly string[],
  series: readonly BarSeries[],
  quantity: Quantity,
  [size, unit]: Unit,
  most: number | undefined,
): ChartOption {
  return {
    ...frame(rows),
    xAxis: { ...axis(unit + quantity.of), type: 'value', ...(most === undefined ? {} : { max: digits(most / size) }) },
    series: series.map(({ name, colour, values }) => ({
      ...bar(name, colour),
      stack: 'all',
      data: values.map((value) => digits((value ?? 0) / size)),
    })),
  }
}

/** Bars of a logarithmic axis begin a decade or so below the least value, and say what they are worth. */
function besideOption(rows: readonly string[], series: readonly BarSeries[], quantity: Quantity): ChartOption {
  const positive = series.flatMap(({ values }) => values.filter((value) => value !== null && value > 0)) as number[]
  const text = (value: number): string => {
    const [size, unit] = unitFor(quantity, value)
    return `${Number((value / size).toPrecision(3))} ${unit}`
  }
  return {
    ...frame(rows),
    grid: { ...frame(rows).grid, right: 72 },
    xAxis: {
      ...axis(quantity.units[0]![1] + quantity.of),
      type: 'log',
      min: 10 ** Math.floor(Math.log10(Math.min(...positive) / 2)),
    },
    series: series.map(({ name, colour, values }) => ({
      ...bar(name, colour),
      data: values.map((value) =>
        value === null || value <= 0
          ? null
          : { value: digits(value), label: { show: true, position: 'right', formatter: text(value) } },
      ),
    })),
  }
}

const frame = (rows: readonly string[]) => ({
  grid: { left: 8, right: 40, top: 6, bottom: 34, containLabel: true },
  tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
  yAxis: {
    type: 'category',
    inverse: true,
    data: rows,
    axisTick: { show: false },
    axisLabel: { interval: 0, width: 170, overflow: 'truncate' },
  },
})

const axis = (name: string) => ({ name, nameLocation: 'middle', nameGap: 28, axisLabel: { hideOverlap: true } })

const bar = (name: string, colour: string) => ({
  type: 'bar',
  name,
  barMaxWidth: 18,
  itemStyle: { color: colour },
  emphasis: { focus: 'series' },
})

/** The unit for a chart whose largest value this is. */
function unitFor({ units }: Quantity, largest: number): Unit {
  return units.filter(([size, , from = size]) => largest >= from).at(-1) ?? units[0]!
}

/** `value` in units of `size`: all digits of whole numbers. */
const partOf = (value: number, size: number): number => (Number.isInteger(value) ? exact : digits)(value / size)

/** Without the rounding errors of a change of unit. */
export const exact = (value: number): number => Number(value.toPrecision(15))

/** Five digits: more are not read off a chart, and rounding errors do not show. */
export const digits = (value: number): number => Number(value.toPrecision(5))

/** A number inside a sentence: five digits at most of what is no whole number, without zeros at its end. */
export const brief = (value: number): string => value.toLocaleString('en-US', roundedTo(value, 5))

/** So many digits, but all of a whole part. */
export const roundedTo = (value: number, most: number) =>
  Math.abs(value) < 10 ** most && !Number.isInteger(value)
    ? { maximumSignificantDigits: most }
    : { maximumFractionDigits: 0 }
