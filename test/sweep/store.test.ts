// What results are kept under, and what sweeps leave in files.

import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sweepCsv } from '../../src/report/sweep-csv.ts'
import { Evaluator } from '../../src/sweep/evaluate.ts'
import { digestOf } from '../../src/sweep/key.ts'
import { sweepYaml } from '../../src/sweep/resolved.ts'
import { Store } from '../../src/sweep/store.ts'
import { runSweep } from '../../src/sweep/sweep.ts'
import { withFiles } from '../config/files.ts'
import { experiment, filesOf, sweepIn } from './samples.ts'

describe('a key', () => {
  it('differs with every value, wherever it lies, but not with the order of keys', () => {
    const values = [
      0,
      '0',
      false,
      null,
      [],
      {},
      [0],
      [[0]],
      { a: 0 },
      { b: 0 },
      { a: [0] },
      new Uint8Array(1),
      new Int8Array(1),
      new Uint8Array(2),
      [1, 23],
      [12, 3],
      ['a', 'b'],
      ['ab'],
    ]
    expect(new Set(values.map(digestOf)).size).toBe(values.length)
    expect(digestOf({ a: 1, b: [2] })).toBe(digestOf({ b: [2], a: 1 }))
    expect(digestOf({ a: 1, b: undefined })).toBe(digestOf({ a: 1 }))
  })

  it('changes with weights, pictures, prices and settings, not with names or other variants', () => {
    const folder = withFiles({
      'e.yaml': experiment,
      'renamed.yaml': experiment.replace('slow', 'slower'),
      'prices.yaml':
        'extends: zynq-28nm\nactions: { lut: { active: { energy: 1 nJ, kind: assumed, source: s } } }\nsources: { s: S }\n',
    })
    const store = new Store(join(folder, 'store'))
    const evaluator = new Evaluator(store, false)
    const kept = (file: string, path: string, value: unknown) => {
      const settings = path === '' ? [] : [{ path, value, place: { file: join(folder, file), key: path } }]
      const outcome = evaluator.evaluate({ experiment: join(folder, file), settings, variant: 'baseline' })
      expect(outcome).not.toHaveProperty('error')
      return filesOf(store.folder).length
    }
    expect(kept('e.yaml', '', 0)).toBe(1)
    expect(kept('renamed.yaml', '', 0)).toBe(1)
    expect(kept('e.yaml', 'title', 'other')).toBe(1)
    expect(kept('e.yaml', 'seed', 2)).toBe(2)
    expect(kept('e.yaml', 'images.from', 0)).toBe(2)
    expect(kept('e.yaml', 'images.from', 1)).toBe(3)
    expect(kept('e.yaml', 'energy', './prices.yaml')).toBe(4)
    expect(kept('e.yaml', 'machine.clock', '99 MHz')).toBe(5)
  })
})

describe('a store', () => {
  it('clears and tidies what is its own, and nothing else', () => {
    const key = (digit: string) => digit.repeat(64)
    const own = (digit: string) => `store/${digit.repeat(2)}/${digit.repeat(62)}.json`
    const part = `${own('c')}.0e9bf1a0-0000-4000-8000-000000000000.part`
    const folder = withFiles({ 'store/mine.txt': '', 'store/ab/notes.json': '', [own('a')]: '{}', [part]: '{' })
    const store = new Store(join(folder, 'store'))
    expect(store.once(key('a'), () => expect.fail('it is there'))).toEqual({})
    store.tidy()
    expect(existsSync(join(folder, part))).toBe(true)
    utimesSync(join(folder, part), 0, 0)
    store.tidy()
    expect(existsSync(join(folder, part))).toBe(false)
    expect(existsSync(join(folder, own('a')))).toBe(true)
    store.clear()
    const files = readdirSync(join(folder, 'store'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /\.\w+$/.test(file)).sort()).toEqual([join('ab', 'notes.json'), 'mine.txt'])
  })
})

it('is written so that it runs again from another place', () => {
  const { sweep, folder } = sweepIn(`set: { weights: ./w.json, machine.core: ./c.yaml }
grid:
  machine.weights: [on-chip, streamed]
  images.file: [a.bin, ./b.bin]
  energy: [zynq-28nm, ./t.yaml]
list: [{ variants: [{ name: baseline, passes: [], set: { energy: ./v.yaml } }] }]
random: { count: 1, axes: { network: [cnv-w1a1, my.json] } }
explore: { points: 2, fidelity: [{ machine.memory: { extends: ./m.yaml, weights: plain } }] }
`)
  const at = (name: string) => join(folder, name)
  expect(parse(sweepYaml(sweep))).toMatchObject({
    experiment: './experiment.yaml',
    set: { weights: at('w.json'), 'machine.core': at('c.yaml') },
    grid: {
      'machine.weights': ['on-chip', 'streamed'],
      'images.file': [at('a.bin'), at('b.bin')],
      energy: ['zynq-28nm', at('t.yaml')],
    },
    list: [{ variants: [{ name: 'baseline', passes: [], set: { energy: at('v.yaml') } }] }],
    random: { count: 1, axes: { network: ['cnv-w1a1', at('my.json')] } },
    explore: { points: 2, fidelity: [{ 'machine.memory': { extends: at('m.yaml'), weights: 'plain' } }] },
  })
})

it('has settings and figures of one name in columns of their own', async () => {
  const { sweep } = sweepIn('grid: { machine: [{ extends: lfc-z7020, clock: 50 MHz }], network: [lfc-w1a1] }\n')
  const [head, first] = sweepCsv(await runSweep(sweep, { jobs: 1 })).split('\n')
  expect(head).toMatch(/^point,set\.machine,set\.network,variant,error,network,weights,pictures,machine,/)
  expect(first).toMatch(
    /^0,"\{""extends"":""lfc-z7020"",""clock"":""50 MHz""\}",lfc-w1a1,baseline,,lfc-w1a1,seeded,drawn,lfc-z7020,/,
  )
})
