import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readBytes, readText, shippedFile } from '../../src/model/files.ts'
import { importNetwork, loadNetwork, network } from '../../src/model/load.ts'
import { checkNetwork } from '../../src/work/check.ts'
import { InputError } from '../../src/work/input-error.ts'
import { absent, sharedData } from './shared-data.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'bnnsim-load-'))
afterAll(() => rmSync(folder, { recursive: true }))

const manifest = readText(shippedFile('cnv-cifar10.json'))
const bin = readBytes(shippedFile('cnv-cifar10.bin'))

/** Message of the error that loading the shipped network gives after a change of its manifest or binary file. */
function problem(change: (text: string) => string, bytes: Uint8Array = bin): string {
  const file = path.join(folder, 'model.json')
  writeFileSync(file, change(manifest))
  writeFileSync(path.join(folder, 'cnv-cifar10.bin'), bytes)
  try {
    importNetwork(file)
  } catch (error) {
    if (error instanceof InputError) return error.message.replaceAll(`${folder}${path.sep}`, '')
    throw error
  }
  return 'no error'
}

describe('loadNetwork', () => {
  it('loads the shipped trained network by name and by file', () => {
    const byName = loadNetwork('cnv-cifar10')
    expect(byName).toMatchObject({ name: 'cnv-cifar10', weights: 'trained', encoding: { kind: 'int8' } })
    expect(byName).toEqual(loadNetwork(shippedFile('cnv-cifar10.json')))
    expect(checkNetwork(byName).get('conv5.bits')).toBe('bit')
  })

  it('puts trained weights of the same shapes into a named topology', () => {
    const one = loadNetwork('cnv-w1a1', { weightsFile: shippedFile('cnv-cifar10.json') })
    expect(one).toEqual({ ...loadNetwork('cnv-cifar10'), name: 'cnv-w1a1' })
    expect(one.nodes.map(({ name }) => name)).toEqual(network('cnv-w1a1').nodes.map(({ name }) => name))
  })

  it('refuses weights of other shapes, with the first layer that differs', () => {
    expect(() => loadNetwork('vgg-small', { weightsFile: shippedFile('cnv-cifar10.json') })).toThrow(
      /cnv-cifar10\.json: layers: layer 0 of vgg-small is mac 3x3\/1 pad 1,1 from 3x32x32 to 128x32x32; the file has mac/,
    )
    expect(() => loadNetwork('./cnv.json', { weightsFile: 'x.json' })).toThrow(/^x\.json: \.\/cnv\.json has its own/)
  })

  it('names the nearest network', () => {
    expect(() => loadNetwork('reactnet')).toThrow("network: no network named 'reactnet'; did you mean 'reactnet-a'?")
    expect(() => network('quicknet-smal')).toThrow("did you mean 'quicknet-small'?")
    expect(() => loadNetwork('absent/model.json')).toThrow('absent/model.json: no such file')
  })
})

describe('import of bnnref-1', () => {
  const line = (text: string) => manifest.slice(0, manifest.indexOf(text)).split('\n').length
  it.each([
    ['"format": "bnnref-1"', '"format": "bnnref-2"', /^model\.json:\d+: format: expected one of bnnref-1, .*mean 'bnn/],
    ['"bin_bytes": 200576', '"bin_bytes": 7', /^cnv-cifar10\.bin: expected 7 bytes/],
    ['"bin_md5": "7c', '"bin_md5": "8c', /^cnv-cifar10\.bin: expected md5 8c/],
    ['"bin": "', '"bin": "../', /^model\.json:\d+: bin: expected a file name without folders/],
    ['"rows": 64', '"rowz": 64', /weights\.rowz: unknown key 'rowz'; did you mean 'rows'\?/],
    ['"rows": 64', '"rows": 63', /layers\[0\]\.weights\.rows: expected 64 \(out_channels\), got 63/],
    ['"rows": 64', '"rows": "64"', /layers\[0\]\.weights\.rows: expected a number, got "64"/],
    ['"rows": 64', '"rows": 64.5', /layers\[0\]\.weights\.rows: expected an integer, got 64\.5/],
    ['"rows": 64', '"rows": 1e300', /layers\[0\]\.weights\.rows: /],
    ['"offset": 512', '"offset": 500', /layers\[1\]\.weights: expected a section of its own/],
    [
      '"offset": 512',
      '"offset": 200000',
      /layers\[1\]\.weights\.offset: expected 4608 bytes from 200000, but the file/,
    ],
    ['"in_channels": 3', '"in_channels": 4', /layers\[0\]\.in_channels: expected 3/],
    ['"weight_bits": 1542848', '"weight_bits": 1', /weight_bits: expected 1542848/],
    ['"Truck"', '"Truck", "Tram"', /classes: expected 10/],
    ['"name": "conv1"', '"name": "conv0"', /layers\[1\]\.name: a second layer named 'conv0'/],
    ['"shape": [\n   3,', '"shape": [\n   65536,', /input\.shape: expected at most 16777216 values, got a list of 3/],
    ['"stride": 1', '"stride": 2', /layers\[0\]\.stride: expected 1, got 2/],
    [
      '"type": "dense"',
      '"type": "danse"',
      /layers\[6\]\.type: expected one of conv2d, dense, got "danse"; did you mean/,
    ],
  ])('explains %s -> %s', (from, to, expected) => {
    expect(manifest).toContain(from)
    expect(problem((text) => text.replace(from, to))).toMatch(expected)
  })

  it('names the line of the offending key', () => {
    expect(problem((text) => text.replace('"rows": 64', '"rows": 63'))).toContain(`model.json:${line('"rows": 64')}: `)
  })

  it('notices a truncated and a changed binary file', () => {
    expect(problem(String, bin.subarray(0, 1000))).toMatch(/expected 200576 bytes .* got 1000$/)
    expect(
      problem(
        String,
        Uint8Array.from(bin, (byte, i) => (i === 9 ? byte ^ 1 : byte)),
      ),
    ).toMatch(/expected md5/)
    expect(problem(String)).toBe('no error')
  })
})

describe('import of bnnref-fracbnn-1', () => {
  const name = 'weights/fracbnn_cifar10.json'
  const change = (from: string, to: string) => {
    const file = path.join(folder, 'frac.json')
    writeFileSync(file, readText(sharedData(name)).replace(from, to))
    writeFileSync(path.join(folder, 'fracbnn_cifar10.bin'), readBytes(sharedData('weights/fracbnn_cifar10.bin')))
    return () => importNetwork(file)
  }
  it.skipIf(absent(name)).each([
    ['"conv1_w"', '"conv1_v"', /tensors: missing tensor 'conv1_w'; did you mean 'conv1_v'/],
    ['"bn1_bias"', '"bn1_weight"', /tensors\[2\]\.name: a second tensor named 'bn1_weight'/],
    ['"weight_bits": 281088', '"weight_bits": 281089', /weight_bits: expected 281088/],
  ])('explains %s -> %s', (from, to, expected) => {
    expect(change(from, to)).toThrow(expected)
  })

  it.skipIf(absent(name))('fits the named topology', () => {
    const one = loadNetwork('fracbnn-resnet20', { weightsFile: sharedData(name) })
    expect(one).toMatchObject({ name: 'fracbnn-resnet20', weights: 'trained' })
    expect(checkNetwork(one).get('layer3_2.quant2')).toBe('two-bit')
  })
})
