import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { listConfigs, loadConfig } from '../../src/config/load.ts'
import { frequency } from '../../src/work/quantity.ts'
import { exactly, problem, withFiles } from './files.ts'

const schema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  clock: frequency().optional(),
  array: z.strictObject({ rows: z.int(), columns: z.int().optional() }).optional(),
  list: z.array(z.strictObject({ size: z.int() })).optional(),
  machine: z.record(z.string(), z.unknown()).optional(),
  device: z.record(z.string(), z.unknown()).optional(),
})

const load = (folder: string, file: string, ...set: string[]) =>
  loadConfig('machines', join(folder, file), schema, { set })

describe('extends', () => {
  it('merges mappings along the chain and replaces lists and plain values', () => {
    const folder = withFiles({
      'base/a.yaml': 'title: A\nclock: 100 MHz\narray: {rows: 2, columns: 3}\nlist: [{size: 1}, {size: 2}]',
      'b.yaml': 'extends: base/a.yaml\nclock: 200 MHz\narray: {rows: 4}',
      'c.yaml': 'extends: ./b.yaml\nlist: [{size: 9}]',
    })
    expect(load(folder, 'c.yaml')).toEqual({
      name: 'c',
      title: 'A',
      clock: 200_000_000,
      array: { rows: 4, columns: 3 },
      list: [{ size: 9 }],
    })
  })

  it('names the chain of a cycle', () => {
    const folder = withFiles({
      'start.yaml': 'extends: a.yaml',
      'a.yaml': 'clock: 1 MHz\nextends: b.yaml',
      'b.yaml': '# two\n# lines\nextends: ./a.yaml',
    })
    expect(problem(() => load(folder, 'start.yaml'), folder)).toBe(
      'b.yaml:3: extends: a file cannot extend itself: a.yaml -> b.yaml -> a.yaml',
    )
  })

  it('finds a cycle through an entry', () => {
    const folder = withFiles({ 'a.yaml': 'clock: 1 MHz\nmachine: ./a.yaml' })
    expect(problem(() => load(folder, 'a.yaml'), folder)).toBe(
      'a.yaml:2: machine: a file cannot extend itself: a.yaml -> a.yaml',
    )
  })

  it('lets entries extend shipped and own files, wholly replacing what was inherited', () => {
    const folder = withFiles({
      'base.yaml': 'machine: {extends: m.yaml, clock: 3}\ndevice: {extends: xc7z020, lut: 7}',
      'm.yaml': 'clock: 1\nrows: 2',
      'n.yaml': 'depth: 5',
      'changed.yaml': 'extends: base.yaml\nmachine: {rows: 8}',
      'replaced.yaml': 'extends: base.yaml\nmachine: n.yaml',
      'extended.yaml': 'extends: base.yaml\nmachine: {extends: n.yaml, rows: 1}',
    })
    expect(load(folder, 'base.yaml').machine).toEqual({ name: 'm', clock: 3, rows: 2 })
    expect(load(folder, 'base.yaml').device).toMatchObject({ name: 'xc7z020', lut: 7, ff: { value: 106400 } })
    expect(load(folder, 'changed.yaml').machine).toEqual({ name: 'm', clock: 3, rows: 8 })
    expect(load(folder, 'replaced.yaml').machine).toEqual({ name: 'n', depth: 5 })
    expect(load(folder, 'extended.yaml').machine).toEqual({ name: 'n', depth: 5, rows: 1 })
    expect(load(folder, 'changed.yaml', `machine=${folder}/n.yaml`).machine).toEqual({ name: 'n', depth: 5 })
    const whole = 'expected the whole entry, as machine={extends: NAME}: what it was made of is replaced then'
    expect(problem(() => load(folder, 'base.yaml', `machine.extends=${folder}/n.yaml`), folder)).toBe(
      `--set machine.extends: ${whole}`,
    )
  })

  it.each([
    ['extends: [1]', 'x.yaml:1: extends: expected a name or a path'],
    ['array:\n  extends: y', 'x.yaml:2: array.extends: nothing can be extended here'],
    ['clock: 1 MHz\nextends: gone.yaml', 'x.yaml:2: extends: no such file: gone.yaml'],
    ['device: {extends: xc7z02}', "x.yaml:1: device.extends: no 'xc7z02' in configs/devices; did you mean 'xc7z020'?"],
    [
      'device: {extends: spartan-three}',
      "x.yaml:1: device.extends: no 'spartan-three' in configs/devices; expected one of xc7z020, xc7z045, xc7z100, a path to a YAML file",
    ],
    ['- 1', 'x.yaml:1: expected a mapping'],
    ['', 'x.yaml:1: expected a mapping'],
    ['device: &a {b: *a}', 'x.yaml:1: device.b: an alias contains itself'],
  ])('refuses %#', (text, message) => {
    const folder = withFiles({ 'x.yaml': text })
    expect(problem(() => load(folder, 'x.yaml'), folder)).toBe(message)
  })

  it('refuses names that do not ship, and folders', () => {
    expect(problem(() => loadConfig('devices', 'xc7z046', schema))).toBe(
      "no 'xc7z046' in configs/devices; did you mean 'xc7z045'?",
    )
    const folder = withFiles({ 'd.yaml/x': '' })
    expect(problem(() => load(folder, 'd.yaml'), folder)).toBe('d.yaml: cannot be read (EISDIR)')
  })
})

describe('places of errors', () => {
  const texts = {
    'base.yaml': 'clock: 100 MHz\narray:\n  rows: 2\n  colums: 3',
    'good.yaml': 'clock: 100 MHz\narray:\n  rows: 2\nlist: [{size: 1}]',
    'derived.yaml': 'extends: base.yaml\n\nclock: 5',
    'missing.yaml': '# no rows\narray:\n  columns: 2',
  }

  it('are the file and line in which the value was written', () => {
    const folder = withFiles(texts)
    expect(problem(() => load(folder, 'derived.yaml'), folder)).toBe(
      "base.yaml:4: array.colums: unknown key 'colums'; did you mean 'columns'?",
    )
    expect(problem(() => load(folder, 'derived.yaml', 'array={rows: 1}'), folder)).toBe(
      "derived.yaml:3: clock: expected a frequency such as '200 MHz', got 5",
    )
    expect(problem(() => load(folder, 'missing.yaml'), folder)).toBe(
      'missing.yaml:2: array.rows: missing; expected a number',
    )
  })

  it.each([
    ['clock=fast', '--set clock: expected a frequency such as \'200 MHz\', got "fast"'],
    ['clok=1 MHz', "--set clok: unknown key 'clok'; did you mean 'clock'?"],
    ['array.row=1', "--set array.row: unknown key 'row'; did you mean 'rows'?"],
    ['array={rows: 1, colum: 2}', "--set array.colum: unknown key 'colum'; did you mean 'columns'?"],
    ['list[0].size=x', '--set list[0].size: expected a number, got "x"'],
    ['list.0.sice=1', "--set list.0.sice: unknown key 'sice'; did you mean 'size'?"],
    ['list.1.size=3', "--set list.1.size: no item '1'; the list has 1"],
    ['list.size=3', "--set list.size: no item 'size'; the list has 1"],
    ['clock.unit=MHz', "--set clock.unit: no entry 'unit' inside a plain value"],
    ['clock', '--set clock: expected PATH=VALUE'],
    ['=1', '--set =1: expected PATH=VALUE'],
    ['extends=xc7z020', '--set extends: nothing can be extended here'],
    ['device={extends: nothing-like-it.yaml}', /^--set device\.extends: no such file: .*nothing-like-it\.yaml$/],
    ['array=[', /^--set array:1: /],
  ])('are the flag for --set %s', (flag, message) => {
    const folder = withFiles(texts)
    expect(problem(() => load(folder, 'good.yaml', flag), folder)).toMatch(
      typeof message === 'string' ? exactly(message) : message,
    )
  })
})

describe('--set', () => {
  it('sets entries and items, in order, as YAML', () => {
    const folder = withFiles({ 'a.yaml': 'clock: 1 MHz\nlist: [{size: 1}, {size: 2}]' })
    const flags = ['clock=2 MHz', 'list.1.size=7', 'list[0].size=0x10', 'array.rows=3', 'clock=3 MHz', 'title=a=b']
    expect(load(folder, 'a.yaml', ...flags)).toEqual({
      name: 'a',
      title: 'a=b',
      clock: 3_000_000,
      list: [{ size: 16 }, { size: 7 }],
      array: { rows: 3 },
    })
  })
})

it('freezes what it gives, all the way down', () => {
  const folder = withFiles({ 'a.yaml': 'list: [{size: 1}]\narray: {rows: 1}' })
  const config = load(folder, 'a.yaml')
  for (const part of [config, config.list, config.list?.[0], config.array]) expect(Object.isFrozen(part)).toBe(true)
})

it('reads a file of 100,000 entries in seconds, and still names the line', () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `  key${index}: 1`)
  const folder = withFiles({ 'a.yaml': ['machine:', ...lines, 'clock: 5'].join('\n') })
  expect(problem(() => load(folder, 'a.yaml'), folder)).toMatch(/^a\.yaml:100002: clock: expected a frequency/)
})

it('lists shipped configurations with their titles', () => {
  expect(listConfigs('devices').map(({ name }) => name)).toEqual(['xc7z020', 'xc7z045', 'xc7z100'])
  for (const { title } of listConfigs('devices')) expect(title).toMatch(/^Zynq-7000/)
  expect(listConfigs('absent')).toEqual([])
})
