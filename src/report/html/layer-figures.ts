// Charts of one variant's layers.

import { names } from '../names.ts'
import type { LayerResult, VariantResult } from '../result.ts'
import { type BarSeries, barFigure, bytes, cycles, joules, shares } from './bars.ts'
import type { Figure } from './figure.ts'
import { type Colours, reasonColour } from './palette.ts'
import { roofline } from './roofline.ts'

/** What has one colour throughout a page. */
export interface PageColours {
  readonly component: Colours
  readonly level: Colours
}

export interface Part {
  readonly variant: VariantResult
  /** Begins the ids of its figures. */
  readonly id: string
  readonly colours: PageColours
}

/** Those that the variant has figures for. */
export const layerFiguresOf = (part: Part): readonly Figure[] =>
  [cycleBars(part), stallBars(part), energyBars(part), levelBars(part), trafficBars(part), roofline(part)].filter(
    (figure) => figure !== undefined,
  )

const unionOf = (records: readonly Readonly<Record<string, unknown>>[]): string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
]

const labelOfLevel = (level: string): string => names.level[level]?.label ?? level

/** What the layer's unit did in its cycles: busy, and why it was not. */
function timeSeries(layers: readonly LayerResult[], of: (cycles: number, layer: LayerResult) => number): BarSeries[] {
  const reasons = unionOf(layers.map(({ stalls }) => stalls))
  return [
    {
      name: 'busy',
      colour: reasonColour('busy'),
      meaning: 'the unit works',
      values: layers.map((layer) => of(layer.busy, layer)),
    },
    ...reasons.map((reason) => ({
      name: reason,
      colour: reasonColour(reason),
      ...(names.reason[reason] === undefined ? {} : { meaning: names.reason[reason].meaning }),
      values: layers.map((layer) => of(layer.stalls[reason] ?? 0, layer)),
    })),
  ]
}

function cycleBars({ variant: { layers }, id }: Part): Figure {
  return barFigure({
    id: `${id}-cycles`,
    title: 'Cycles by layer',
    about:
      'Cycles of one image as each layer sees them: those in which its unit worked, and the others by what it waited for.',
    rows: layers.map(({ name }) => name),
    series: timeSeries(layers, (count) => count),
    quantity: cycles,
    of: 'layer',
  })
}

function stallBars({ variant: { layers }, id }: Part): Figure {
  return barFigure({
    id: `${id}-stalls`,
    title: 'Where the cycles go',
    about: 'The same cycles as shares of each layer, so that short layers can be read as well.',
    rows: layers.map(({ name }) => name),
    series: timeSeries(layers, (count, layer) => (layer.cycles === 0 ? 0 : count / layer.cycles)),
    quantity: shares,
    most: 1,
    of: 'layer',
  })
}

const staticRow = 'static, all layers'

function energyBars({ variant: { layers, staticEnergy }, id, colours }: Part): Figure | undefined {
  const still = Object.keys(staticEnergy).length > 0
  const energies = [...layers.map(({ energy }) => energy), ...(still ? [staticEnergy] : [])]
  if (energies.every((energy) => Object.values(energy).every((joules) => joules === 0))) return undefined
  return barFigure({
    id: `${id}-energy`,
    title: 'Energy by layer',
    about: `Dynamic energy of each layer by component.${still ? ' The last bar is what components draw all the time, which belongs to no layer; all bars together are the energy of an image.' : ''}`,
    rows: [...layers.map(({ name }) => name), ...(still ? [staticRow] : [])],
    series: unionOf(energies).map((component) => ({
      name: component,
      colour: colours.component(component),
      values: energies.map((energy) => energy[component] ?? 0),
    })),
    quantity: joules,
    of: 'layer',
  })
}

const readColour = '#0072b2'
const writtenColour = '#b97f00'

function levelBars({ variant: { memory }, id }: Part): Figure | undefined {
  const levels = Object.keys(memory).filter((level) => memory[level]!.bytesRead + memory[level]!.bytesWritten > 0)
  if (levels.length === 0) return undefined
  return barFigure({
    id: `${id}-memory`,
    title: 'Memory traffic by level',
    about: 'Bytes read from and written to each memory for one image, on a logarithmic axis.',
    rows: levels.map(labelOfLevel),
    series: [
      { name: 'read', colour: readColour, values: levels.map((level) => memory[level]!.bytesRead) },
      { name: 'written', colour: writtenColour, values: levels.map((level) => memory[level]!.bytesWritten) },
    ],
    quantity: bytes,
    beside: true,
    of: 'memory',
  })
}

function trafficBars({ variant: { layers }, id, colours }: Part): Figure | undefined {
  const levels = unionOf(layers.map(({ memory }) => memory))
  if (levels.length === 0) return undefined
  return barFigure({
    id: `${id}-traffic`,
    title: 'Memory traffic by layer',
    about: 'Bytes that each layer reads and writes for one image, by memory.',
    rows: layers.map(({ name }) => name),
    series: levels.map((level) => ({
      name: labelOfLevel(level),
      colour: colours.level(level),
      ...(names.level[level] === undefined ? {} : { meaning: names.level[level].meaning }),
      values: layers.map(({ memory }) => (memory[level]?.bytesRead ?? 0) + (memory[level]?.bytesWritten ?? 0)),
    })),
    quantity: bytes,
    of: 'layer',
  })
}
