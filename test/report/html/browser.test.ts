// Report pages in a real browser: drawn without a complaint, and without asking anything of a network.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reasonColour } from '../../../src/report/html/palette.ts'
import { reproductionReport } from '../../../src/report/html/reproduction-report.ts'
import { resultReport } from '../../../src/report/html/result-report.ts'
import { sweepReport } from '../../../src/report/html/sweep-report.ts'
import { prices, sampleDocument } from '../samples.ts'
import { browserFile } from './browser.ts'
import { nasty, sampleReproduction, sampleSweep } from './samples.ts'

if (browserFile === undefined) process.stderr.write('notice: no chromium: report pages are not opened in a browser\n')

const sample = sampleDocument()
const variants = sample.variants.map((variant, i) => (i === 1 ? { ...variant, name: nasty } : variant))
const config = `name: ${JSON.stringify(nasty)}\nclock: { value: 100 MHz, kind: published, source: a }\nsources: { a: "a <b>" }\n`
const pages = {
  result: resultReport({ ...sample, title: nasty, variants }, { config, energyTables: [prices] }).html,
  sweep: sweepReport(sampleSweep(40), { energyTables: [] }).html,
  reproduction: reproductionReport(sampleReproduction).html,
}
type Kind = keyof typeof pages
const kinds = Object.keys(pages) as Kind[]

let browser: Browser

interface Opened {
  readonly page: Page
  /** What the console, a script or a request had to say. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

async function open(html: string, options: { readonly javaScriptEnabled?: boolean } = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`))
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url())
  })
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
  writeFileSync(join(folder, 'page.html'), html)
  await page.goto(pathToFileURL(join(folder, 'page.html')).href)
  rmSync(folder, { recursive: true })
  return { page, complaints, close: () => context.close() }
}

/** For each chart that is shown, how many shapes it has. */
const shapes = (page: Page): Promise<number[]> =>
  page.$$eval('[data-figure]', (places) =>
    places
      .filter((place) => place.getClientRects().length > 0)
      .map((place) => place.querySelectorAll('svg path, svg text').length),
  )

const rows = (page: Page, table: string): Promise<(string | undefined)[]> =>
  page.$$eval(`#${table} tbody tr:not([hidden]) th`, (cells) => cells.map(({ textContent }) => textContent))

const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor')
const light = 'rgb(255, 255, 255)'
const dark = 'rgb(22, 27, 33)'

describe.skipIf(browserFile === undefined)('in a browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserFile!, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  it.each(kinds)(
    'the page of a %s is drawn on a screen, in the dark and on a phone, without a complaint',
    async (kind) => {
      const { page, complaints, close } = await open(pages[kind])
      const ink = () => page.locator('[data-figure] svg text').first().getAttribute('fill')
      const drawn = await shapes(page)
      expect(drawn.length).toBeGreaterThanOrEqual(2)
      expect(Math.min(...drawn)).toBeGreaterThan(8)
      const [before, inkBefore] = [await background(page), await ink()]
      await page.emulateMedia({ colorScheme: 'dark' })
      await expect.poll(ink).not.toBe(inkBefore)
      expect([before, await background(page)]).toEqual([light, dark])
      await page.click('#scheme')
      expect([await background(page), await ink()]).toEqual([light, inkBefore])
      await page.setViewportSize({ width: 390, height: 800 })
      await expect.poll(() => page.locator('[data-figure] svg').first().getAttribute('width')).toMatch(/^3\d\d/)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      expect(Math.min(...(await shapes(page)))).toBeGreaterThan(8)
      expect(complaints).toEqual([])
      await close()
    },
  )

  it('the page of a sweep sets any two figures against each other', async () => {
    const { page, complaints, close } = await open(pages.sweep)
    await page.selectOption('#across', { label: 'machine.style' })
    await page.selectOption('#up', { label: 'clock, MHz' })
    const texts = await page.locator('#sweep-scatter svg text').allTextContents()
    expect(texts).toEqual(expect.arrayContaining(['hls', 'rtl', 'machine.style', 'clock, MHz']))
    const label = await page.getAttribute('[data-figure="sweep-scatter"]', 'aria-label')
    expect(label).toBe('clock, MHz against machine.style, 39 points.')
    expect(complaints).toEqual([])
    await close()
  })

  it('filters the points of a sweep by any name of a column, and says what it cannot do', async () => {
    const { page, close } = await open(pages.sweep)
    const status = page.locator('.sortable:has(#all-points) .count')
    const filtered = async (filter: string) => {
      await page.fill('#all-points-filter', filter)
      return status.textContent()
    }
    const wide = await filtered('array.pe>4')
    expect(wide).toMatch(/^([1-9]|[12]\d|3[0-8]) of 39 points$/)
    expect(await filtered('machine.array.PE > 4')).toBe(wide)
    const sparing = await filtered('energyPerImageJoules < 3e-4')
    expect(sparing).toMatch(/^([1-9]|[12]\d|3[0-8]) of 39 points$/)
    expect(await filtered('Energy <300')).toBe(sparing)
    const rtl = await filtered('machine.style = rtl')
    expect(rtl).toMatch(/^([1-9]|[12]\d|3[0-8]) of 39 points$/)
    expect(await filtered('rtl cycles>0 baseline')).toBe(rtl)
    for (const [filter, message] of [
      ['energy<', "expected a number after 'energy<'"],
      ['cycles < few', "expected a number after 'cycles<'"],
      ['rat>5', "no column 'rat'"],
      ['> 5', "expected a column before '>'"],
      ['style<5', "no column 'style'"],
      ['machine.style<5', "'machine.style' has words: expected machine.style=WORD"],
    ] as const) {
      expect(await filtered(filter)).toBe(`${message}; all are shown`)
      expect(await page.locator('#all-points tbody tr:not([hidden])').count()).toBe(39)
    }
    await close()
  })

  it('filters nothing where a name may be several columns', async () => {
    const sweep = sampleSweep(5)
    const points = sweep.points.map((point, i) => ({ ...point, settings: { cycles: i } }))
    const { page, close } = await open(
      sweepReport({ ...sweep, settings: ['cycles'], points }, { energyTables: [] }).html,
    )
    const status = page.locator('.sortable:has(#all-points) .count')
    await page.fill('#all-points-filter', 'cycles<2')
    expect(await status.textContent()).toBe("'cycles' is ambiguous: set-cycles or cycles; all are shown")
    await page.fill('#all-points-filter', 'set cycles < 2')
    expect(await status.textContent()).toBe('2 of 4 points')
    await close()
  })

  it('a page shows its charts where scripts do not run', async () => {
    const { page, close } = await open(pages.reproduction, { javaScriptEnabled: false })
    expect(await page.locator('.plot > svg').count()).toBe(sampleReproduction.claims.length)
    expect(await page.locator('.controls:visible').count()).toBe(0)
    await close()
  })

  describe('the page of a result', () => {
    let opened: Opened
    beforeAll(async () => {
      opened = await open(pages.result)
    })
    afterAll(() => opened?.close())

    it('begins with a link to the report itself', async () => {
      const { page } = opened
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.className')).toBe('skip')
      await page.keyboard.press('Enter')
      expect(await page.evaluate('document.activeElement.id')).toBe('main')
    })

    it('names all that is operated or looked at', async () => {
      const { page } = opened
      const parts = page.locator('button, select, [role=img], [role=region]')
      const names = await parts.evaluateAll((all) =>
        all.map((part) => part.getAttribute('aria-label') ?? part.textContent),
      )
      expect(names.length).toBeGreaterThan(20)
      expect(names.filter((name) => !name)).toEqual([])
      for (const field of await page.locator('select, input').all())
        expect(await page.locator(`label[for="${await field.getAttribute('id')}"]`).count()).toBe(1)
    })

    it('hides and shows a series by keyboard', async () => {
      const { page } = opened
      const legend = page.locator('#baseline-cycles .legend button').first()
      const count = () => page.locator(`#baseline-cycles svg path[fill="${reasonColour('busy')}"]`).count()
      const before = await count()
      await legend.focus()
      await page.keyboard.press('Enter')
      expect(await legend.getAttribute('aria-pressed')).toBe('false')
      await expect.poll(count).toBeLessThan(before)
      await page.keyboard.press('Enter')
      await expect.poll(count).toBe(before)
    })

    it('draws patterns when asked to', async () => {
      const { page } = opened
      await page.click('#patterns')
      expect(await page.locator('[data-figure] svg pattern').count()).toBeGreaterThan(2)
      await page.click('#patterns')
      expect(await page.locator('[data-figure] svg pattern').count()).toBe(0)
    })

    it('sorts and filters its table by keyboard', async () => {
      const { page } = opened
      expect(await rows(page, 'all-layers')).toEqual(['conv0', 'fc1', 'conv0', 'fc1'])
      const busy = page.locator('#all-layers th[data-key="busy"]')
      await busy.locator('button').focus()
      await page.keyboard.press('Enter')
      expect(await rows(page, 'all-layers')).toEqual(['fc1', 'fc1', 'conv0', 'conv0'])
      expect(await busy.getAttribute('aria-sort')).toBe('ascending')
      await page.keyboard.press('Enter')
      expect(await rows(page, 'all-layers')).toEqual(['conv0', 'conv0', 'fc1', 'fc1'])
      await page.locator('#all-layers-filter').focus()
      await page.keyboard.type('busy>50 baseline')
      expect(await rows(page, 'all-layers')).toEqual(['conv0'])
      const status = page.locator('.sortable:has(#all-layers) .count')
      expect(await status.textContent()).toBe('1 of 4 layers')
      await page.fill('#all-layers-filter', 'bsy>50')
      expect(await status.textContent()).toBe("no column 'bsy'; all are shown")
      expect(await rows(page, 'all-layers')).toHaveLength(4)
    })

    it('tells what a point is when it is pointed at', async () => {
      const { page } = opened
      const plot = page.locator('[data-figure="baseline-roofline"]')
      await plot.scrollIntoViewIfNeeded()
      const box = (await plot.locator('svg text', { hasText: 'conv0' }).boundingBox())!
      await page.mouse.move(box.x - 12, box.y + box.height / 2)
      await plot.getByText('57.6 binary MACs a cycle, 45 % of the peak').waitFor({ timeout: 5000 })
    })

    it('shows one variant at a time, with its charts', async () => {
      const { page } = opened
      const shown = () => page.locator('.variant:not([hidden])').evaluateAll((parts) => parts.map(({ id }) => id))
      expect(await shown()).toEqual(['variant-baseline'])
      await page.selectOption('#variant', { index: 1 })
      expect(await shown()).toEqual(['variant-script-img-src-x-onerror-alert-1-b'])
      expect(Math.min(...(await shapes(page)))).toBeGreaterThan(8)
    })

    it('prints light, with what is folded open and controls gone', async () => {
      const { page } = opened
      await page.emulateMedia({ colorScheme: 'dark' })
      const pdf = await page.pdf({ format: 'A4' })
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pdf.length).toBeGreaterThan(30_000)
      await page.evaluate('dispatchEvent(new Event("beforeprint"))')
      await page.emulateMedia({ media: 'print' })
      expect(await background(page)).toBe(light)
      expect(await page.locator('.controls:visible').count()).toBe(0)
      expect(await page.locator('details.print:not([open])').count()).toBe(0)
      const heights = await page
        .locator('.variant:not([hidden]) [data-figure] svg')
        .evaluateAll((charts) => charts.map((chart) => chart.getBoundingClientRect().height))
      expect(Math.min(...heights)).toBeGreaterThan(50)
      const halo = `getComputedStyle(document.querySelector('[data-figure] svg text[stroke]')).stroke`
      expect(await page.evaluate(halo)).toBe(light)
    })

    it('has nothing to complain of until the end', () => expect(opened.complaints).toEqual([]))
  })
})
