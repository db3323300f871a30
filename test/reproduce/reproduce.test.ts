// From claims to the document: what is computed, what fails, and its texts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { agreementText, reproductionJson } from '../../src/report/reproduction-document.ts'
import { reproductionCsv } from '../../src/reproduce/csv.ts'
import { loadPaper } from '../../src/reproduce/paper.ts'
import { quantities } from '../../src/reproduce/quantities/index.ts'
import { reproduce } from '../../src/reproduce/reproduce.ts'
import { reproductionText } from '../../src/reproduce/text.ts'
import type { WorkOptions } from '../../src/reproduce/work.ts'
import { files, paper } from './papers.ts'

async function reproduced(text = paper, progress: WorkOptions['progress'] = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-'))
  try {
    for (const [name, content] of Object.entries({ ...files, 'author2000.yaml': text }))
      writeFileSync(join(folder, name), content)
    return await reproduce([loadPaper(join(folder, 'author2000.yaml'), 'none')], { jobs: 1, progress })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The paper with a claim more, of an experiment that no machine can run. */
const failing = paper
  .replace('quantities:', '  refused: { experiment: ./e.yaml, settings: { network: fracbnn-resnet20 } }\nquantities:')
  .concat(
    '  - id: refused\n    claim: Cannot run\n    unit: cycles\n    published: { value: 2, source: abstract }\n',
    '    basis: independent\n    ours: { of: refused, variant: fast, figure: totalCycles }\n    why: It never runs.\n',
  )

const seen: number[][] = []
const document = reproduced(paper, (finished, all) => seen.push([finished, all]))

describe('a reproduction', () => {
  it('computes each claim, and says what it is of', async () => {
    const { claims, papers, failures } = await document
    expect(papers).toEqual([{ id: 'author2000', citation: 'A. Author, Title, 2000' }])
    expect(failures).toEqual([])
    const [speed, multiplications] = claims
    expect(speed).toMatchObject({
      paper: 'author2000',
      published: 4,
      source: 'abstract',
      ours: 2,
      neutral: 1,
      difference: 1 / 3 - 1,
      basis: 'independent',
      network: 'lfc-w1a1',
      weights: 'seeded',
      pictures: 'drawn',
      bars: [{ label: 'images/s, fast', value: expect.any(Number) }],
    })
    expect(multiplications).toMatchObject({
      ours: 14.651392,
      neutral: 0,
      difference: 14.651392 / 14.65 - 1,
      basis: 'derived',
      network: 'reactnet-a-nf',
      weights: 'seeded',
      experiments: [],
    })
  })

  it('tells how far it is, each thing done once', async () => {
    await document
    expect(seen).toEqual([0, 1, 2, 3].map((finished) => [finished, 3]))
  })

  it('says why a claim failed, and goes on with the others', async () => {
    const partial = await reproduced(failing)
    expect(reproductionJson({ ...partial, failures: [] })).toBe(reproductionJson(await document))
    expect(partial.failures).toMatchObject([
      { id: 'refused', published: 2, error: expect.stringMatching(/^refused: /) },
    ])
    expect(reproductionText(partial)).toMatch(/Cannot run \[cycles\] +2 +- +-\n {4}Failed: refused: /)
    expect(reproductionCsv(partial)).toMatch(/\nauthor2000,refused,Cannot run,cycles,2,,,/)
    expect(reproductionCsv(partial)).toMatch(
      /,ours,neutral,difference,basis,why,.*,4,2,1,-0\.6{10,}\d*,independent,"The/s,
    )
  })
})

describe('its text', () => {
  it('has both figures in a row, and why beneath', async () => {
    const text = reproductionText(await document)
    expect(text).toMatch(/^author2000: A\. Author, Title, 2000\n\nclaim +published +ours +difference\n-+\n/)
    expect(text).toMatch(
      /\nRuns faster \[times\] +4 +2 +-67 %\n {4}The clock is twice as fast, and nothing else is\.\n/,
    )
    expect(text).toMatch(/\nMultiplies so often \[million\] +14\.65 +14\.65 +0\.0 %\n/)
    expect(text).toMatch(
      /\n {4}basis: derived; reactnet-a-nf; weights: seeded; counted, nothing simulated\. Published: table 1\.\n/,
    )
    expect(text).toMatch(/\n {4}basis: independent; gain 1 of 3; lfc-w1a1; weights: seeded; pictures: drawn;/)
    expect(text).toMatch(
      /\n1 claim with an independent basis: 0 within 10 % of what is published, 0 within 25 %\. Not counted\s+there: 1 derived\./,
    )
  })

  it('counts agreement of independent claims alone', async () => {
    const claim = (await document).claims[0]!
    const near = { ...claim, difference: -0.1 }
    const far = { ...claim, difference: 0.2 }
    const others = (['derived', 'incomparable', 'derived'] as const).map((basis) => ({ ...near, basis }))
    expect(agreementText([near, far, claim, ...others])).toBe(
      '3 claims with an independent basis: 1 within 10 % of what is published, 2 within 25 %. Not counted there: 2 derived, 1 incomparable.',
    )
    expect(agreementText([near])).toMatch(/^1 claim with an independent basis: .* 1 within 25 %\.$/)
  })

  it('is 100 columns wide at most', async () => {
    const made = await document
    const claims = made.claims.map((claim) => ({ ...claim, claim: claim.claim.concat(' and so on'.repeat(20)) }))
    const text = reproductionText({ ...made, claims })
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

describe('quantities', () => {
  const count = async (name: string, options: object) => {
    const quantity = quantities[name]!
    return quantity.count(quantity.schema.parse(options) as never)
  }

  it('have the figures that they say', async () => {
    const options = { network: 'reactnet-18-nf', layer: 'stage1.2.conv', passes: ['add-bit-only'] }
    const { figures } = await count('post-processing', options)
    expect(Object.keys(figures)).toEqual(quantities['post-processing']!.figures)
    expect(figures).toMatchObject({ lut: 64, slices: 20, dsp: 0 })
  })

  it('of sharing remove more where weights may change, if that loss is allowed', async () => {
    const options = { network: 'cnv-cifar10', pictures: 2, changed: [0.05], loss: 100, removing: 0.5 }
    const { figures, ...about } = await count('sharing', options)
    expect(Object.keys(figures)).toEqual(quantities.sharing!.figures)
    expect(figures.exact).toBeCloseTo(0.193, 3)
    expect(figures.within).toBeGreaterThan(0.5)
    expect(about).toEqual({ network: 'cnv-cifar10', weights: 'trained', pictures: 'drawn' })
  })

  it('refuse layers and passes that there are not', async () => {
    const options = { network: 'reactnet-18-nf', layer: 'stage1.2.con' }
    await expect(count('post-processing', options)).rejects.toThrow(/did you mean 'stage1.2.conv'\?/)
    const passes = ['add-bit-onl']
    await expect(count('post-processing', { ...options, layer: 'stage1.2.conv', passes })).rejects.toThrow(
      /did you mean/,
    )
  })
})
