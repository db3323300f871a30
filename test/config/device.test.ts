import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadDevice } from '../../src/config/device.ts'
import { problem, withFiles } from './files.ts'

it.each([
  // DDR3 bus width times transfers: 2 bytes * 1050 M, 4 bytes * 1066 M.
  ['xc7z020', 2_100_000_000],
  ['xc7z045', 4_264_000_000],
  ['xc7z100', 4_264_000_000],
])('%s is consistent in itself', (name, bandwidth) => {
  const device = loadDevice(name)
  expect(device.name).toBe(name)
  expect(device.bandwidth).toBe(bandwidth)
  // A slice of the 7 series has four LUTs and eight flip-flops; at most half of the slices hold memory.
  expect(device.ff.value).toBe(2 * device.lut.value)
  expect(device.lutram.value).toBeLessThan(device.lut.value / 2)
  expect(device.lutram.value % 4).toBe(0)
  expect(device.staticPower.value).toBeGreaterThan(0)
})

it.each([
  ['lut: 5', 'd.yaml:2: lut: expected a mapping, got 5'],
  [
    'lut: {value: 5, kind: recalled, source: ds190}',
    'd.yaml:2: lut.kind: expected one of measured, published, derived, assumed, got "recalled"',
  ],
  [
    'lut: {value: 5, kind: derived, source: hearsay}',
    'd.yaml:2: lut.source: expected one of the file\'s sources (ds190, vivado, board, ug585, ug949, reports), got "hearsay"',
  ],
])('refuses a number without provenance: %s', (text, message) => {
  const folder = withFiles({ 'd.yaml': `extends: xc7z020\n${text}` })
  expect(problem(() => loadDevice(join(folder, 'd.yaml')), folder)).toBe(message)
})
