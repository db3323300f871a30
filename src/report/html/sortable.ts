// Tables of the page that readers sort and filter; the script of the page does so.

import { fixed, numbers } from '../table.ts'
import { exact, roundedTo } from './bars.ts'
import { html, type Markup, prose } from './markup.ts'

export interface TableColumn {
  readonly label: string
  readonly unit?: string
  /** What it is, shown when the heading is pointed at. */
  readonly meaning?: string
  /**
   * Of its numbers; `own` as many as each has, `few` as many as four digits need. Without it, as many as five digits of
   * the largest need. Whole numbers have all of their digits.
   */
  readonly decimals?: number | 'own' | 'few'
  readonly cells: readonly Cell[]
  /** What filters may call it besides its label. */
  readonly names?: readonly ColumnName[]
}

export interface ColumnName {
  readonly name: string
  /** One of the unit that filters mean by this name, in the column's unit; 1 by default. */
  readonly scale?: number
}

interface TableLook {
  /** As high as its rows need, and no wider than a page. */
  readonly whole?: boolean
}

/** Numbers are in the column's unit; null is unknown. */
export type Cell = string | number | boolean | null

/** `id` is unique in the page; `rows` names what its rows are, in the plural. */
export function sortable(
  id: string,
  caption: string,
  rows: string,
  columns: readonly TableColumn[],
  { whole = false }: TableLook = {},
): Markup {
  const texts = columns.map(shownCells)
  const count = columns[0]?.cells.length ?? 0
  const example = columns.find(({ cells }) => cells.length > 0 && cells.every((cell) => typeof cell === 'number'))
  return html`<div class="sortable" data-rows="${rows}">
<p class="controls"><label for="${id}-filter">Filter ${rows}</label>
<input id="${id}-filter" type="search" autocomplete="off" spellcheck="false" aria-describedby="${id}-how">
<span class="count" role="status" aria-live="polite">${count} of ${count} ${rows}</span></p>
<p class="how" id="${id}-how">Words that a row has${example === undefined ? '' : html`, or conditions such as <code>${keyOf(example)}&gt;${medianOf(example)}</code>`}; several must all hold. Headings sort.</p>
<div class="scroll${whole ? ' whole' : ''}" tabindex="0" role="region" aria-label="${caption}"><table id="${id}"${columns.length > 9 ? html` class="wide"` : undefined}>
<caption>${caption}</caption>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>${Array.from({ length: count }, (_, row) => html`<tr>${columns.map((column, i) => cell(column.cells[row]!, texts[i]![row]!, i === 0))}</tr>\n`)}</tbody>
</table></div></div>`
}

/** The label as filters write it. */
const keyOf = ({ label }: TableColumn): string => label.replaceAll(/\s+/g, '-')

const heading = (column: TableColumn): Markup =>
  html`<th scope="col" data-key="${keyOf(column)}" data-names="${JSON.stringify(namesOf(column))}"${isNumeric(column) ? html` class="number"` : undefined}${column.meaning === undefined ? undefined : html` title="${column.meaning}"`}><button type="button">${column.label}${
    column.unit === undefined || column.unit === '' ? undefined : html` <span class="unit">${column.unit}</span>`
  }</button></th>`

/** Each with its scale: small letters, hyphens for spaces. */
function namesOf(column: TableColumn): (readonly [string, number])[] {
  const all = [{ name: column.label, scale: 1 }, ...(column.names ?? [])].map(
    ({ name, scale = 1 }) => [name.toLowerCase().replaceAll(/\s+/g, '-'), scale] as const,
  )
  return all.filter(([name], i) => all.findIndex(([other]) => other === name) === i)
}

const isNumeric = ({ cells }: TableColumn): boolean => cells.some((cell) => typeof cell === 'number')

function cell(value: Cell, text: string, first: boolean): Markup {
  if (typeof value === 'number') {
    const whole = exact(value)
    const rounded = Number(text.replaceAll(',', '')) !== whole
    return html`<td class="number" data-value="${whole}"${rounded ? html` title="${whole}"` : undefined}>${text}</td>`
  }
  return first
    ? html`<th scope="row">${text}</th>`
    : html`<td${text.length > 60 ? html` class="long"` : undefined}>${prose(text)}</td>`
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
          typeof decimals === 'number'
            ? fixed(value, decimals)
            : value.toLocaleString('en-US', decimals === 'own' ? { maximumFractionDigits: 15 } : roundedTo(value, 4)),
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
