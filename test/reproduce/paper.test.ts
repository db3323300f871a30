// What claims files say, and what is wrong with them, before anything runs.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPaper, paperIds } from '../../src/reproduce/paper.ts'
import { problem, withFiles } from '../config/files.ts'
import { files, paper } from './papers.ts'

const papers = ['ab-bnn2024', 'chang2020', 'finn2017', 'gao2021', 'silfa2023', 'vorabbi2024']

describe('the papers that ship', () => {
  it('are these', () => expect(paperIds()).toEqual(papers))

  it.each(papers)('%s names experiments, variants and figures that there are', (id) => {
    const { claims, citation, sources } = loadPaper(id, 'none')
    expect(citation).not.toBe('')
    expect(claims.length).toBeGreaterThan(1)
    expect(sources.size).toBeGreaterThan(0)
    for (const claim of claims) expect(claim.published.source, claim.id).not.toBe('')
  })
})

/** What is wrong once `change` has been made to the paper. */
function wrong(from: string | RegExp, to: string, data?: string): string {
  const folder = withFiles({ ...files, 'author2000.yaml': paper.replace(from, to) })
  return problem(() => loadPaper(join(folder, 'author2000.yaml'), data), folder)
}

describe('a claims file', () => {
  it('is right as it is', () => expect(wrong('', '')).toBe('no error'))

  it('names what there is, or hears the nearest name', () => {
    expect(wrong('variant: fast', 'variant: fst')).toMatch(
      /^author2000\.yaml:14: claims\[0\]\.ours\.variant: no variant 'fst' in e; did you mean 'fast'\?$/,
    )
    expect(wrong('figure: clockHz', 'figure: clockHzz')).toMatch(
      /claims\[0\]\.ours\.figure: .*did you mean 'clockHz'\?/,
    )
    expect(wrong('figure: clockHz', 'figure: operations.neededMac')).toMatch(/did you mean 'operations.neededMacs'\?/)
    expect(wrong('of: count', 'of: cout')).toMatch(
      /^author2000\.yaml:22: claims\[1\]\.ours\.of: no experiment or quantity named 'cout'; did you mean 'count'\?$/,
    )
    expect(wrong('figure: published', 'figure: publishd')).toMatch(/ours\.figure: no figure 'publishd'; did you mean/)
    expect(wrong('quantity: multiplications', 'quantity: multiplication')).toMatch(
      /^author2000\.yaml:6: quantities\.count\.quantity: .*did you mean 'multiplications'\?$/,
    )
    expect(wrong('./e.yaml', 'lfc-z702')).toMatch(/^author2000\.yaml:4: .*did you mean 'lfc-z7020'\?$/)
    expect(problem(() => loadPaper('gao2020'))).toMatch(
      /no 'gao2020' in configs\/reproduction; did you mean 'gao2021'\?/,
    )
  })

  it('sets only entries of an experiment, and options of a quantity', () => {
    expect(wrong('./e.yaml', './e.yaml, settings: { imges.count: 2 }')).toMatch(
      /^author2000\.yaml:4: .*did you mean 'images'\?/,
    )
    expect(wrong('network: reactnet-a-nf', 'network: reactnet-a-nf, passes: []')).toMatch(
      /^author2000\.yaml:6: quantities\.count\.passes: unknown key 'passes'/,
    )
  })

  it('gives a claim a whole expression', () => {
    expect(wrong('of: count, figure: published', 'figure: published')).toMatch(
      /claims\[1\]\.ours: expected a value, or/,
    )
    expect(wrong('of: count, figure: published', 'value: 1, figure: published')).toMatch(
      /expected a value, or .*, not both/,
    )
    expect(wrong('of: count', 'variant: x, of: count')).toMatch(/'count' is a quantity, which has no variants/)
    expect(wrong('variant: fast, ', '')).toMatch(/claims\[0\]\.ours\.variant: expected one of baseline; fast/)
    expect(wrong('id: multiplications', 'id: speed')).toMatch(/claims: expected a different id for each/)
    expect(wrong('value: 4,', 'value: 1,')).toMatch(/claims\[0\]\.published\.value: expected another number than 1/)
    expect(wrong('value: 14.65,', 'value: 0,')).toMatch(/claims\[1\]\.published\.value: expected another number than 0/)
    expect(wrong('id: speed', 'id: Speed/up')).toMatch(/claims\[0\]\.id: expected lower-case words/)
  })

  it('says what agreement of a claim rests on', () => {
    expect(wrong('    basis: derived\n', '')).toMatch(
      /claims\[1\]\.basis: missing; expected one of independent, derived, chosen, incomparable$/,
    )
    expect(wrong('basis: derived', 'basis: derivd')).toMatch(
      /^author2000\.yaml:21: claims\[1\]\.basis: .*did you mean 'derived'\?$/,
    )
    expect(wrong('basis: derived', 'basis: derived\n    withData: { basis: any }')).toMatch(
      /claims\[1\]\.withData\.basis: expected one of/,
    )
  })
})

describe('reference data', () => {
  const withData = './e.yaml, withData: { weights: weights/lfc.json, images.count: 2 }'
  const settingsIn = (folder: string, data?: string) => {
    const source = loadPaper(join(folder, 'author2000.yaml'), data).sources.get('lfc')!
    return source.kind === 'experiment'
      ? Object.fromEntries(source.settings.map(({ path, value }) => [path, value]))
      : {}
  }
  const claims = `data: data\n${paper.replace('./e.yaml', withData)}`

  it('is taken from where the file says if it is there, and not where none shall be', () => {
    const folder = withFiles({ ...files, 'author2000.yaml': claims, 'data/weights/lfc.json': '{}' })
    const taken = { weights: join(folder, 'data/weights/lfc.json'), 'images.count': 2 }
    expect(settingsIn(folder)).toEqual(taken)
    expect(settingsIn(folder, join(folder, 'data'))).toEqual(taken)
    expect(settingsIn(folder, 'none')).toEqual({})
  })

  it('changes what a claim rests on, if what it is computed from takes it', () => {
    const others = claims.replace(/basis: (\w+)/g, 'basis: incomparable\n    withData: { basis: $1 }')
    const folder = withFiles({ ...files, 'author2000.yaml': others, 'data/weights/lfc.json': '{}' })
    const basesOf = (data?: string) => loadPaper(join(folder, 'author2000.yaml'), data).claims.map(({ basis }) => basis)
    // The second is counted, from what has no data.
    expect(basesOf()).toEqual(['independent', 'incomparable'])
    expect(basesOf('none')).toEqual(['incomparable', 'incomparable'])
  })

  it('is done without where it is not there, unless it was asked for', () => {
    const folder = withFiles({ ...files, 'author2000.yaml': claims, 'data/README.md': '', 'other/x': '' })
    expect(settingsIn(folder)).toEqual({})
    expect(problem(() => settingsIn(folder, join(folder, 'other')), folder)).toBe(
      '--data: no such file: other/weights/lfc.json',
    )
    const options = paper.replace('reactnet-a-nf }', 'reactnet-a-nf, withData: { sed: 2 } }')
    const wrong = withFiles({ ...files, 'author2000.yaml': options, 'data/x': '' })
    expect(problem(() => settingsIn(wrong, join(wrong, 'data')), wrong)).toMatch(
      /^author2000\.yaml:6: quantities\.count\.withData\.sed: unknown key 'sed'; did you mean 'seed'\?$/,
    )
    expect(problem(() => settingsIn(folder, join(folder, 'no')), folder)).toMatch(/^--data: no such folder: no; 'none'/)
  })
})
