// What the machine has no unit for is an error that names layer, facet and remedy.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { peArray } from '../../../src/machines/pe-array/index.ts'
import { type PeArraySpec, specSchema } from '../../../src/machines/pe-array/spec.ts'
import { applyPasses } from '../../../src/opt/index.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { workload } from '../../../src/work/lower.ts'
import type { Layer, Workload } from '../../../src/work/workload.ts'
import { samples } from '../../opt/samples.ts'
import { type MacOptions, RandomNetwork } from '../../work/random-network.ts'
import { baseSpec, pass } from './small-array.ts'

const bits = (): RandomNetwork =>
  new RandomNetwork('bits', { channels: 8, height: 6, width: 6 }, { kind: 'thermometer', levels: 1 })
const pixels = (): RandomNetwork => new RandomNetwork('pixels', { channels: 3, height: 6, width: 6 }, { kind: 'int8' })

const one = (options: Partial<MacOptions> = {}, net = bits()): Workload =>
  workload(net.build(net.mac('input', { channels: 8, kernel: 3, ...options })))

/** The workload with its first layer's facets changed, as a pass would. */
const changed = (work: Workload, change: (layer: Layer) => Partial<Layer>): Workload => ({
  ...work,
  layers: work.layers.map((layer, i) => (i === 0 ? { ...layer, ...change(layer) } : layer)),
})

const stop = { decision: true, bound: false, pool: false }

const cases: readonly (readonly [string, () => Workload, RegExp])[] = [
  [
    'real weights',
    () => one({ real: true }, pixels()),
    /^layer mac0: weights: .*real weights.*; set machine.others to 'host'/,
  ],
  [
    'activations of two bits',
    () => {
      const net = bits()
      const sums = net.quantise2(net.affine(net.mac('input', { channels: 4 }), 8))
      return workload(net.build(net.gatedMac(sums, { channels: 4, kernel: 6 })))
    },
    /^layer mac0: post: .*'affine'.*; set machine.others to 'host'/,
  ],
  [
    'depthwise convolutions',
    () => changed(one(), ({ shape }) => ({ shape: { ...shape, depthwise: true } })),
    /^layer mac0: shape: .*depthwise.*; set machine.others to 'host'/,
  ],
  [
    'sums that saturate',
    () => changed(one(), ({ accumulator }) => ({ accumulator: { ...accumulator, saturate: true } })),
    /^layer mac0: accumulator: .*saturating sums; leave out that pass/,
  ],
  [
    'a bias',
    () => changed(one(), () => ({ bias: new Float32Array(8) })),
    /^layer mac0: accumulator: .*bias; set machine.others to 'host'/,
  ],
  [
    'coded weights',
    () => applyPasses(one(), [pass('compress-kernels')]),
    /^layer mac0: weights: .*coded weights; leave out that pass/,
  ],
  [
    'sums of integers that stop early',
    () => changed(one({}, pixels()), () => ({ terms: { kind: 'dense', stop } })),
    /^layer mac0: terms: .*integers that stop early; leave out that pass/,
  ],
  [
    'sums that stop early and have no threshold',
    () => changed(one(), () => ({ terms: { kind: 'dense', stop } })),
    /^layer mac0: terms: .*stop early and leave; leave out that pass/,
  ],
  [
    'integers that are padded with 1',
    () => one({ pad: 1, padValue: 1 }, pixels()),
    /^layer mac0: shape: .*integers padded with 1; set machine.others to 'host'/,
  ],
  [
    'a shortcut',
    () => {
      const net = bits()
      const sums = net.mac('input', { channels: 8 })
      return workload(net.build(net.mac(net.threshold(net.add(sums, sums), 0, 3), { channels: 4, kernel: 6 })))
    },
    /^layer mac0: post: .*'add'.*; set machine.others to 'host'/,
  ],
  [
    'bits that are read before their pool as well',
    () => {
      const net = bits()
      const first = net.threshold(net.mac('input', { channels: 8 }), 0, 3)
      const pooled = net.pool(first, 'max', 6)
      return workload(net.build(net.add(net.mac(pooled, { channels: 4 }), net.mac(first, { channels: 4, kernel: 6 }))))
    },
    /^layer mac0: post: .*'pool'.*; set machine.others to 'host'/,
  ],
  [
    'a step before the first layer',
    () => {
      const net = pixels()
      return workload(net.build(net.mac(net.threshold('input', 0, 9), { channels: 4, kernel: 6 })))
    },
    /^node threshold0: .*before the first layer; set machine.others to 'host'/,
  ],
]

const attempt = (work: Workload, change: Partial<PeArraySpec> = {}) => {
  return () => peArray.lower(work, { ...baseSpec, ...change })
}

describe('a machine that leaves nothing to a host refuses', () => {
  it.each(cases)('%s', (_, make, message) => {
    expect(attempt(make())).toThrow(InputError)
    expect(attempt(make())).toThrow(message)
  })

  it('the shortcuts and real layers of a residual network', () => {
    expect(attempt(workload(samples[2]!.network))).toThrow(/^layer mac0: weights: /)
  })
})

describe('a machine with a host', () => {
  it('still has to have work', () => {
    expect(attempt(one({ real: true }, pixels()), { others: 'host' })).toThrow(InputError)
    expect(attempt(one({ real: true }, pixels()), { others: 'host' })).toThrow(
      /^network: .*no layer with binary weights/,
    )
  })

  it('is what a layer of two-bit activations needs', () => {
    const net = new RandomNetwork('two bits', { channels: 3, height: 4, width: 4 }, { kind: 'int8' })
    const first = net.threshold(net.mac('input', { channels: 8 }), 0, 50)
    const pool = net.quantise2(net.affine(net.mac(first, { channels: 8 }), 8))
    const work = workload(net.build(net.mac(pool, { channels: 4, kernel: 4 })))
    const only: Workload = { ...work, layers: work.layers.slice(2) }
    expect(attempt(only)).toThrow(/^layer mac5: .*activations.*; set machine.others to 'host'/)
  })
})

describe('a design that does not fit its device', () => {
  it('is refused with what overflows and by how much', () => {
    const large = { array: { channels: 64, pixels: 64, bits: 512 }, skip: 512 }
    expect(attempt(one(), large)).toThrow(InputError)
    expect(attempt(one(), large)).toThrow(
      /^machine.array: the design does not fit xc7z100: lut \d+ of 277400 \(\d+ too many\).*; make the array smaller/,
    )
  })
})

describe('a configuration', () => {
  it('must skip whole parts of what a PE takes', () => {
    const device = { name: 'xc7z100', ...parse(readFileSync('configs/devices/xc7z100.yaml', 'utf8')) }
    const issues = (skip: number): string[] => {
      const { error } = specSchema.safeParse({ ...baseSpec, device, clock: '200 MHz', skip })
      return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
    }
    expect(issues(8)).toEqual([])
    expect(issues(3)).toEqual(['skip: expected a divisor of the 16 bits of a PE'])
  })
})
