import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { constantsOf } from '../../../src/report/html/provenance.ts'
import { reproductionReport } from '../../../src/report/html/reproduction-report.ts'
import { resultReport } from '../../../src/report/html/result-report.ts'
import { columnsOf, frontOfPair, rowsOf, type SweepColumn } from '../../../src/report/html/sweep-columns.ts'
import { sweepReport } from '../../../src/report/html/sweep-report.ts'
import { prices, sampleDocument } from '../samples.ts'
import { nasty, sampleReproduction, sampleSweep } from './samples.ts'

/** A page without its scripts, whose texts are another's. */
const body = (html: string): string => html.replaceAll(/<script>.*?<\/script>/gs, '')

/** What the page tells its scripts. */
const told = (html: string) =>
  JSON.parse(/<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(html)![1]!) as {
    readonly figures: Record<string, unknown>
    readonly fronts?: Record<string, number[]>
  }

describe('the page of a result', () => {
  const sample = sampleDocument()
  const { html, figures } = resultReport(sample, { config: 'a: 1\n', energyTables: [prices] })

  it('is the same each time', () => {
    expect(resultReport(sample, { config: 'a: 1\n', energyTables: [prices] })).toEqual({ html, figures })
  })

  it('has every chart, as options and as a picture', () => {
    expect(Object.keys(told(html).figures)).toEqual(Object.keys(figures))
    expect(Object.keys(figures)).toHaveLength(2 + 2 * 6)
    for (const id of Object.keys(figures)) expect(html).toContain(`data-figure="${id}"`)
  })

  it('says what was run, how variants compare, and that values are right', () => {
    for (const text of ['toy-net', '10 images', 'toy.json weights', 'Fastest: fast, 2.00 times as fast as baseline.'])
      expect(body(html)).toContain(text)
    expect(body(html)).toContain('all equal to the golden evaluation')
  })

  it('explains the figures that it has, and cites what energy costs', () => {
    expect(body(html)).toContain('Cycles that an image of the run takes on average')
    expect(body(html)).toContain('nothing has arrived yet')
    expect(body(html)).not.toContain('Second-level cache, in lines.')
    expect(body(html)).toContain('lut active')
    expect(body(html)).toContain('1 pJ')
    expect(body(html)).toContain('500 mW')
  })

  it('asks for nothing outside itself', () => {
    expect([...body(html).matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address!.slice(0, 1))).toEqual(
      expect.not.arrayContaining(['h', '/', '.']),
    )
  })

  it('shows names that look like markup as they are', () => {
    const variants = sample.variants.map((variant) => ({
      ...variant,
      name: nasty,
      energy: { [nasty]: 1e-6 },
      layers: variant.layers.map((layer) => ({ ...layer, name: nasty, stalls: { [nasty]: 5 } })),
    }))
    const page = resultReport(
      { ...sample, title: nasty, network: nasty, variants },
      { config: nasty.replaceAll(/[{}&"']/g, ''), energyTables: [] },
    )
    expect(page.html).not.toContain('<img src=x')
    expect(page.html).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;')
    expect(page.html.match(/<\/script>/g)).toHaveLength(4)
  })
})

describe('constantsOf', () => {
  it('gives each number with the citation that its source stands for', () => {
    const config = `
machine:
  sources: { a: "Manual, page 1" }
  clock: { value: 100 MHz, kind: published, source: a }
  device:
    sources: { a: "Data sheet" }
    lut: { value: 10, kind: measured, source: a }
    pipes: { number: 2, queue: 8, kind: assumed, source: nowhere }
    plain: 5
  measurements: { kind: measured, source: a }
  timing:
    add: { latency: 1, rows: [add, sub] }
    mul: { latency: 3, rows: [mul], kind: derived, source: a }
`
    expect(constantsOf(config)).toEqual([
      { path: 'machine.clock', value: '100 MHz', kind: 'published', source: 'Manual, page 1' },
      { path: 'machine.device.lut', value: '10', kind: 'measured', source: 'Data sheet' },
      { path: 'machine.device.pipes', value: 'number 2; queue 8', kind: 'assumed', source: 'nowhere' },
      { path: 'machine.timing.add', value: 'latency 1; rows add, sub', kind: 'measured', source: 'Manual, page 1' },
      { path: 'machine.timing.mul', value: 'latency 3; rows mul', kind: 'derived', source: 'Manual, page 1' },
    ])
  })
})

describe('the page of a sweep', () => {
  const sweep = sampleSweep(50)
  const rows = rowsOf(sweep)
  const columns = columnsOf(sweep, rows)
  const { html, figures } = sweepReport(sweep, { energyTables: [] })

  it('has its charts, the points that failed and how points were chosen', () => {
    expect(Object.keys(figures)).toEqual(['sweep-scatter', 'sweep-parallel'])
    expect(body(html)).toContain('the design &lt;does not&gt; fit')
    expect(body(html)).toContain('Successive halving of a space of 96 points')
  })

  it('shows the sweep and its experiment, whose constants it cites', () => {
    const experiment = 'clock: { value: 100 MHz, kind: published, source: Manual }\n'
    const page = body(sweepReport(sweep, { config: 'name: a\n', experiment, energyTables: [] }).html)
    for (const text of [
      'config.yaml, 1 lines',
      'experiment.yaml, 1 lines',
      '1 constants of the hardware (1 published)',
    ])
      expect(page).toContain(text)
    expect(page).not.toContain('every default written out')
    expect(body(html)).toContain('the folder holds no experiment.yaml')
  })

  it('tells settings from figures of the same name', () => {
    const points = sweep.points.map((point, i) => ({ ...point, settings: { energy: i % 2 === 0 ? 'a' : 'b' } }))
    const same = { ...sweep, settings: ['energy'], points }
    const labels = columnsOf(same, rowsOf(same)).map(({ label }) => label)
    expect(labels).toEqual(expect.arrayContaining(['set energy', 'energy, µJ/image']))
    expect(body(sweepReport(same, { energyTables: [] }).html)).toContain('set energy = a')
  })

  it('has all digits of whole numbers, and those of others where they are pointed at', () => {
    const [first] = sweep.points[0]!.variants
    const variants = [{ ...first!, cyclesPerImage: 4378173, energyPerImageJoules: 0.00123456789 }]
    const points = [{ ...sweep.points[0]!, variants }, ...sweep.points.slice(1)]
    const page = body(sweepReport({ ...sweep, points }, { energyTables: [] }).html)
    expect(page).toContain('data-value="4378173">4,378,173<')
    expect(page).toContain('data-value="1234.56789" title="1234.56789">1,234.6<')
  })

  it('compares settings as numbers where they are numbers of one unit', () => {
    const kinds = columns.slice(0, 3).map(({ label, words }) => [label, words])
    expect(kinds).toEqual([
      ['array.pe', false],
      ['machine.clock, MHz', false],
      ['machine.style', true],
    ])
    expect(columns.find(({ key }) => key === 'clockHz')!.label).toBe('clock, MHz')
  })

  it('joins the points that the document has on its front, where there are two objectives', () => {
    const [x, y] = ['cyclesPerImage', 'energyPerImageJoules'].map((key) =>
      columns.findIndex((each) => each.key === key),
    )
    const front = told(html).fronts![`${x} ${y}`]!
    expect(front.map((row) => rows[row]!.point.point)).toEqual(sweep.front.map(({ point }) => point))
    expect(front).toEqual(
      rows
        .flatMap((row, i) => (row.front ? [i] : []))
        .sort((a, b) => rows[a]!.variant.cyclesPerImage - rows[b]!.variant.cyclesPerImage),
    )
  })

  it('stands without points', () => {
    const failed = sweep.points.filter(({ error }) => error !== undefined)
    const empty = sweepReport({ ...sweep, points: failed, front: [], best: [] }, { energyTables: [] })
    expect(empty.figures).toEqual({})
    expect(body(empty.html)).toContain('1 point failed')
  })
})

describe('frontOfPair', () => {
  it.each(['min', 'max'] as const)('has what no other row beats, %s', (goal) => {
    const random = seedrandom(`front ${goal}`)
    const column = (direction: 'min' | 'max', values: number[]): SweepColumn => ({
      key: 'k',
      name: 'k',
      unit: '',
      label: 'k',
      kind: 'figure',
      words: false,
      goal: direction,
      names: [],
      values,
    })
    for (let round = 0; round < 50; round++) {
      const draw = () => Array.from({ length: 20 }, () => Math.floor(8 * random()))
      const [x, y] = [draw(), draw()]
      const sign = goal === 'min' ? 1 : -1
      const beaten = (i: number) =>
        x.some((_, j) => x[j]! <= x[i]! && sign * y[j]! <= sign * y[i]! && (x[j] !== x[i] || y[j] !== y[i]))
      const expected = x.flatMap((_, i) => (beaten(i) ? [] : [i]))
      expect(frontOfPair(column('min', x), column(goal, y)).sort((a, b) => a - b)).toEqual(expected)
    }
  })
})

describe('the page of a reproduction', () => {
  const { html, figures } = reproductionReport(sampleReproduction)

  it('has a chart for each claim, also where papers share a name for it', () => {
    expect(Object.keys(figures)).toEqual(['first2021-speedup', 'first2021-energy', 'second2024-speedup'])
  })

  it('says how many agree, and why others do not', () => {
    expect(body(html)).toContain(
      '2 claims with an independent basis: 1 within 10 % of what is published, 1 within 25 %. Not counted there: 1 chosen.',
    )
    expect(body(html)).toContain('Static power, which the paper leaves out, is counted here.')
    expect(body(html)).toContain('-45 %')
    expect(body(html)).toContain('the first layer, <code>conv0</code>.')
  })
})
