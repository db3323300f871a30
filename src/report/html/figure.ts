// One chart: what it says in words, its data as a table, and the plain options that ECharts draws it from, here as
// a picture and in the page.

import { createRequire } from 'node:module'
import type * as ECharts from 'echarts'
import { paper, themes } from './theme.ts'

/** ECharts options without functions. */
export type ChartOption = Readonly<Record<string, unknown>>

export interface Figure {
  /** Letters, digits and hyphens; unique in the page, and the name of the picture's file. */
  readonly id: string
  readonly title: string
  /** What it shows and how to read it. */
  readonly about: string
  /** What those hear who do not see it. */
  readonly label: string
  /** In pixels, without the legend. */
  readonly height: number
  readonly option: ChartOption
  /** Series with their colours; none where colours say nothing. */
  readonly legend: readonly LegendEntry[]
  /** Of the values that hovering shows. */
  readonly unit: string
  readonly data: DataTable
}

export interface LegendEntry {
  readonly name: string
  readonly colour: string
  readonly meaning?: string
}

export interface DataTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

const require = createRequire(import.meta.url)

/** File of the library, which pages carry within them. It is one file: its modules take seconds to load. */
export const libraryFile = require.resolve('echarts/dist/echarts.min.js')

const echarts = require(libraryFile) as typeof ECharts

/** Letters of wide fonts, in ems: which font a viewer has is not known, and names must not run into each other. */
const letter = 0.62

const widthOf = (text: string, size: number): number => letter * size * text.length

echarts.setPlatformAPI({
  measureText: (text, font) => ({ width: widthOf(text, Number(/(\d+)px/.exec(font ?? '')?.[1] ?? 12)) }),
})

const width = 800
const titleHeight = 34

/** The chart as SVG, with title and legend: the same bytes for the same figure. */
export function svgOf({ title, option, legend, height }: Figure): string {
  const rows = legendRows(legend.map(({ name }) => name))
  const above = titleHeight + 22 * rows
  const chart = echarts.init(null, themes.light, { renderer: 'svg', ssr: true, width, height: height + above })
  chart.setOption({
    ...lowered(option, above),
    backgroundColor: paper,
    animation: false,
    title: { text: title, left: 8, top: 6, textStyle: { fontSize: 15 } },
    legend: {
      show: rows > 0,
      left: 8,
      right: 8,
      top: titleHeight,
      itemWidth: 14,
      itemHeight: 14,
      data: legendData(legend),
    },
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return standalone(svg)
}

const legendData = (legend: readonly LegendEntry[]) =>
  legend.map(({ name, colour }) => ({ name, icon: 'rect', itemStyle: { color: colour } }))

/** Rows that the library needs for entries of such names. */
function legendRows(names: readonly string[]): number {
  if (names.length === 0) return 0
  let rows = 1
  let used = 0
  for (const name of names) {
    const wide = 30 + widthOf(name, 12)
    if (used > 0 && used + wide > width - 16) {
      rows++
      used = 0
    }
    used += wide
  }
  return rows
}

/** `option` with its grid or parallel axes so many pixels lower. */
function lowered(option: ChartOption, by: number): ChartOption {
  const lower = (part: unknown) => ({ ...(part as { top: number }), top: (part as { top: number }).top + by })
  return {
    ...option,
    ...(option.grid === undefined ? {} : { grid: lower(option.grid) }),
    ...(option.parallel === undefined ? {} : { parallel: lower(option.parallel) }),
  }
}

/** Without what serves hovering only, and with names of its own: the library numbers charts as they are made. */
function standalone(svg: string): string {
  const ids = new Map<string, string>()
  return `${svg
    .replaceAll(/<style ?>.*?<\/style>\s*/gs, '')
    .replaceAll(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="visible")/g, '')
    .replaceAll(/\bzr\d+-[a-z]+\d+\b/g, (id) => {
      if (!ids.has(id)) ids.set(id, `id${ids.size}`)
      return ids.get(id)!
    })
    .trim()}\n`
}
