// What the documentation says can be checked: its links, the commands it shows, and the counts of networks.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandNames } from '../src/cli/commands.ts'
import { Common } from '../src/common.ts'
import { resolveExperiment } from '../src/config/experiment.ts'
import { machines } from '../src/machines/index.ts'
import { loadNetwork, networkNames } from '../src/model/load.ts'
import { passes } from '../src/opt/index.ts'
import { prepare } from '../src/prepare.ts'
import { readDocument } from '../src/work/document.ts'
import { layerCounts, workload } from '../src/work/lower.ts'
import { withFiles } from './config/files.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['.', 'docs', 'models', 'traces', 'bench']
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({ page: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
)

describe.each(pages)('$page', ({ page, text }) => {
  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!)
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })

  it('names source files, configurations and tests that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|configs|models|docs|bench)\/[\w./-]*\w)`/g)].map(([, path]) => path!)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('shows commands of bnnsim that there are', () => {
    const known = [...commandNames, '--help', '--version']
    const shown = [...text.matchAll(/(?:`|^|npx )bnnsim ([\w-]+)/gm)].map(([, command]) => command!)
    expect(shown.filter((command) => !known.includes(command))).toEqual([])
  })
})

it('docs/networks.md has the counts of every network', () => {
  const text = readFileSync(join(root, 'docs/networks.md'), 'utf8')
  const rows = networkNames.map((name) => {
    const { layers, network } = workload(loadNetwork(name))
    const sum = (of: (layer: (typeof layers)[number]) => number) =>
      layers.reduce((total, layer) => total + of(layer), 0).toLocaleString('en')
    const weights = (kind: 'binary' | 'real') =>
      sum(({ weights: { weights } }) => (weights.kind === kind ? weights.rows * weights.taps * weights.channels : 0))
    const { channels, height, width } = network.picture
    return [
      `\`${name}\``,
      `${channels} x ${height} x ${width}`,
      sum((layer) => layerCounts(layer).binaryMacs),
      sum((layer) => layerCounts(layer).integerMacs),
      sum((layer) => layerCounts(layer).realMacs),
      weights('binary'),
      weights('real'),
    ]
  })
  expect(rows.map((row) => `| ${row.join(' | ')} |`).filter((row) => !text.includes(row))).toEqual([])
})

// Blocks with a `network` or with `actions` are whole files; the others are parts of an experiment or of an energy
// table (those with `ert`), here put into one.
const blocks = pages.flatMap(({ page, text }) =>
  [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml], index) => ({
    block: `${page} ${index + 1}`,
    yaml: yaml!,
  })),
)

describe('YAML shown', () => {
  const experiment = 'network: lfc-w1a1\nimages: { count: 1 }\nmachine: lfc-z7020\nenergy: zynq-28nm\n'
  const ert =
    'ERT: { version: "0.4", tables: [{ name: a.lut, actions: [{ name: active, arguments: {}, energy: 1 }] }] }\n'

  it.each(blocks)('is right: $block', ({ yaml }) => {
    const keys = Object.keys(readDocument(yaml, 'block').value as object)
    const isTable = keys.includes('actions') || keys.includes('ert')
    const isPart = !isTable && !keys.includes('network')
    const folder = withFiles({
      'my-ert.yaml': ert,
      'table.yaml': isTable ? yaml : 'extends: zynq-28nm',
      'base.yaml': experiment,
      'e.yaml': isTable ? 'extends: base.yaml\nenergy: table.yaml' : isPart ? `extends: base.yaml\n${yaml}` : yaml,
    })
    const resolved = resolveExperiment(join(folder, 'e.yaml'), { machineSchemas: machines, passSchemas: passes })
    if (isPart) return
    const network = loadNetwork(resolved.network)
    for (const variant of resolved.variants)
      expect(prepare(resolved, network, variant, new Common()).machine.actions).not.toEqual([])
  })

  it('is found', () => expect(blocks.length).toBeGreaterThanOrEqual(4))
})
