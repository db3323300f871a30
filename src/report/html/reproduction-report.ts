// The report of a reproduction: what papers claim beside what comes out here.

import { agreementText, type Claim, type Paper, type ReproductionDocument } from '../reproduction-document.ts'
import { counted, fixed } from '../table.ts'
import { barFigure, type Quantity, roundedTo } from './bars.ts'
import type { Figure } from './figure.ts'
import { html, type Markup, prose, slugs } from './markup.ts'
import { pageOf, picturesOf, placeFigure, type Report, type Section } from './page.ts'
import { accent, highlight } from './palette.ts'
import { plainTable, sortable } from './sortable.ts'

export function reproductionReport(document: ReproductionDocument): Report {
  const { papers, claims, version } = document
  const ids = slugs(claims.map(({ paper, id }) => `${paper}-${id}`))
  const figures = claims.map((claim, i) => claimFigure(claim, ids[i]!))
  const pictures = picturesOf(figures)
  return {
    figures: pictures,
    html: pageOf({
      title: 'Published claims beside what comes out here',
      subtitle: `${counted(claims.length, 'claim')} of ${counted(papers.length, 'paper')}`,
      version,
      figures,
      sections: [
        { id: 'summary', heading: 'Summary', body: summary(document) },
        { id: 'claims', heading: 'All claims', body: claimTable(claims) },
        ...papers.map((paper, i) => ({
          id: `paper-${i + 1}`,
          heading: paper.id,
          body: paperBody(
            paper,
            claims.flatMap((claim, at) =>
              claim.paper === paper.id ? [{ claim, figure: figures[at]!, svg: pictures[figures[at]!.id]! }] : [],
            ),
          ),
        })),
        ...failed(document),
        meanings,
      ],
    }),
  }
}

/** `+12 %` */
const differenceText = (difference: number): string =>
  `${difference > 0 ? '+' : ''}${fixed(100 * difference, Math.abs(difference) < 0.1 ? 1 : 0)} %`

function summary({ papers, claims }: ReproductionDocument): Markup {
  return html`<p class="lead">${agreementText(claims)} Each difference is explained beside its claim.</p>
${plainTable(
  'Papers',
  ['Paper', 'Citation', 'Claims'],
  papers.map(({ id, citation }) => [id, citation, claims.filter(({ paper }) => paper === id).length]),
)}`
}

const claimTable = (claims: readonly Claim[]): Markup =>
  sortable(
    'all-claims',
    'Claims',
    'claims',
    [
      { label: 'claim', cells: claims.map(({ claim }) => claim) },
      { label: 'published', decimals: 'own', cells: claims.map(({ published }) => published) },
      { label: 'ours', decimals: 'few', cells: claims.map(({ ours }) => ours) },
      { label: 'unit', cells: claims.map(({ unit }) => unit) },
      {
        label: 'difference',
        unit: '%',
        decimals: 1,
        cells: claims.map(({ difference }) => Math.round(1000 * difference) / 10 + 0),
      },
      { label: 'basis', cells: claims.map(({ basis }) => basis) },
      { label: 'why', cells: claims.map(({ why }) => why) },
      { label: 'paper', cells: claims.map(({ paper }) => paper) },
      { label: 'from', cells: claims.map(fromText) },
    ],
    { whole: true },
  )

const fromText = ({ experiments, network, weights, pictures }: Claim): string =>
  [experiments.join(', '), network, `${weights} weights`, `pictures ${pictures}`].filter(Boolean).join('; ')

interface Shown {
  readonly claim: Claim
  readonly figure: Figure
  readonly svg: string
}

const paperBody = ({ citation }: Paper, shown: readonly Shown[]): Markup => html`<p>${citation}</p>
${shown.map(
  ({ claim, figure, svg }) => html`${placeFigure(figure, svg)}
<p><strong>${differenceText(claim.difference)}${claim.neutral === 0 ? '' : ' of the gain'}</strong>, ${claim.basis}: ${prose(claim.why)}</p>
<p class="which">From ${claim.experiments.length === 0 ? 'no experiment' : claim.experiments.map((name, i) => html`${i > 0 ? ', ' : ''}<code>${name}</code>`)} with ${claim.network}, ${claim.weights} weights, pictures ${claim.pictures}. Published: ${claim.source}.</p>`,
)}`

/** Published first, then ours or the claim's own bars. */
function claimFigure({ claim, unit, published, ours, bars }: Claim, id: string): Figure {
  const own = bars.length === 0 ? [{ label: 'ours', value: ours }] : bars
  const rows = ['published', ...own.map(({ label }) => label)]
  const values = [published, ...own.map(({ value }) => value)]
  const quantity: Quantity = { of: '', units: [[1, unit]] }
  const figure = barFigure({
    id,
    title: claim,
    about: `Published: ${published.toLocaleString('en-US', { maximumFractionDigits: 15 })} ${unit}; here: ${ours.toLocaleString('en-US', roundedTo(ours, 4))} ${unit}.`,
    rows,
    series: [
      { name: 'published', colour: highlight, values: values.map((value, i) => (i === 0 ? value : 0)) },
      { name: 'here', colour: accent, values: values.map((value, i) => (i === 0 ? 0 : value)) },
    ],
    quantity,
    of: 'bar',
  })
  return { ...figure, data: { head: ['bar', unit], rows: rows.map((row, i) => [row, values[i]!]) } }
}

const meanings = {
  id: 'figures',
  heading: 'What the figures are',
  body: plainTable(
    'Columns of the claims',
    ['Column', 'Meaning'],
    [
      ['published', 'The figure as the paper states it.'],
      ['ours', 'The same figure from the experiments named, as bnnsim simulates them.'],
      [
        'difference',
        '(ours - neutral) / (published - neutral) - 1, where neutral is what the figure is without any effect: 1 of speedups and ratios of sizes, else 0.',
      ],
      [
        'basis',
        "What agreement can show. independent: nothing in the model was taken from the figure or chosen with it in view; derived: a rule or constant comes from the paper's figures; chosen: network, board, folding or reading was chosen with it in view; incomparable: neither agreement nor difference says anything.",
      ],
      ['why', 'Why the two differ, or what their agreement rests on.'],
      ['from', 'Experiments; network; weights, which are trained, seeded or a model file; pictures.'],
    ],
  ),
}

const failed = ({ failures }: ReproductionDocument): Section[] =>
  failures.length === 0
    ? []
    : [
        {
          id: 'failed',
          heading: 'Claims that failed',
          body: plainTable(
            'Claims without a figure of ours',
            ['Claim', 'Paper', 'Why'],
            failures.map(({ claim, paper, error }) => [claim, paper, error]),
          ),
        },
      ]
