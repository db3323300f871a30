// The rules of layout that docs/design.md states, checked on the files themselves.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Path from the root, with forward slashes, and text of every file below `folder` with one of the extensions. */
function sources(folder: string, extensions: readonly string[] = ['.ts']): Map<string, string> {
  if (!existsSync(join(root, folder))) return new Map()
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  const paths = files.filter((file) => file.isFile() && extensions.includes(extname(file.name)))
  const texts = paths.map(({ parentPath, name }): [string, string] => {
    const path = join(parentPath, name)
    return [relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]
  })
  return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Parts of src, each with the parts it may import. `part/file` allows that file alone. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  work: [],
  sim: ['work/input-error'],
  // Cores execute instructions and access caches.
  units: ['isa', 'mem', 'sim', 'work'],
  mem: ['sim', 'work'],
  isa: ['work'],
  // Cores and memories are tables in configs, in the terms of what they describe.
  config: ['isa', 'mem', 'units/core/spec', 'units/decode/spec', 'work'],
  model: ['work'],
  opt: ['work'],
  energy: ['config', 'sim', 'work'],
  // FPGA devices and ARM cores are tables in configs, so a machine that has one reads it. Nothing else of config.
  machines: ['units', 'mem', 'sim', 'isa', 'work', 'config/device', 'config/core'],
  report: ['machines/machine', 'mem/dram', 'units/core/observer', 'program', 'energy', 'sim', 'work'],
  // Pictures of an experiment, and what a machine made of them: the part of run.ts that is no table of contents.
  batch: ['config', 'model', 'machines/machine', 'report', 'work'],
  prepare: ['config', 'energy', 'machines', 'opt', 'common', 'work'],
  // What one experiment has read and worked out, for the next.
  common: ['batch', 'config', 'model', 'work'],
  // As run.ts, for an assembly program instead of an experiment.
  program: ['config', 'isa', 'machines', 'energy', 'work'],
  run: ['batch', 'prepare', 'common', 'config', 'model', 'opt', 'machines', 'energy', 'report', 'sim', 'work'],
  sweep: ['run', 'prepare', 'common', 'version', 'config', 'energy', 'machines', 'opt', 'report', 'work'],
  // Quantities are counted in networks, without a machine; costs of post-processing units belong to the FPGA machines.
  reproduce: ['sweep', 'config', 'model', 'opt', 'machines/fpga/post-units', 'report', 'version', 'work'],
  // What the package exports.
  index: ['run', 'sweep', 'version', 'config', 'machines', 'model', 'opt', 'report', 'work'],
  version: [],
  // Commands that are no experiment (eval, asm, replay, dram, layer, fold, list, schema) call one part alone; `layer` names stall patterns.
  cli: [
    'run',
    'program',
    'isa',
    'mem',
    'units/core/core',
    'units/core/spec',
    'sweep',
    'reproduce',
    'version',
    'config',
    'model',
    'opt',
    'machines',
    'energy',
    'report',
    'units/test-pattern',
    'sim',
    'work',
  ],
}

/** `machines/streaming/run` of `src/machines/streaming/run.ts`. */
const moduleOf = (path: string): string => path.replace(/^src\//, '').replace(/\.ts$/, '')
const partOf = (module: string): string => module.split('/')[0]!

interface Import {
  readonly from: string
  readonly to: string
  readonly place: string
}

const statement = /^(?:import|export)\s+(?:[\w\s{},*$]+\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

/** Imports of project files, types included, by module. */
function importsOf(files: ReadonlyMap<string, string>): Import[] {
  return [...files].flatMap(([path, text]) =>
    [...text.matchAll(statement)].flatMap(({ 0: whole, 1: plain, 2: dynamic, index }) => {
      const target = plain ?? dynamic ?? ''
      if (!target.startsWith('.')) return []
      const line = text.slice(0, index + whole.length).split('\n').length
      const to = moduleOf(posix.join(posix.dirname(path), target))
      return [{ from: moduleOf(path), to, place: `${path}:${line}` }]
    }),
  )
}

/** One line for each import against `allowed`. */
function strays(files: ReadonlyMap<string, string>): string[] {
  return importsOf(files).flatMap(({ from, to, place }) => {
    const [part, target] = [partOf(from), partOf(to)]
    const may = allowed[part]
    if (part === target || may?.includes(target) || may?.includes(to)) return []
    return [`${place}: ${part} imports ${to}; it may import ${may?.join(', ') || 'nothing else'}`]
  })
}

/** Some cycle among `edges`, as `a -> b -> a`, or null. */
function cycleIn(edges: readonly (readonly [string, string])[]): string | null {
  const next = new Map<string, string[]>()
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' -> ')
    if (done.has(node)) return null
    for (const to of next.get(node) ?? []) {
      const found = visit(to, [...path, node])
      if (found !== null) return found
    }
    done.add(node)
    return null
  }
  for (const node of next.keys()) {
    const found = visit(node, [])
    if (found !== null) return found
  }
  return null
}

const src = sources('src')
const code = new Map(['src', 'test', 'bench'].flatMap((folder) => [...sources(folder)]))

/** `file:line: text` of every line of `files` that `pattern` matches. */
const linesWith = (files: ReadonlyMap<string, string>, pattern: RegExp): string[] =>
  [...files].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  )

describe('imports', () => {
  it('go one way', () => {
    expect(importsOf(src).length).toBeGreaterThan(100)
    expect(strays(src)).toEqual([])
  })

  it('form no cycle between parts', () => {
    const parts = importsOf(src).map(({ from, to }) => [partOf(from), partOf(to)] as const)
    expect(cycleIn(parts.filter(([from, to]) => from !== to))).toBeNull()
  })

  it('are seen by these checks, whatever their form', () => {
    const text = [
      '// A file.',
      "import { z } from 'zod'",
      "import type { A } from '../machines/machine.ts'",
      'export {\n  b,\n  type C,\n} from "./fine.ts"'.replaceAll('"', "'"),
      "export const later = () => import('../energy/price.ts')",
      "import '../work/tensor.ts'",
    ].join('\n')
    expect(strays(new Map([['src/config/a.ts', text]]))).toEqual([
      'src/config/a.ts:3: config imports machines/machine; it may import isa, mem, units/core/spec, units/decode/spec, work',
      'src/config/a.ts:8: config imports energy/price; it may import isa, mem, units/core/spec, units/decode/spec, work',
    ])
    const machine =
      "import { loadDevice } from '../../config/device.ts'\nimport { merge } from '../../config/written.ts'"
    expect(strays(new Map([['src/machines/x/y.ts', machine]]))).toEqual([
      expect.stringMatching(/^src\/machines\/x\/y\.ts:2: machines imports config\/written; /),
    ])
    expect(
      cycleIn([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ]),
    ).toBe('b -> c -> b')
    expect(
      cycleIn([
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ]),
    ).toBeNull()
  })
})

describe('files', () => {
  const assembly = sources('src', ['.s', '.inc'])
  const lengths = [...code, ...assembly].map(([path, text]) => [path, text.trimEnd().split('\n').length] as const)

  it('have at most 300 lines', () => {
    expect(assembly.size).toBeGreaterThan(5)
    expect(lengths.filter(([, lines]) => lines > 300)).toEqual([])
  })

  it('run.ts, the table of contents, has fewer than 80', () => {
    expect(Object.fromEntries(lengths)['src/run.ts']).toBeLessThan(80)
  })

  it('of src stand alone: none refers to the shared folder beside the project', () => {
    expect(linesWith(src, /\.\.\/shared/)).toEqual([])
  })

  it('of tests all run: none is skipped without a reason at hand, or singled out', () => {
    expect(linesWith(code, /\b(?:it|describe)\.(?:skip|todo)\b|\.only[(.]/)).toEqual([])
  })
})
