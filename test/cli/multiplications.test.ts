import { expect, it } from 'vitest'
import { inProcess } from './in-process.ts'

async function output(...args: readonly string[]): Promise<string> {
  const { stdout, error } = await inProcess('multiplications', ...args)
  expect(error).toBeNull()
  return stdout
}

interface Row {
  readonly node: string
  readonly counted: number
  readonly published: number
}

it('counts node by node, and in total', async () => {
  const { network, nodes, totals } = JSON.parse(await output('reactnet-a-nf', '--format', 'json')) as {
    network: string
    nodes: Row[]
    totals: Omit<Row, 'node'>
  }
  expect(network).toBe('reactnet-a-nf')
  expect(nodes.find(({ node }) => node === 'block1.mask1')).toEqual({
    node: 'block1.mask1',
    role: 'mask',
    counted: 64 * 112 ** 2,
    published: 64 * 56 ** 2,
  })
  for (const key of ['counted', 'published'] as const)
    expect(nodes.reduce((sum, row) => sum + row[key], 0)).toBe(totals[key])
  expect(totals.published).toBe(14_651_392)
})

it('says what each sum is for', async () => {
  const text = await output('reactnet-18')
  expect(text).toMatch(/^shortcut +3 +19,267,584 +19,267,584$/m)
  expect(text).toMatch(/^shortcut-scale +3 +175,616 +0$/m)
  expect(text).toMatch(/^all +45 +141,870,848 +22,365,952$/m)
})

it('counts what passes leave', async () => {
  const network = 'block-1x1-7x512'
  const shifts = ['--pass', 'add-bit-only', 'stem=power', 'classifier=power']
  const text = await output(network, ...shifts)
  expect(text).toMatch(/^all +0 +0 +0$/m)
  expect(text.replace(/\s+/g, ' ')).toMatch(/per image with add-bit-only \{[^}]*"classifier":"power"\};/)
  const { passes, totals } = JSON.parse(await output(network, '--format', 'json', ...shifts))
  expect(passes).toMatch(/^add-bit-only \{/)
  expect(totals).toEqual({ counted: 0, published: 0 })
  const clipped = await output(network, '--format', 'csv', '--pass', 'clip8')
  expect(clipped).toMatch(/^pool\.real,classifier,512,0$/m)
})

it('has a heading in CSV even where nothing multiplies', async () => {
  expect(await output('tfc-w1a1', '--format', 'csv')).toBe('node,role,counted,published\n')
})

it('says what a user has wrong', async () => {
  const wrong = async (...args: readonly string[]) => (await inProcess('multiplications', ...args)).error
  expect(await wrong('reactnet-18nf')).toMatch(/no network named 'reactnet-18nf'.*reactnet-18-nf/)
  expect(await wrong('tfc-w1a1', '--seed', '-1')).toMatch(/--seed/)
  expect(await wrong('tfc-w1a1', '--weights', 'none.json')).toMatch(/none\.json/)
  expect(await wrong('tfc-w1a1', '--pass', 'clip9')).toMatch(/--pass.*clip8/)
})
