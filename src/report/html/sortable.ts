// Tables of the page that readers sort and filter; the script of the page does so.

import { fixed, numbers } from '../table.ts'
import { html, type Markup } from './markup.ts'

export interface TableColumn {
  readonly label: string
  readonly unit?: string
  /** What it is, shown when the heading is pointed at. */
  readonly meaning?: string
  /** Of its numbers; `own` as many as each has. Without it, as many as five digits of the largest need. */
  readonly decimals?: number | 'own'
  readonly cells: readonly Cell[]
}

/** Numbers are in the column's unit; null is unknown. */
export type Cell = string | number | boolean | null

/** `id` is unique in the page; `rows` names what its rows are, in the plural. */
export function sortable(id: string, caption: string, rows: string, columns: readonly TableColumn[]): Markup {
  const texts = columns.map(shownCells)
  const count = columns[0]?.cells.length ?? 0
  const example = columns.find(({ cells }) => cells.length > 0 && cells.every((cell) => typeof cell === 'number'))
  return html`<div class="sortable" data-rows="${rows}">
<p class="controls"><label for="${id}-filter">Filter ${rows}</label>
<input id="${id}-filter" type="search" autocomplete="off" spellcheck="false" aria-describedby="${id}-how">
<span class="count" role="status">${count} of ${count} ${rows}</span></p>
<p class="how" id="${id}-how">Words that a row has${example === undefined ? '' : html`, or conditions such as <code>${keyOf(example)}&gt;${medianOf(example)}</code>`}; several must all hold. Headings sort.</p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table id="${id}"${columns.length > 9 ? html` class="wide"` : undefined}>
<caption>${caption}</caption>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>${Array.from({ length: count }, (_, row) => html`<tr>${columns.map((column, i) => cell(column.cells[row]!, texts[i]![row]!, i === 0))}</tr>\n`)}</tbody>
</table></div></div>`
}

/** By which filters call a column. */
const keyOf = ({ label }: TableColumn): string => label.replaceAll(/\s+/g, '-')

const heading = (column: TableColumn): Markup =>
  html`<th scope="col" data-key="${keyOf(column)}"${isNumeric(column) ? html` class="number"` : undefined}${column.meaning === undefined ? undefined : html` title="${column.meaning}"`}><button type="button">${column.label}${
    column.unit === undefined || column.unit === '' ? undefined : html` <span class="unit">${column.unit}</span>`
  }</button></th>`

const isNumeric = ({ cells }: TableColumn): boolean => cells.some((cell) => typeof cell === 'number')

function cell(value: Cell, text: string, first: boolean): Markup {
  if (typeof value === 'number') return html`<td class="number" data-value="${value}">${text}</td>`
  return first
    ? html`<th scope="row">${text}</th>`
    : html`<td${text.length > 60 ? html` class="long"` : undefined}>${text}</td>`
}

function medianOf({ cells }: TableColumn): string {
  const sorted = cells.filter((cell) => typeof cell === 'number').sort((a, b) => a - b)
  return String(Number((sorted[Math.floor(sorted.length / 2)] ?? 0).toPrecision(2)))
}

/** Numbers of a column have the same decimals. */
function shownCells({ cells, decimals }: TableColumn): string[] {
  const values = cells.filter((cell) => typeof cell === 'number')
  const shown =
    decimals === undefined
      ? numbers(values)
      : values.map((value) =>
          decimals === 'own' ? value.toLocaleString('en-US', { maximumFractionDigits: 15 }) : fixed(value, decimals),
        )
  let next = 0
  return cells.map((value) =>
    typeof value === 'number'
      ? shown[next++]!
      : value === null
        ? '-'
        : typeof value === 'boolean'
          ? value
            ? 'yes'
            : 'no'
          : value,
  )
}

/** A plain table. */
export const plainTable = (
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | Markup)[])[],
): Markup => html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((label, i) => html`<th scope="col"${i > 0 && typeof rows[0]?.[i] === 'number' ? html` class="number"` : undefined}>${label}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((value, i) => (i === 0 ? html`<th scope="row">${value}</th>` : typeof value === 'number' ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`))}</tr>\n`)}</tbody></table></div>`
