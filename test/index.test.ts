// The programming interface.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explore, InputError, loadNetwork, networkNames, simulate, sweep } from '../src/index.ts'
import { withFiles } from './config/files.ts'

const experiment = { network: 'lfc-w1a1', images: { count: 1 }, machine: 'lfc-z7020', energy: 'zynq-28nm' }

describe('simulate', () => {
  it('takes a name, a file or a plain value, and gives the same', () => {
    const folder = withFiles({ 'e.yaml': JSON.stringify({ ...experiment, name: 'experiment' }) })
    const seen: number[] = []
    const result = simulate(experiment, { progress: (_, finished) => seen.push(finished) })
    expect(simulate(join(folder, 'e.yaml'))).toEqual(result)
    expect(result).toMatchObject({ format: 'bnnsim-result/1', experiment: 'experiment', network: 'lfc-w1a1' })
    expect(seen.at(-1)).toBe(1)
    expect({ ...simulate('lfc-z7020'), experiment: 'experiment', title: undefined }).toMatchObject({
      variants: [{ cyclesPerImage: result.variants[0]!.cyclesPerImage }],
    })
  })

  it('sets entries, and names those that are wrong', () => {
    const { variants } = simulate(experiment, { set: { 'machine.clock': '50 MHz', 'images.count': 2 } })
    expect(variants[0]).toMatchObject({ clockHz: 50e6, images: 2 })
    const wrong = (value: object, set = {}) => {
      try {
        simulate(value as never, { set })
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
        return (error as Error).message
      }
      return undefined
    }
    expect(wrong(experiment, { 'machine.clock': 50 })).toMatch(/^set\.machine\.clock: expected a frequency/)
    expect(wrong({ ...experiment, image: 1 })).toMatch(/^experiment\.image: unknown key 'image'; did you mean 'images'/)
    expect(wrong({ ...experiment, machine: 'lfc-z702' })).toMatch(/^experiment\.machine: no 'lfc-z702' in configs/)
  })
})

describe('sweep and explore', () => {
  const definition = { experiment: 'lfc-z7020', grid: { 'machine.clock': ['50 MHz', '100 MHz', 'fast'] } }

  it('take a plain value, and keep what they are told to keep', async () => {
    const folder = withFiles({ 's.yaml': '' })
    writeFileSync(join(folder, 's.yaml'), JSON.stringify({ ...definition, name: 'sweep' }))
    const document = await sweep(definition, { jobs: 1, store: join(folder, 'store') })
    expect(await sweep(definition, { jobs: 1, store: join(folder, 'store') })).toEqual(document)
    expect(document.points.map(({ variants }) => variants[0]?.clockHz)).toEqual([50e6, 100e6, undefined])
    expect(document.points[2]!.error).toMatch(/^sweep\.grid\.machine\.clock\[2\]: expected a frequency/)
    expect(document.best.map(({ point }) => point)).toEqual([1, 1])
  })

  it('say what is wrong with the sweep itself', async () => {
    await expect(sweep({ ...definition, grid: { 'machine.clok': [1] } }, { jobs: 1 })).rejects.toThrow(InputError)
    await expect(explore(definition, { jobs: 1 })).rejects.toThrow('explore: missing')
  })
})

it('loads networks', () => {
  expect(networkNames).toContain('cnv-cifar10')
  expect(loadNetwork('cnv-cifar10')).toMatchObject({ name: 'cnv-cifar10', weights: 'trained' })
  expect(() => loadNetwork('cnv-cifar')).toThrow("did you mean 'cnv-cifar10'")
})
