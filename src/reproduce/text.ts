// The reproduction for people: a row for each claim, and beneath it why the two figures differ and what ours is from.

import {
  agreementText,
  type Claim,
  type FailedClaim,
  type ReproductionDocument,
} from '../report/reproduction-document.ts'
import { counted, fixed } from '../report/table.ts'

/** Widths in characters; lines are 100 at most. */
const page = 100
const claimWidth = 58
const figureWidth = 12
const gap = '  '

export function reproductionText({ papers, claims, failures }: ReproductionDocument): string {
  const tables = papers.map(({ id, citation }) => {
    const own = claims.filter(({ paper }) => paper === id).map(row)
    const failed = failures.filter(({ paper }) => paper === id).map(failedRow)
    return [...lines(`${id}: ${citation}`, 0, 2), '', heading, rule, ...[...own, ...failed].flat()].join('\n')
  })
  return `${tables.join('\n\n')}\n\n${summary(claims, failures).join('\n')}\n`
}

const cells = (claim: string, ...figures: readonly string[]): string =>
  [claim.padEnd(claimWidth), ...figures.map((figure) => figure.padStart(figureWidth))].join(gap).trimEnd()

const heading = cells('claim', 'published', 'ours', 'difference')
const rule = '-'.repeat(heading.length)

function row(claim: Claim): string[] {
  const { published, ours, difference, why } = claim
  const [stated, here] = figuresText([published, ours])
  return [
    ...claimRow(claim, stated!, here!, differenceText(difference)),
    ...lines(why, 4),
    ...lines(originText(claim), 4),
  ]
}

const failedRow = (claim: FailedClaim): string[] => [
  ...claimRow(claim, figuresText([claim.published])[0]!, '-', '-'),
  ...lines(`Failed: ${claim.error}`, 4),
]

/** Figures beside the last line of the claim. */
function claimRow({ claim, unit }: Claim | FailedClaim, ...figures: readonly string[]): string[] {
  const text = lines(`${claim} [${unit}]`, 0, 2, claimWidth)
  return [...text.slice(0, -1), cells(text.at(-1)!, ...figures)]
}

function originText(claim: Claim): string {
  const { basis, network, weights, pictures, experiments, source } = claim
  const from = experiments.length === 0 ? 'counted, nothing simulated' : experiments.join(', ')
  const shown = pictures === 'none' ? '' : `; pictures: ${pictures}`
  return `basis: ${basis}; ${gainText(claim)}${network}; weights: ${weights}${shown}; ${from}. Published: ${source}.`
}

/** What the difference is of where that is not the figure itself: `gain 0.013 of 0.350; `. */
function gainText({ published, ours, neutral }: Claim): string {
  if (neutral === 0) return ''
  const [stated, here] = figuresText([published - neutral, ours - neutral])
  return `gain ${here} of ${stated}; `
}

function summary(claims: readonly Claim[], failures: readonly FailedClaim[]): string[] {
  const failed = failures.length === 0 ? '' : ` ${counted(failures.length, 'claim')} failed.`
  return [...lines(`${agreementText(claims)}${failed}`, 0, 2), '', ...lines(meanings, 0, 2)]
}

const meanings =
  'Basis: independent where nothing in the model was taken from the figure or chosen with it in view; derived where a rule or ' +
  "constant is from the paper's figures; chosen where network, board, folding or reading was chosen with the figure in view; " +
  'incomparable where what the two figures are of differs or is not known. Difference: ours over published, less 1; of speedups and ' +
  'ratios of sizes, the same of the gain, what is above 1. Weights are trained or seeded where they are the ' +
  "network's own, else from the model file named; pictures are drawn by bnnsim or from the file named."

/** Four digits of the largest, none after the point where all are whole. */
function figuresText(values: readonly number[]): string[] {
  const before = Math.floor(Math.log10(Math.max(...values.map(Math.abs)))) + 1
  const decimals = values.every(Number.isInteger) ? 0 : Math.max(0, Math.min(4 - before, 3))
  return values.map((value) => fixed(value, decimals))
}

/** `+12 %` */
function differenceText(difference: number): string {
  const text = fixed(100 * difference, Math.abs(difference) < 0.1 ? 1 : 0)
  return `${difference > 0 ? '+' : ''}${text} %`.replace(/^[+-]0\.0 /, '0.0 ')
}

/** Words of `text` in lines, the first indented by `indent` and the others by `later`. */
function lines(text: string, indent: number, later = indent, width = page): string[] {
  const made: string[] = []
  for (const word of text.split(' ')) {
    const last = made.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) made[made.length - 1] = `${last} ${word}`
    else made.push(' '.repeat(made.length === 0 ? indent : later) + word)
  }
  return made
}
