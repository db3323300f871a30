// `bnnsim eval --pass`: what passes do to a network, beside the unchanged one.

import { describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('eval', ...args)
  expect(error).toBeNull()
  return stdout
}

const json = async (...args: readonly string[]) => JSON.parse(await output(...args, '--format', 'json'))

const network = 'block-3x3-7x512'
const few = [network, '--limit', '2'] as const

describe('eval with passes', () => {
  it('gives both accuracies, pictures on which both agree, and saturated values by node', async () => {
    const plain = await json(...few)
    const result = await json(...few, '--pass', 'clip8', 'fraction=6')
    expect(Object.keys(result)).toEqual([...Object.keys(plain), 'passes', 'unchanged', 'saturated'])
    expect(result.passes).toBe('clip8 {"fraction":6,"clip":true}')
    expect(result.predictions.map(({ scores }: { scores: number[] }) => scores)).not.toEqual(
      plain.predictions.map(({ scores }: { scores: number[] }) => scores),
    )
    const { images, correct, accuracy, predictions } = plain
    const agreeing = predictions.filter(
      (one: { class: number }, i: number) => one.class === result.predictions[i].class,
    ).length
    expect(result.unchanged).toEqual({ images, correct, accuracy, agreeing })
    const { nodes, ...all } = result.saturated
    expect(all.images).toBe(2)
    expect(all.saturated).toBeGreaterThan(0)
    expect(all.share).toBe(all.saturated / all.values)
    const sum = nodes.reduce((total: number, { saturated }: { saturated: number }) => total + saturated, 0)
    expect(sum).toBe(all.saturated)
    for (const { saturated, values, share } of nodes) {
      expect(saturated).toBeGreaterThan(0)
      expect(share).toBe(saturated / values)
    }
  })

  it('applies them in order, their options as YAML has them', async () => {
    const { passes } = await json(...few, '--pass', 'cluster-kernels', 'keep=64', '--pass', 'clip8', 'clip=false')
    expect(passes).toMatch(/^cluster-kernels \{.*"keep":64.*\}, clip8 \{"fraction":4,"clip":false\}$/)
  })

  it('says so in text, and leaves CSV with a row for each picture', async () => {
    const text = await output(...few, '--pass', 'clip8', 'fraction=6')
    expect(text).toContain('Passes: clip8 {"fraction":6,"clip":true}.\n')
    expect(text).toMatch(/Unchanged: 2 images, .*; the same class in [0-2]\.\n/)
    expect(text).toMatch(/Saturated: [\d,]+ of [\d,]+ values \([\d.]+ %\), counted over the first 2 images\.\n/)
    expect(text).toMatch(/\nnode +values +saturated +share\n/)
    const csv = await output(...few, '--pass', 'clip8', '--format', 'csv')
    expect(csv.trim().split('\n')).toHaveLength(3)
    expect(csv).toMatch(/^index,label,class,scores\.0,/)
  })

  it('says where nothing can saturate', async () => {
    const text = await output('tfc-w1a1', '--limit', '2', '--pass', 'clip8')
    expect(text).toContain('the same class in 2.\n')
    expect(text).toContain('Saturated: no value can.\n')
  })

  it('without passes says nothing of them', async () => {
    expect(await output(...few)).not.toMatch(/Passes|Unchanged|Saturated/)
  })
})

describe('eval refuses', () => {
  it.each<[string, string[], RegExp]>([
    ['another pass', ['clip9'], /^--pass: no pass named 'clip9'; did you mean 'clip8'\?$/],
    ['a pass of no name', ['toString'], /^--pass: no pass named 'toString'; expected one of cluster-kernels, /],
    [
      'another option',
      ['clip8', 'fracton=3'],
      /^--pass clip8\.fracton: unknown key 'fracton'; did you mean 'fraction'\?$/,
    ],
    [
      'a value out of range',
      ['clip8', 'fraction=9'],
      /^--pass clip8\.fraction: expected a number of at most 7, got 9$/,
    ],
    ['another choice', ['add-bit-only', 'scale=powr'], /^--pass add-bit-only\.scale: .*; did you mean 'power'\?$/],
    ['a broken value', ['clip8', 'fraction=[3'], /^--pass clip8\.fraction: expected a YAML value, got '\[3'$/],
    ['an option twice', ['clip8', 'clip=true', 'clip=false'], /^--pass clip8\.clip: given more than once$/],
    ['an option without a pass', ['clip=true'], /^--pass: expected the name of a pass before 'clip=true'$/],
    ['fixed-point steps twice', ['clip8', 'add-bit-only'], /^--pass: \S+ is of fixed-point numbers already/],
  ])('%s', async (_what, words, message) => {
    const { stdout, error } = await inProcess('eval', ...few, '--pass', ...words)
    expect(error).toMatch(message)
    expect(stdout).toBe('')
  })
})
