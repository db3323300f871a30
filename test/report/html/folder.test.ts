import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportFolders } from '../../../src/report/html/documents.ts'
import { writeReport } from '../../../src/report/html/folder.ts'
import { inProcess } from '../../cli/in-process.ts'
import { problem, withFiles } from '../../config/files.ts'
import { sampleDocument } from '../samples.ts'
import { sampleReproduction, sampleSweep } from './samples.ts'

const result = JSON.stringify(sampleDocument())
const made = (folder: string): string[] => readdirSync(folder).sort()

describe('writeReport', () => {
  it('writes page and pictures beside each kind of document', () => {
    const folder = withFiles({
      'a/result.json': result,
      'b/sweep.json': JSON.stringify(sampleSweep(9)),
      'c/reproduction.json': JSON.stringify(sampleReproduction),
    })
    for (const name of ['a', 'b', 'c']) {
      const page = writeReport(join(folder, name))
      expect(page).toBe(join(folder, name, 'report.html'))
      expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>\n.*<\/html>\n$/s)
      expect(readdirSync(join(folder, name, 'figures')).every((file) => file.endsWith('.svg'))).toBe(true)
    }
    expect(readdirSync(join(folder, 'b', 'figures')).sort()).toEqual(['sweep-parallel.svg', 'sweep-scatter.svg'])
  })

  it('has the prices of tables that ship, and the configuration', () => {
    const [first] = sampleDocument().variants
    const priced = { ...sampleDocument(), variants: [{ ...first, energyTable: 'zynq-28nm' }] }
    const folder = withFiles({
      'result.json': JSON.stringify(priced),
      'config.yaml': 'name: "<sample>"\nenergy: zynq-28nm\n',
    })
    const page = readFileSync(writeReport(folder), 'utf8')
    expect(page).toContain('prices of energy table zynq-28nm')
    expect(page).toContain('name: &quot;&lt;sample&gt;&quot;')
  })

  it.each([
    ['{', 'result.json: expected JSON as bnnsim writes it: '],
    ['[]', 'result.json: expected a mapping, got a list'],
    [
      '{"format": "bnnsim-result/2"}',
      'result.json: format: expected bnnsim-result/1, got "bnnsim-result/2"; did you mean \'bnnsim-result/1\'?',
    ],
    [result.replace('"busy":', '"bsy":'), 'result.json: variants[0].layers[0].busy: missing; expected a number'],
  ])('refuses %.30s and leaves nothing behind', (text, message) => {
    const folder = withFiles({ 'result.json': text })
    expect(problem(() => writeReport(folder), folder)).toContain(message)
    expect(made(folder)).toEqual(['result.json'])
  })

  it('writes no picture where the page cannot be written', () => {
    const folder = withFiles({ 'result.json': result, taken: '' })
    expect(problem(() => writeReport(folder, join(folder, 'taken', 'page.html')), folder)).toContain(
      'taken: expected a folder',
    )
    expect(made(folder)).toEqual(['result.json', 'taken'])
  })
})

describe('reportFolders', () => {
  it('finds the folders of several experiments', () => {
    const folder = withFiles({ 'b/result.json': '', 'a/result.json': '', 'c/notes.txt': '' })
    expect(reportFolders(folder)).toEqual([join(folder, 'a'), join(folder, 'b')])
    expect(reportFolders(join(folder, 'a'))).toEqual([join(folder, 'a')])
  })

  it('says what it looked for', () => {
    const folder = withFiles({ 'notes.txt': '' })
    expect(problem(() => reportFolders(join(folder, 'none')), folder)).toBe('none: no such folder')
    expect(problem(() => reportFolders(join(folder, 'notes.txt')), folder)).toBe(
      'notes.txt: expected a folder that --out made, got a file',
    )
    expect(problem(() => reportFolders(folder))).toMatch(
      /: expected one of result.json, sweep.json, reproduction.json in it/,
    )
  })
})

describe('bnnsim', () => {
  it('report makes the page of a folder, or a page elsewhere', async () => {
    const folder = withFiles({ 'in/result.json': result })
    const page = join(folder, 'out', 'page.html')
    expect(await inProcess('report', join(folder, 'in'), '--out', page)).toEqual({ stdout: `${page}\n`, error: null })
    expect(made(join(folder, 'out'))).toEqual(['figures', 'page.html'])
    expect(made(join(folder, 'in'))).toEqual(['result.json'])
  })

  it('report refuses one page for several folders', async () => {
    const folder = withFiles({ 'a/result.json': result, 'b/result.json': result })
    const { error } = await inProcess('report', folder, '--out', join(folder, 'page.html'))
    expect(error).toBe('--out: expected one results folder, got 2: without it each gets a page')
    expect(made(folder)).toEqual(['a', 'b'])
  })

  it('report makes the pages that can be made, and fails where none can', async () => {
    const folder = withFiles({ 'a/result.json': '{', 'b/result.json': result, 'c/result.json': '{}' })
    expect(await inProcess('report', folder)).toEqual({
      stdout: `${join(folder, 'b', 'report.html')}\n`,
      error: null,
    })
    expect(process.exitCode).toBe(1)
    process.exitCode = undefined
    rmSync(join(folder, 'b'), { recursive: true })
    const { error } = await inProcess('report', folder)
    expect(error).toMatch(/: no page can be made: .*a.result.json: expected JSON.*; .*c.result.json: format: missing/)
  })

  it('run --report makes it as well, and needs --out', async () => {
    const folder = withFiles({})
    const out = join(folder, 'results')
    const { error } = await inProcess('run', 'lfc-z7020', '--quiet', '--report')
    expect(error).toBe('--report: expected --out as well: the page is written there')
    expect((await inProcess('run', 'lfc-z7020', '--quiet', '--report', '--out', out)).error).toBeNull()
    expect(existsSync(join(out, 'figures', 'baseline-cycles.svg'))).toBe(true)
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    for (const text of ['constants of the hardware', 'prices of energy table zynq-28nm', 'config.yaml, '])
      expect(page).toContain(text)
  })
})
