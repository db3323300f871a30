// Reports of results folders: the page, and a picture of each chart.

import { basename, dirname, join } from 'node:path'
import { type EnergyTable, loadEnergyTable } from '../../energy/table.ts'
import { readDocument } from '../../work/document.ts'
import { InputError } from '../../work/input-error.ts'
import { checkFolder, writeFolder } from '../write.ts'
import { fileBeside, type Reportable, readReportable } from './documents.ts'
import type { Report } from './page.ts'
import { reproductionReport } from './reproduction-report.ts'
import { type Beside, resultReport } from './result-report.ts'
import { sweepReport } from './sweep-report.ts'

/**
 * Makes the report of the document in `folder`, and writes it as `page`, report.html there by default, with the
 * pictures in `figures` beside it. Gives the page's file. Throws InputError where the document is not as bnnsim
 * writes it, or where nothing can be written; nothing is written then.
 */
export function writeReport(folder: string, page: string = join(folder, 'report.html')): string {
  const report = reportOf(
    readReportable(folder),
    fileBeside(folder, 'config.yaml'),
    fileBeside(folder, 'experiment.yaml'),
  )
  const place = dirname(page)
  checkFolder(place)
  writePictures(report, place)
  writeFolder(place, { [basename(page)]: report.html })
  return page
}

/** Writes the report's charts as `figures/NAME.svg` in `folder`. */
export function writePictures({ figures }: Report, folder: string): void {
  const pictures = Object.entries(figures).map(([name, svg]) => [`${name}.svg`, svg])
  if (pictures.length > 0) writeFolder(join(folder, 'figures'), Object.fromEntries(pictures))
}

function reportOf(reportable: Reportable, config: string | undefined, experiment: string | undefined): Report {
  if (reportable.kind === 'reproduction') return reproductionReport(reportable.document)
  const variants =
    reportable.kind === 'result' ? reportable.document.variants : reportable.document.points.flatMap((p) => p.variants)
  const names = [...new Set(variants.map(({ energyTable }) => energyTable))]
  const beside: Beside = {
    ...(config === undefined ? {} : { config }),
    ...(experiment === undefined ? {} : { experiment }),
    energyTables: energyTablesOf(names, { 'config.yaml': config, 'experiment.yaml': experiment }),
  }
  return reportable.kind === 'result'
    ? resultReport(reportable.document, beside)
    : sweepReport(reportable.document, beside)
}

/** Those of `names` that ship, or that one of `files`, texts by name, gives the file of; others are left out. */
function energyTablesOf(names: readonly string[], files: Readonly<Record<string, string | undefined>>): EnergyTable[] {
  const written = Object.entries(files).flatMap(([file, text]) =>
    text === undefined ? [] : [...energyReferences(readDocument(text, file).value)],
  )
  const tables = [...new Set([...names, ...written])].flatMap((reference) => {
    try {
      return [loadEnergyTable(reference)]
    } catch (error) {
      if (error instanceof InputError) return []
      throw error
    }
  })
  const byName = new Map(tables.map((table) => [table.name, table]))
  return names.flatMap((name) => byName.get(name) ?? [])
}

/** What entries called `energy` say anywhere in a configuration, and lists of it that axes have. */
function* energyReferences(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  for (const [key, child] of Object.entries(node))
    if (key === 'energy' || key.endsWith('.energy'))
      yield* [child].flat().filter((reference) => typeof reference === 'string')
    else yield* energyReferences(child)
}
