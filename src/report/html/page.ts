// The page around a report: one file that needs no other. Its style and its script are in assets/.

import { readFileSync } from 'node:fs'
import { type Figure, libraryFile, svgOf } from './figure.ts'
import { html, jsonText, Markup, scriptText } from './markup.ts'
import { plainTable } from './sortable.ts'
import { themes } from './theme.ts'

/** A whole page, and each of its charts as an SVG picture by its name. */
export interface Report {
  readonly html: string
  readonly figures: Readonly<Record<string, string>>
}

export interface Section {
  readonly id: string
  readonly heading: string
  readonly body: Markup
}

export interface Page {
  readonly title: string
  /** One line below the title. */
  readonly subtitle: string
  readonly version: string
  readonly sections: readonly Section[]
  readonly figures: readonly Figure[]
  /** More for the script of the page, by name. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Places a figure of the page: where scripts do not run, its picture stays. */
export const placeFigure = (
  figure: Figure,
  svg: string,
  controls?: Markup,
): Markup => html`<figure id="${figure.id}" class="chart">
<figcaption><h3>${figure.title}</h3><p>${figure.about}</p></figcaption>
${controls}<div class="legend" role="group" aria-label="Series of ${figure.title}"></div>
<div class="plot" role="img" aria-label="${figure.label}" data-figure="${figure.id}" style="--height: ${figure.height}px">${new Markup(svg)}</div>
<details class="data"><summary>Data of this chart</summary>${plainTable(figure.title, figure.data.head, figure.data.rows)}</details>
</figure>`

export function pageOf({ title, subtitle, version, sections, figures, extra = {} }: Page): string {
  const charts = Object.fromEntries(
    figures.map(({ id, option, legend, unit, height }) => [id, { option, legend, unit, height }]),
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="bnnsim ${version}">
<title>${title} - bnnsim</title>
<link rel="icon" href="data:,">
<style>${new Markup(asset('page.css'))}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${title}</h1>
<p>${subtitle}</p>
<div class="controls"><button type="button" id="scheme">Dark</button> <button type="button" id="patterns" aria-pressed="false">Patterns</button></div>
</header>
<nav aria-label="Sections"><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${sections.map(({ id, heading, body }) => html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>\n${body}\n</section>\n`)}
</main>
<footer><p>Made by bnnsim ${version}. Charts: Apache ECharts, Apache License 2.0.</p></footer>
<script type="application/json" id="charts">${jsonText({ figures: charts, themes, ...extra })}</script>
<script>${scriptText(readFileSync(libraryFile, 'utf8'))}</script>
<script>${scriptText(asset('tables.js'))}</script>
<script>${scriptText(asset('charts.js'))}</script>
</body>
</html>
`.text
}

const asset = (name: string): string => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8')

/** Pictures of all figures, by id. */
export const picturesOf = (figures: readonly Figure[]): Readonly<Record<string, string>> =>
  Object.fromEntries(figures.map((figure) => [figure.id, svgOf(figure)]))
