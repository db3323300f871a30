// Aligned text: columns under headings, numbers for people, wrapped sentences.

export interface Column {
  readonly label: string
  readonly unit: string
  readonly cells: readonly string[]
  /** Words start at the left, numbers end at the right. */
  readonly words?: boolean
}

/** A column of numbers. */
export const column = (label: string, unit: string, cells: readonly string[]): Column => ({ label, unit, cells })

/** Widest line of a report, in characters. */
const pageWidth = 100
const gap = '  '
const widestName = 32

/**
 * Two lines of headings, a rule, and the rows. Where the columns do not fit beside each other the rest follows
 * below, the first column repeated.
 */
export function table(columns: readonly Column[]): string {
  const [first, ...others] = columns.map(clipped)
  if (first === undefined) return ''
  const blocks: Column[][] = []
  for (const column of others) {
    const block = blocks.at(-1)
    if (block !== undefined && widthOf([...block, column]) <= pageWidth) block.push(column)
    else blocks.push([first, column])
  }
  return (blocks.length === 0 ? [[first]] : blocks).map(block).join('\n')
}

function block(columns: readonly Column[]): string {
  const rows = columns[0]!.cells.map((_, i) => line(columns, (column) => column.cells[i]!))
  const headings = [line(columns, ({ label }) => label), line(columns, ({ unit }) => unit)]
  const rule = '-'.repeat(widthOf(columns))
  return `${[...headings.filter((heading) => heading !== ''), rule, ...rows].join('\n')}\n`
}

const line = (columns: readonly Column[], of: (column: Column) => string): string =>
  columns
    .map((column) => (column.words === true ? of(column).padEnd(width(column)) : of(column).padStart(width(column))))
    .join(gap)
    .trimEnd()

const width = ({ label, unit, cells }: Column): number =>
  Math.max(label.length, unit.length, ...cells.map((cell) => cell.length))

const widthOf = (columns: readonly Column[]): number =>
  columns.map(width).reduce((sum, each) => sum + each, gap.length * (columns.length - 1))

const clipped = (column: Column): Column => ({
  ...column,
  cells: column.cells.map((cell) => (cell.length > widestName ? `${cell.slice(0, widestName - 1)}…` : cell)),
})

/** `values` with thousands separators and the same decimals: five digits of the largest, none where all are whole. */
export function numbers(values: readonly number[]): string[] {
  const largest = Math.max(...values.map(Math.abs))
  const whole = values.every(Number.isInteger)
  const before = largest < 1 ? 1 : Math.floor(Math.log10(largest)) + 1
  return values.map((value) => fixed(value, whole ? 0 : Math.max(0, Math.min(5 - before, 3))))
}

/** One number as `numbers` shows it. */
export const number = (value: number): string => numbers([value])[0]!

export const fixed = (value: number, decimals: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })

/** Whole percent of a part of 1. */
export const percent = (part: number): string => fixed(100 * part, 0)

/** `count` and the noun, in the plural for any number but one. */
export const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`

/** Words of `text` in lines of at most the page's width, those after the first indented. */
export function wrapped(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= pageWidth) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(last === undefined ? word : `  ${word}`)
  }
  return `${lines.join('\n').replaceAll(glue, ' ')}\n`
}

const glue = '\u00a0'

/** A part that `wrapped` leaves on one line. */
export const unbroken = (text: string): string => text.replaceAll(' ', glue)
