// The roofline: how many binary MACs a layer does in a cycle, against how many it does with each byte that it moves.

import { names } from '../names.ts'
import type { LayerResult, VariantResult } from '../result.ts'
import { brief, digits } from './bars.ts'
import type { Figure } from './figure.ts'
import type { Part } from './layer-figures.ts'
import { accent, highlight } from './palette.ts'

export interface RooflinePoint {
  readonly layer: string
  /** Binary MACs a byte. */
  readonly intensity: number
  /** Binary MACs a cycle. */
  readonly rate: number
  /** Part of the cycles of all layers shown. */
  readonly share: number
}

export interface Roofline {
  /** What bytes are counted of, in words. */
  readonly memory: string
  readonly points: readonly RooflinePoint[]
  /** Layers with binary MACs that move no byte there. */
  readonly without: readonly string[]
}

/** From the outermost; what a machine has on the chip beside caches counts as one. */
const outer = ['dram', 'l2', 'l1d'] as const

const binary = ({ operations }: LayerResult): number => operations.binaryMacs ?? 0

/**
 * Bytes are those of the outermost memory that a layer with binary MACs moves any from or to; where that is none of
 * DRAM and caches, of all memories on the chip together. Undefined where no layer has binary MACs or moves a byte.
 */
export function rooflineOf({ layers: all }: Pick<VariantResult, 'layers'>): Roofline | undefined {
  const layers = all.filter((layer) => binary(layer) > 0 && layer.cycles > 0)
  const moved = (level: string, { memory }: LayerResult): number =>
    (memory[level]?.bytesRead ?? 0) + (memory[level]?.bytesWritten ?? 0)
  const level = outer.find((name) => layers.some((layer) => moved(name, layer) > 0))
  const bytesOf = (layer: LayerResult): number =>
    level !== undefined
      ? moved(level, layer)
      : Object.keys(layer.memory).reduce((sum, name) => sum + moved(name, layer), 0)
  const placed = layers.filter((layer) => bytesOf(layer) > 0)
  if (placed.length === 0) return undefined
  const cycles = placed.reduce((sum, layer) => sum + layer.cycles, 0)
  return {
    memory: level === undefined ? 'all memories on the chip' : (names.level[level]?.label ?? level),
    points: placed.map((layer) => ({
      layer: layer.name,
      intensity: binary(layer) / bytesOf(layer),
      rate: binary(layer) / layer.cycles,
      share: layer.cycles / cycles,
    })),
    without: layers.filter((layer) => bytesOf(layer) === 0).map(({ name }) => name),
  }
}

/** Why a variant that does binary MACs has no roofline. */
export const rooflineRemarks = (variant: VariantResult): string[] =>
  variant.peak?.binaryMacs === undefined && variant.layers.some((layer) => binary(layer) > 0)
    ? ['There is no roofline: the result knows neither a peak rate of this machine nor a bandwidth of its memories.']
    : []

/** Undefined also where the result knows no roof. */
export function roofline({ variant, id }: Part): Figure | undefined {
  const found = rooflineOf(variant)
  const peak = variant.peak?.binaryMacs
  if (found === undefined || peak === undefined) return undefined
  const { memory, points, without } = found
  const [left, right] = decades(points.map(({ intensity }) => intensity))
  const [bottom, top] = decades([...points.map(({ rate }) => rate), peak])
  return {
    id: `${id}-roofline`,
    title: 'Roofline',
    about: [
      `Each point is a layer: binary MACs in a cycle against binary MACs for each byte of ${memory}, both logarithmic. The larger a point, the more of the cycles it takes.`,
      `The line is the most that the machine can do: ${brief(peak)} binary MACs a cycle.`,
      'The result holds no bandwidth of the memory, so no slanted roof is drawn.',
      ...(without.length === 0 ? [] : [`Not shown, since they move no byte there: ${without.join(', ')}.`]),
    ].join(' '),
    label: `Roofline of ${points.length} layers: ${points.map(({ layer, rate }) => `${layer} ${brief(rate)}`).join(', ')} binary MACs a cycle.`,
    height: 400,
    unit: '',
    legend: [],
    option: {
      grid: { left: 30, right: 52, top: 14, bottom: 40, containLabel: true },
      tooltip: { trigger: 'item', confine: true },
      xAxis: logAxis(`binary MACs a byte of ${memory}`, left, right, 30),
      yAxis: logAxis('binary MACs a cycle', bottom, top, 54),
      series: [
        {
          type: 'scatter',
          name: 'layers',
          itemStyle: { color: accent, opacity: 0.85 },
          label: { show: true, position: 'right', formatter: '{b}' },
          labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
          data: points.map(({ layer, intensity, rate, share }) => ({
            name: layer,
            value: [digits(intensity), digits(rate)],
            symbolSize: Math.round(8 + 26 * Math.sqrt(share)),
            label: { position: crowded(points, { intensity, rate }) ? 'left' : 'right' },
            hover: [
              layer,
              `${brief(rate)} binary MACs a cycle, ${brief((100 * rate) / peak)} % of the peak`,
              `${brief(intensity)} binary MACs a byte of ${memory}`,
              `${brief(100 * share)} % of these layers' cycles`,
            ],
          })),
          markLine: roof(peak),
        },
      ],
    },
    data: {
      head: ['layer', `binary MACs a byte of ${memory}`, 'binary MACs a cycle'],
      rows: points.map(({ layer, intensity, rate }) => [layer, digits(intensity), digits(rate)]),
    },
  }
}

/** Whether the label of `at` would lie on a point at its right. */
const crowded = (points: readonly RooflinePoint[], at: Pick<RooflinePoint, 'intensity' | 'rate'>): boolean =>
  points.some(
    ({ intensity, rate }) =>
      intensity > at.intensity && intensity < 2 * at.intensity && rate < 1.5 * at.rate && rate > at.rate / 1.5,
  )

const roof = (peak: number) => ({
  silent: true,
  symbol: 'none',
  lineStyle: { color: highlight, width: 2, type: 'solid' },
  label: { formatter: `peak: ${brief(peak)}`, position: 'insideStartTop', color: 'inherit', fontWeight: 'bold' },
  data: [{ yAxis: peak }],
})

const logAxis = (name: string, min: number, max: number, nameGap: number) => ({
  type: 'log',
  name,
  nameLocation: 'middle',
  nameGap,
  min,
  max,
  minorSplitLine: { show: true },
})

/** Powers of ten around `values`, one above what fills the last decade. */
function decades(values: readonly number[]): readonly [number, number] {
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)))
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values) * 1.05))
  return [low, high > low ? high : 10 * low]
}
