// docs/results.md, made of the table of figures.

import { evaluationFigures } from './evaluation-figures.ts'
import { documentFigures, type Figure, layerFigures, variantFigures } from './figures.ts'
import { type Named, names } from './names.ts'

/** The whole page, in Markdown. */
export function resultsPage(): string {
  return `# Results

<!-- Made by \`npm run docs\` from src/report/figures.ts; edit that. -->

\`bnnsim run\` prints a report for people, or the same figures as JSON (\`--format json\`) or CSV (\`--format csv\`);
with \`--out DIR\` it writes all three, and the resolved configuration as \`config.yaml\`, which runs again as it is.
It also writes totals of the run as statistics for scripts: [stats.md](stats.md).
The JSON document is \`bnnsim-result/1\`: its keys keep their meaning, further keys may be added.
The CSV has a row for each variant, layer \`all\`, and one for each of its layers; its columns have the names below.
Figures are of one image unless they say otherwise. Results depend on nothing but configuration, files and version.

## The document

${figureTable(documentFigures)}
## Each entry of \`variants[]\`

${figureTable(variantFigures)}
## Each entry of \`layers[]\` of a variant

${figureTable(layerFigures)}
## Names in braces

\`{component}\` is a component of the energy table, which gives price and source of each, or a device, whose file gives its static power.

${nameTable('operation', names.operation)}
${nameTable('level', names.level)}
${nameTable('reason', names.reason)}
## \`bnnsim eval\`

${figureTable(evaluationFigures)}`
}

function figureTable(figures: Readonly<Record<string, Figure>>): string {
  const rows = Object.entries(figures).map(
    ([key, { unit, meaning, how }]) => `| \`${key}\` | ${unit} | ${meaning} | ${how} |`,
  )
  return ['| Key | Unit | Meaning | How |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

function nameTable(kind: string, entries: Readonly<Record<string, Named>>): string {
  const rows = Object.entries(entries).map(([name, { meaning }]) => `| \`${name}\` | ${meaning} |`)
  return [`| \`{${kind}}\` | Meaning |`, '| --- | --- |', ...rows, ''].join('\n')
}
