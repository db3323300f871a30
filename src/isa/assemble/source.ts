// Lines of the source without comments, cut into statements.

/** One statement: its text, trimmed, and the column of its first character, from 1. */
export interface Piece {
  readonly text: string
  readonly column: number
}

export interface SourceLine {
  readonly text: string
  /** From 1. */
  readonly line: number
}

/** Lines of `text`, with block comments blanked out. */
export function linesOf(text: string): SourceLine[] {
  const plain = text.includes('/*') ? blankComments(text) : text
  return plain.split(/\r?\n/).map((line, k) => ({ text: line, line: k + 1 }))
}

const commentOrQuote = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g

const blankComments = (text: string): string =>
  text.replace(commentOrQuote, (part) => (part.startsWith('/*') ? part.replace(/[^\n]/g, ' ') : part))

const endOrQuote = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|;|\/\//g

/** Statements of one line: split at semicolons, cut at a line comment; a line that starts with # is all comment. */
export function statementsOf(line: string): Piece[] {
  if (/^\s*#/.test(line)) return []
  if (!/[;/]/.test(line)) return pieces(line, 0, line.length)
  const found: Piece[] = []
  let start = 0
  for (const { 0: token, index } of line.matchAll(endOrQuote)) {
    if (token !== ';' && token !== '//') continue
    found.push(...pieces(line, start, index))
    start = index + 1
    if (token === '//') return found
  }
  return [...found, ...pieces(line, start, line.length)]
}

function pieces(line: string, start: number, end: number): Piece[] {
  const raw = line.slice(start, end)
  const text = raw.trim()
  return text === '' ? [] : [{ text, column: start + raw.indexOf(text) + 1 }]
}
