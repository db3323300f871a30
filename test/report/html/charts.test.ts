import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../src/report/html/figure.ts'
import { svgOf } from '../../../src/report/html/figure.ts'
import { layerFiguresOf } from '../../../src/report/html/layer-figures.ts'
import { coloursOf, reasonColour } from '../../../src/report/html/palette.ts'
import { rooflineOf, rooflineRemarks } from '../../../src/report/html/roofline.ts'
import { columnsOf, rowsOf } from '../../../src/report/html/sweep-columns.ts'
import { parallelFigure, scatterFigure } from '../../../src/report/html/sweep-figures.ts'
import { themes } from '../../../src/report/html/theme.ts'
import { variantFiguresOf } from '../../../src/report/html/variant-figures.ts'
import { names } from '../../../src/report/names.ts'
import { sampleDocument } from '../samples.ts'
import { nasty, sampleSweep } from './samples.ts'

const { variants } = sampleDocument()
const variant = variants[0]!
const colours = { component: coloursOf(Object.keys(variant.energy)), level: coloursOf(Object.keys(variant.memory)) }
const figures = layerFiguresOf({ variant, id: 'baseline', colours })

const figure = (id: string): Figure => figures.find((each) => each.id === `baseline-${id}`)!

interface Series {
  readonly name: string
  readonly data: readonly number[]
  readonly itemStyle: { readonly color: string }
}
const seriesOf = ({ option }: Figure): readonly Series[] => option.series as readonly Series[]

/** The length of each bar. */
const lengths = (chart: Figure): number[] =>
  seriesOf(chart)[0]!.data.map((_, i) => seriesOf(chart).reduce((sum, { data }) => sum + data[i]!, 0))

describe('charts of layers', () => {
  it('are as many as the variant has figures for', () => {
    const ids = ['cycles', 'stalls', 'energy', 'memory', 'traffic', 'roofline']
    expect(figures.map(({ id }) => id)).toEqual(ids.map((id) => `baseline-${id}`))
    const bare = { ...variant, memory: {}, layers: variant.layers.map((layer) => ({ ...layer, memory: {} })) }
    expect(layerFiguresOf({ variant: bare, id: 'x', colours }).map(({ id }) => id)).toEqual([
      'x-cycles',
      'x-stalls',
      'x-energy',
    ])
  })

  it('have bars as long as the cycles of the layers, and shares that make 100 %', () => {
    expect(lengths(figure('cycles'))).toEqual(variant.layers.map(({ cycles }) => cycles))
    for (const share of lengths(figure('stalls'))) expect(share).toBeCloseTo(100, 9)
    expect(seriesOf(figure('cycles')).map(({ name }) => name)).toEqual(['busy', 'fill', 'input', 'output', 'idle'])
  })

  it('have bars of energy that make the energy of an image, static energy last', () => {
    const total = lengths(figure('energy')).reduce((sum, length) => sum + length, 0)
    expect(figure('energy').unit).toBe('nJ')
    expect(total).toBeCloseTo(variant.energyPerImageJoules * 1e9, 1)
    expect((figure('energy').option.yAxis as { data: string[] }).data.at(-1)).toBe('static, all layers')
  })

  it('give a name one colour in all of them', () => {
    const seen = new Map<string, string>()
    const all = [...figures, ...variantFiguresOf(variants, colours)]
    for (const { name, colour } of all.flatMap(({ legend }) => legend)) {
      expect(seen.get(name) ?? colour).toBe(colour)
      seen.set(name, colour)
    }
    expect(seen.size).toBeGreaterThan(6)
  })

  it('have options that JSON holds without loss, and a table of the data', () => {
    for (const { option, data } of figures) {
      expect(JSON.parse(JSON.stringify(option))).toEqual(option)
      for (const row of data.rows) expect(row).toHaveLength(data.head.length)
    }
  })
})

describe('rooflineOf', () => {
  const layer = (name: string, cycles: number, binaryMacs: number, bytes: Record<string, number>) => ({
    ...variant.layers[0]!,
    name,
    cycles,
    operations: { binaryMacs },
    memory: Object.fromEntries(
      Object.entries(bytes).map(([level, moved]) => [
        level,
        { reads: 1, writes: 1, bytesRead: 0.75 * moved, bytesWritten: 0.25 * moved },
      ]),
    ),
  })

  it('places layers by closed form, with the bytes of DRAM', () => {
    const layers = [
      layer('a', 300, 6000, { l1d: 1, dram: 120 }),
      layer('b', 100, 500, { dram: 1000 }),
      layer('c', 50, 0, { dram: 10 }),
      layer('d', 50, 10, { dram: 0 }),
    ]
    expect(rooflineOf({ layers })).toEqual({
      memory: 'DRAM',
      points: [
        { layer: 'a', intensity: 50, rate: 20, share: 0.75 },
        { layer: 'b', intensity: 0.5, rate: 5, share: 0.25 },
      ],
      without: ['d'],
    })
  })

  it('takes the next level where binary layers move nothing to or from DRAM', () => {
    const l2 = rooflineOf({ layers: [layer('a', 1, 80, { l1d: 1, l2: 40, dram: 0 }), layer('b', 1, 0, { dram: 9 })] })
    expect([l2!.memory, l2!.points[0]!.intensity]).toEqual(['L2', 2])
    const chip = rooflineOf({ layers: [layer('a', 1, 80, { weights: 10, window: 10, dram: 0 })] })
    expect([chip!.memory, chip!.points[0]!.intensity]).toEqual(['all memories on the chip', 4])
    expect(rooflineOf({ layers: [layer('a', 1, 80, {})] })).toBeUndefined()
  })

  it('has the roof that the result knows, and none is drawn without', () => {
    const roofs = ({ option }: Figure) => (option.series as { markLine?: { data: unknown } }[])[0]!.markLine?.data
    expect(roofs(figure('roofline'))).toEqual([{ yAxis: 128 }])
    const { peak: _, ...unknown } = variant
    const without = layerFiguresOf({ variant: unknown, id: 'x', colours }).at(-1)!
    expect(without.id).toBe('x-traffic')
    expect(rooflineRemarks({ ...variant, peak: {} })).toHaveLength(1)
    expect(rooflineRemarks(variant)).toEqual([])
  })
})

describe('pictures', () => {
  const sweep = sampleSweep(30)
  const rows = rowsOf(sweep)
  const columns = columnsOf(sweep, rows)
  const [x, y] = ['cyclesPerImage', 'energyPerImageJoules'].map((key) => columns.find((column) => column.key === key)!)
  const all = [
    ...figures,
    ...variantFiguresOf(variants, colours),
    scatterFigure(rows, { x: x!, y: y! }, columns),
    parallelFigure(rows, columns)!,
  ]

  it.each(all)('of $id have the same bytes each time, and stand alone', (each) => {
    const svg = svgOf(each)
    expect(svgOf(each)).toBe(svg)
    expect(svg).toMatch(/^<svg [^>]*xmlns=.*<\/svg>\n$/s)
    expect(svg).not.toMatch(/\bzr\d|ecmeta|<style|<script|href="(?!#)/)
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(svg).toContain(`id="${id}"`)
    expect(svg).toContain(`>${each.title}<`)
  })

  it('show names that look like markup as they are', () => {
    const layers = variant.layers.map((layer) => ({ ...layer, name: `${nasty}${layer.name}` }))
    const [cycles] = layerFiguresOf({ variant: { ...variant, layers }, id: 'x', colours })
    const svg = svgOf(cycles!)
    expect(svg).not.toContain('<img')
    expect(svg).toContain('&lt;/script&gt;')
  })
})

/** Contrast as WCAG 2 defines it. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [low, high] = [luminance(a), luminance(b)].sort((p, q) => p - q) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe('colours', () => {
  const pages = ['#ffffff', '#161b21']

  it('of series stand out from a light and from a dark page', () => {
    const many = coloursOf(Array.from({ length: 12 }, (_, i) => String(i)))
    const series = [
      ...Array.from({ length: 12 }, (_, i) => many(String(i))),
      ...Object.keys(names.reason).map(reasonColour),
    ]
    for (const colour of series)
      for (const page of pages) expect([colour, page, contrast(colour, page) >= 3]).toEqual([colour, page, true])
  })

  it('of text are read on both', () => {
    for (const [i, { textStyle, valueAxis }] of [themes.light, themes.dark].entries())
      for (const { color } of [textStyle, valueAxis.axisLabel, valueAxis.nameTextStyle])
        expect(contrast(color, pages[i]!)).toBeGreaterThan(4.5)
  })
})
