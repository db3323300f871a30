import { describe, expect, it } from 'vitest'
import { predictionsCsv, resultCsv } from '../../src/report/csv.ts'
import { pathPattern, resultFigures } from '../../src/report/figures.ts'
import { sampleDocument } from './samples.ts'

/** Fields of RFC 4180 text, by heading. */
function parse(text: string): Record<string, string>[] {
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^",]*)(?:,|$)/g)].slice(0, line.endsWith(',') ? undefined : -1))
    .map((fields) =>
      fields.map(([, field]) => (field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!)),
    )
  const [head, ...body] = rows
  for (const row of body) expect(row).toHaveLength(head!.length)
  return body.map((row) => Object.fromEntries(head!.map((name, i) => [name, row[i]!])))
}

describe('resultCsv', () => {
  const document = sampleDocument()
  const rows = parse(resultCsv(document))

  it('has a row for each variant and layer', () => {
    expect(rows.map(({ experiment, variant, layer }) => [experiment, variant, layer])).toEqual([
      ['sample', 'baseline', 'all'],
      ['sample', 'baseline', 'conv0'],
      ['sample', 'baseline', 'fc1'],
      ['sample', 'fast', 'all'],
      ['sample', 'fast', 'conv0'],
      ['sample', 'fast', 'fc1'],
    ])
  })

  it('holds every number of the document, digit for digit', () => {
    const at = (value: unknown, path: readonly string[]): unknown =>
      path.reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)
    const places = document.variants.flatMap(({ layers, ...variant }) => [variant, ...layers])
    let compared = 0
    rows.forEach(({ experiment: _, variant: __, layer: ___, ...cells }, i) => {
      for (const [column, cell] of Object.entries(cells)) {
        const value = at(places[i], column.split('.'))
        expect(cell, column).toBe(value === undefined ? '' : `${value}`)
        if (value !== undefined) compared++
      }
    })
    const numbersIn = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, inner) => sum + numbersIn(inner), 0)
        : 1
    expect(compared).toBe(numbersIn(document.variants) - places.length) // names are in columns of their own
  })

  it('names its columns by keys of figures, in their order', () => {
    const keys = Object.keys(resultFigures).map((key) => key.replace(/^variants\[\]\.(layers\[\]\.)?/, ''))
    const columns = Object.keys(rows[0]!).slice(3)
    const order = columns.map((column) => keys.findIndex((key) => pathPattern(key).test(column)))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('keeps its columns of whole figures where they are absent', () => {
    const variants = document.variants.map(({ resources: _, ...variant }) => ({ ...variant, layers: [] }))
    const without = Object.keys(parse(resultCsv({ ...document, variants }))[0]!)
    expect(without).toEqual(expect.arrayContaining(['busy', 'cycles', 'resources.device', 'resources.lut.available']))
    expect(without).not.toContain('stalls.fill')
  })

  it('quotes names that need it', () => {
    const variants = [{ ...document.variants[0]!, name: 'a "quoted", name' }]
    expect(parse(resultCsv({ ...document, variants }))[0]!.variant).toBe('a "quoted", name')
  })
})

describe('predictionsCsv', () => {
  it('has a row for each image with all scores, no label where there is none', () => {
    const predictions = [
      { index: 0, label: 2, class: 1, scores: [-1, 7, 0.5] },
      { index: 1, label: null, class: 0, scores: [9, 0, 1e-7] },
    ]
    const result = { images: 2, correct: 0, accuracy: 0, imagesPerSecond: 1, predictions }
    expect(predictionsCsv(result)).toBe('index,label,class,scores.0,scores.1,scores.2\n0,2,1,-1,7,0.5\n1,,0,9,0,1e-7\n')
  })

  it('is a heading for no images', () => {
    const none = { images: 0, correct: null, accuracy: null, imagesPerSecond: 0, predictions: [] }
    expect(predictionsCsv(none)).toBe('index,label,class\n')
  })
})
