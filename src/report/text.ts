// Results as text for people.

import { layerFigures, type Shown, variantFigures } from './figures.ts'
import { names } from './names.ts'
import type { LayerResult, ResultDocument, VariantResult } from './result.ts'
import { type Column, counted, fixed, number, numbers, percent, table, unbroken, wrapped } from './table.ts'

import { checkLine, energyLine, outsideLine, resourceLine, spreadLine } from './variant-lines.ts'

export { evalText } from './eval-text.ts'

/** The whole report; lines are at most 100 characters wide. */
export function resultText(result: ResultDocument): string {
  const { variants } = result
  return [header(result), variantTable(variants), ...variants.map((each) => layerPart(each, variants.length > 1))].join(
    '\n',
  )
}

function header(result: ResultDocument): string {
  const { experiment, title, network, weights, pictures, machine, energyTable, seed, version } = result
  const { clockHz, images, simulatedImages, resources, design } = result.variants[0]!
  const parts = Object.entries(design).map(([choice, name]) => unbroken(`${choice} ${name}`))
  const device = resources === undefined ? '' : ` (${resources.device})`
  const { unit, scale } = variantFigures.clockHz.shown
  const replayed =
    simulatedImages < images ? `, ${number(simulatedImages)} of them value by value, the rest by repeated timing` : ''
  return [
    ...(title === undefined ? [] : [wrapped(title)]),
    wrapped(
      `${network} on ${machine}${device} at ${number(clockHz * scale)} ${unit}, ${counted(images, 'image')}${replayed}`,
    ),
    ...(parts.length === 0 ? [] : [wrapped(parts.join(', '))]),
    wrapped(
      `experiment ${experiment}, weights ${weights}, pictures ${pictures}, energy table ${energyTable}, seed ${seed}, bnnsim ${version}`,
    ),
  ].join('')
}

function variantTable(variants: readonly VariantResult[]): string {
  const { cyclesPerImage, intervalCycles, latencySeconds, imagesPerSecond, energyPerImageJoules, speedup } =
    variantFigures
  const streams = variants.some((each) => each.intervalCycles !== null)
  const columns = [
    words(
      variantFigures.name.shown,
      variants.map(({ name }) => name),
    ),
    ...differing(variants),
    plain(
      cyclesPerImage.shown,
      variants.map((each) => fixed(each.cyclesPerImage, 0)),
    ),
    ...(streams
      ? [
          plain(
            intervalCycles.shown,
            variants.map((each) => (each.intervalCycles === null ? '' : fixed(each.intervalCycles, 0))),
          ),
        ]
      : []),
    scaled(
      latencySeconds.shown,
      variants.map((each) => each.latencySeconds),
    ),
    scaled(
      imagesPerSecond.shown,
      variants.map((each) => each.imagesPerSecond),
    ),
    scaled(
      energyPerImageJoules.shown,
      variants.map((each) => each.energyPerImageJoules),
    ),
    plain(
      variantFigures['accuracy.correct'].shown,
      variants.map(({ accuracy }) => accuracyCell(accuracy)),
    ),
    plain(
      speedup.shown,
      variants.map((each) => fixed(each.speedup, 2)),
    ),
  ]
  const unlabelled = variants.every(({ accuracy }) => accuracy.correct === null)
  const how =
    'Each row is one variant. ' +
    (streams ? 'Interval: between results once the stream flows. ' : '') +
    'Latency: time to the first result, from a cold start. Rate: images over the time to the last result.' +
    (unlabelled ? ' Accuracy needs labels, and weights that were trained.' : repeated(variants[0]!.accuracy))
  return table(columns) + wrapped(how)
}

/** A column for each choice in which the variants are not all alike. */
function differing(variants: readonly VariantResult[]): Column[] {
  const named = (['machine', 'energyTable'] as const).map((key) =>
    words(
      variantFigures[key].shown,
      variants.map((each) => each[key]),
    ),
  )
  const choices = [...new Set(variants.flatMap(({ design }) => Object.keys(design)))].map((choice) =>
    words(
      { label: choice, unit: '' },
      variants.map(({ design }) => design[choice] ?? '-'),
    ),
  )
  const clock = scaled(
    variantFigures.clockHz.shown,
    variants.map(({ clockHz }) => clockHz),
  )
  const area = (['lut', 'bram36', 'dsp'] as const).map((name) =>
    plain(
      { label: name.toUpperCase(), unit: '' },
      variants.map(({ resources }) => (resources === undefined ? '-' : number(resources[name].used))),
    ),
  )
  const done = (['multiplications', 'shifts'] as const).map((name) =>
    plain(
      { label: name, unit: '' },
      variants.map(({ layers }) => operationsCell(layers.map((layer) => layer.operations[name]))),
    ),
  )
  return [...named, ...choices, clock, ...area, ...done].filter(({ cells }) => new Set(cells).size > 1)
}

/** Of all layers together, for one image. */
function operationsCell(counts: readonly (number | undefined)[]): string {
  const counted = counts.filter((count) => count !== undefined)
  return counted.length === 0 ? '-' : number(counted.reduce((sum, count) => sum + count, 0))
}

const accuracyCell = ({ images, correct }: VariantResult['accuracy']): string =>
  correct === null ? '-' : `${number(correct)} of ${number(images)}`

const repeated = ({ images, pictures }: VariantResult['accuracy']): string =>
  pictures < images ? ` The images are ${counted(pictures, 'picture')}, repeated.` : ''

function layerPart(variant: VariantResult, several: boolean): string {
  const sections = [
    ...(several ? [wrapped(`Variant ${variant.name}${variant.passes === '' ? '' : `: ${variant.passes}`}`)] : []),
    layerTable(variant),
    bottleneck(variant),
    outsideLine(variant),
    spreadLine(variant),
    energyLine(variant),
    resourceLine(variant),
    checkLine(variant),
  ]
  return sections.join('')
}

function layerTable(variant: VariantResult): string {
  const { layers } = variant
  const stalls = layers.map(mainStall)
  const inTurn = takeTurns(variant)
  const columns = [
    words(
      layerFigures.name.shown,
      layers.map(({ name }) => name),
    ),
    inTurn
      ? plain(
          layerFigures.cycles.shown,
          layers.map(({ cycles }) => fixed(cycles, 0)),
        )
      : plain(
          layerFigures.busy.shown,
          layers.map(({ busy }) => fixed(busy, 0)),
        ),
    plain(
      { label: layerFigures.busy.shown.label, unit: '%' },
      layers.map(({ busy, cycles }) => percent(busy / cycles)),
    ),
    plain(
      layerFigures['stalls.{reason}'].shown,
      layers.map((layer, i) => stallCell(layer, stalls[i])),
    ),
    ...operationColumns(layers),
    ...rateColumns(layers),
    ...memoryColumns(layers),
    scaled(
      layerFigures.energyPerImageJoules.shown,
      layers.map((each) => each.energyPerImageJoules),
    ),
  ]
  const meant = Object.entries(names.reason).filter(([reason]) => stalls.includes(reason))
  const legend = meant.map(([reason, { meaning }]) => `${reason} = ${meaning}`).join(', ')
  return (
    table(columns) +
    wrapped(
      `Each row is one layer, for one image: ${inTurn ? 'its cycles, the part in which it' : 'cycles its unit'} worked, why it mostly did not, bytes it moved, its dynamic energy. All stalls, reads and writes, and energy by component: --format csv or json.`,
    ) +
    (legend === '' ? '' : wrapped(`Stalls: ${legend}.`)) +
    peakLine(variant)
  )
}

/** The reason of most stalled cycles; undefined where none is stalled. */
function mainStall({ stalls }: LayerResult): string | undefined {
  const most = Math.max(0, ...Object.values(stalls))
  return most === 0 ? undefined : Object.keys(stalls).find((reason) => stalls[reason] === most)
}

const stallCell = ({ stalls, cycles }: LayerResult, reason: string | undefined): string =>
  reason === undefined ? '-' : `${reason} ${percent(stalls[reason]! / cycles)} %`

/** A column for each kind that occurs, except named ones without a heading. */
function operationColumns(layers: readonly LayerResult[]): Column[] {
  const kinds = [...new Set(layers.flatMap(({ operations }) => Object.keys(operations)))]
  return kinds.flatMap((kind) => {
    const { label, unit = '' } = names.operation[kind] ?? { label: kind }
    const counts = layers.map(({ operations }) => operations[kind] ?? 0)
    if (label === undefined || counts.every((count) => count === 0)) return []
    return [
      plain(
        { label, unit },
        counts.map((count) => fixed(count, 0)),
      ),
    ]
  })
}

/** Of operations that the machine can only do so many of in a cycle. */
function rateColumns(layers: readonly LayerResult[]): Column[] {
  const kinds = [...new Set(layers.flatMap(({ perCycle = {} }) => Object.keys(perCycle)))]
  return kinds.flatMap((kind) => [
    plain(
      { label: names.operation[kind]?.label ?? kind, unit: '/cycle' },
      layers.map(({ perCycle }) => (perCycle?.[kind] === undefined ? '-' : fixed(perCycle[kind], 1))),
    ),
    plain(
      layerFigures['ofPeak.{operation}'].shown,
      layers.map(({ ofPeak }) => (ofPeak?.[kind] === undefined ? '-' : percent(ofPeak[kind]))),
    ),
  ])
}

function peakLine({ peak = {} }: VariantResult): string {
  const most = Object.entries(peak).map(([kind, rate]) =>
    [fixed(rate, 1), names.operation[kind]?.label ?? kind, names.operation[kind]?.unit ?? ''].join(' ').trim(),
  )
  return most.length === 0 ? '' : wrapped(`Peak: ${most.join(', ')} a cycle is the most that the machine could do.`)
}

/** A column for each level that moves anything. */
function memoryColumns(layers: readonly LayerResult[]): Column[] {
  const levels = [...new Set(layers.flatMap(({ memory }) => Object.keys(memory)))]
  return levels.flatMap((level) => {
    const bytes = layers.map(({ memory }) => (memory[level]?.bytesRead ?? 0) + (memory[level]?.bytesWritten ?? 0))
    if (bytes.every((each) => each === 0)) return []
    const cells = bytes.map((each) => fixed(each / 1000, 1))
    return [plain({ label: names.level[level]?.label ?? level, unit: 'kB' }, cells)]
  })
}

/** Whether every cycle is one layer's. */
const takeTurns = ({ layers, cyclesPerImage }: VariantResult): boolean =>
  Math.abs(layers.reduce((sum, { cycles }) => sum + cycles, 0) - cyclesPerImage) < 0.5

function bottleneck(variant: VariantResult): string {
  const { cyclesPerImage, layers } = variant
  const inTurn = takeTurns(variant)
  const weight = ({ cycles, busy }: LayerResult): number => (inTurn ? cycles : busy)
  const most = Math.max(...layers.map(weight))
  const slowest = layers.filter((layer) => weight(layer) === most).map(({ name }) => name)
  const busy = `${inTurn ? '' : 'busy for '}${fixed(most, 0)} of the ${fixed(cyclesPerImage, 0)} cycles per image`
  const which = new Intl.ListFormat('en').format(slowest)
  return wrapped(`Bottleneck: ${which},${slowest.length > 1 ? ' each' : ''} ${busy}.`)
}

type Heading = Pick<Shown, 'label' | 'unit'>

const words = ({ label, unit }: Heading, cells: readonly string[]): Column => ({ label, unit, cells, words: true })

const plain = ({ label, unit }: Heading, cells: readonly string[]): Column => ({ label, unit, cells })

const scaled = ({ label, unit, scale }: Shown, values: readonly number[]): Column => ({
  label,
  unit,
  cells: numbers(values.map((value) => value * scale)),
})
