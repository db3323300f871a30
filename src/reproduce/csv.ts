import { stringify } from 'csv-stringify/sync'
import type { ReproductionDocument } from '../report/reproduction-document.ts'

const columns = [
  'paper',
  'id',
  'claim',
  'unit',
  'published',
  'ours',
  'neutral',
  'difference',
  'basis',
  'why',
  'network',
  'weights',
  'pictures',
  'experiments',
  'source',
  'error',
] as const

/** A row for each claim, those that failed last. Named as in the document; `error` is empty where there is none. */
export const reproductionCsv = ({ claims, failures }: ReproductionDocument): string =>
  stringify([...claims.map((claim) => ({ ...claim, experiments: claim.experiments.join(' ') })), ...failures], {
    header: true,
    columns: [...columns],
  })
