// The report of one experiment: its variants beside the baseline, and what each layer of them did.

import type { EnergyTable } from '../../energy/table.ts'
import { documentFigures, layerFigures, variantFigures } from '../figures.ts'
import { names } from '../names.ts'
import type { LayerResult, ResultDocument, VariantResult } from '../result.ts'
import type { Figure } from './figure.ts'
import { layerFiguresOf, type PageColours } from './layer-figures.ts'
import { html, type Markup, slugs } from './markup.ts'
import { glossaryOf, type Meaning, meaningSection, present } from './meaning.ts'
import { pageOf, picturesOf, placeFigure, type Report } from './page.ts'
import { coloursOf } from './palette.ts'
import { type ConfigFile, sourceSections } from './provenance.ts'
import { rooflineRemarks } from './roofline.ts'
import { type Cell, sortable, type TableColumn } from './sortable.ts'
import { ownRemarks, remarkList, summaryOf } from './summary.ts'
import { variantFiguresOf } from './variant-figures.ts'

/** What documents do not hold. */
export interface Beside {
  /** `config.yaml`. */
  readonly config?: string
  /** `experiment.yaml`, as sweeps have it. */
  readonly experiment?: string
  /** Those that the document names. */
  readonly energyTables: readonly EnergyTable[]
}

export function resultReport(document: ResultDocument, { config, energyTables }: Beside): Report {
  const { variants } = document
  const colours = pageColours(variants)
  const ids = slugs(variants.map(({ name }) => name))
  const whole = variantFiguresOf(variants, colours)
  const parts = variants.map((variant, i) => ({
    variant,
    id: ids[i]!,
    figures: layerFiguresOf({ variant, id: ids[i]!, colours }),
  }))
  const figures = [...whole, ...parts.flatMap((part) => part.figures)]
  const pictures = picturesOf(figures)
  const place = (figure: Figure): Markup => placeFigure(figure, pictures[figure.id]!)
  return {
    figures: pictures,
    html: pageOf({
      title: document.title ?? document.experiment,
      subtitle: `${document.network} on ${document.machine}, experiment ${document.experiment}`,
      version: document.version,
      figures,
      sections: [
        { id: 'summary', heading: 'Summary', body: html`${summaryOf(document)}${whole.map(place)}` },
        {
          id: 'layers',
          heading: 'Layer by layer',
          body: html`${chooser(variants, ids)}${parts.map(
            ({ variant, id, figures: own }) => html`<div class="variant" id="variant-${id}">
${variants.length > 1 ? html`<p class="which">Variant <strong>${variant.name}</strong>${variant.passes === '' ? ', without passes' : html`: <code>${variant.passes}</code>`}</p>` : undefined}
${remarkList([...ownRemarks(variants, variant), ...rooflineRemarks(variant)])}${own.map(place)}</div>\n`,
          )}`,
        },
        { id: 'table', heading: 'All layers', body: layerTable(variants) },
        meaningSection(
          meaningsOf(document),
          glossaryOf(
            variants,
            variants.flatMap(({ layers }) => layers),
          ),
        ),
        ...sourceSections([resolved(config)], energyTables),
      ],
    }),
  }
}

const resolved = (config: string | undefined): ConfigFile => ({
  name: 'config.yaml',
  text: config,
  about: 'The experiment with all that it extends and every default written out; it runs again as it is.',
  constants: true,
})

/** One colour for each component and each memory of any variant. */
function pageColours(variants: readonly VariantResult[]): PageColours {
  return {
    component: coloursOf(variants.flatMap(({ energy }) => Object.keys(energy))),
    level: coloursOf(variants.flatMap(({ memory }) => Object.keys(memory))),
  }
}

const chooser = (variants: readonly VariantResult[], ids: readonly string[]): Markup | undefined =>
  variants.length < 2
    ? undefined
    : html`<p class="controls"><label for="variant">Variant</label> <select id="variant">${variants.map(
        ({ name }, i) => html`<option value="variant-${ids[i]}">${name}</option>`,
      )}</select></p>`

function layerTable(variants: readonly VariantResult[]): Markup {
  const rows = variants.flatMap((variant) => variant.layers.map((layer) => ({ variant, layer })))
  const cells = (of: (layer: LayerResult, variant: VariantResult) => Cell): Cell[] =>
    rows.map(({ variant, layer }) => of(layer, variant))
  const levels = [...new Set(rows.flatMap(({ layer }) => Object.keys(layer.memory)))]
  const traffic = (level: string) =>
    cells(({ memory }) => ((memory[level]?.bytesRead ?? 0) + (memory[level]?.bytesWritten ?? 0)) / 1000)
  const kinds = [...new Set(rows.flatMap(({ layer }) => Object.keys(layer.operations)))].filter(
    (kind) => names.operation[kind]?.label !== undefined && rows.some(({ layer }) => (layer.operations[kind] ?? 0) > 0),
  )
  const columns: TableColumn[] = [
    { label: 'layer', cells: cells(({ name }) => name) },
    ...(variants.length > 1 ? [{ label: 'variant', cells: cells((_, { name }) => name) }] : []),
    { label: 'cycles', meaning: layerFigures.cycles.meaning, cells: cells(({ cycles }) => cycles) },
    {
      label: 'busy',
      unit: '%',
      meaning: layerFigures.busy.meaning,
      decimals: 1,
      cells: cells(({ busy, cycles }) => (cycles === 0 ? null : (100 * busy) / cycles)),
    },
    { label: 'main stall', meaning: layerFigures['stalls.{reason}'].meaning, cells: cells(mainStall) },
    {
      label: 'energy',
      unit: 'µJ',
      names: [{ name: 'energyPerImageJoules', scale: 1e6 }],
      meaning: layerFigures.energyPerImageJoules.meaning,
      cells: cells((layer) => layer.energyPerImageJoules * 1e6),
    },
    ...kinds.map((kind) => ({
      label: names.operation[kind]!.label!,
      names: [{ name: `operations.${kind}` }],
      unit: names.operation[kind]!.unit ?? '',
      meaning: names.operation[kind]!.meaning,
      cells: cells(({ operations }) => operations[kind] ?? 0),
    })),
    ...levels
      .filter((level) => traffic(level).some((value) => value !== 0))
      .map((level) => ({
        label: names.level[level]?.label ?? level,
        unit: 'kB',
        ...(names.level[level] === undefined ? {} : { meaning: names.level[level].meaning }),
        cells: traffic(level),
      })),
  ]
  return html`<p>For one image. Energy is the dynamic part; bytes are read and written together.</p>${sortable('all-layers', 'Layers of all variants', 'layers', columns)}`
}

function mainStall({ stalls }: LayerResult): string {
  const [reason, most] = Object.entries(stalls).reduce(([a, x], [b, y]) => (y > x ? [b, y] : [a, x]), ['-', 0])
  return most === 0 ? '-' : reason
}

/** Figures that the document has. */
function meaningsOf({ variants, ...document }: ResultDocument): Meaning[] {
  const layers = variants.flatMap((variant) => variant.layers)
  return [
    ...present(documentFigures, [document]),
    ...present(variantFigures, withoutLayers(variants)),
    ...present(layerFigures, layers).map(({ key, figure }) => ({ key: `layers: ${key}`, figure })),
  ]
}

const withoutLayers = (variants: readonly VariantResult[]) => variants.map(({ layers: _, ...rest }) => rest)
