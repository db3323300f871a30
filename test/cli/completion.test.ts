// What shells complete: the words that may stand where the cursor is.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandNames, loadCommands } from '../../src/cli/commands.ts'
import { completions } from '../../src/cli/complete.ts'
import { configNames } from '../../src/cli/names.ts'
import { findConfig } from '../../src/config/load.ts'
import { networkNames } from '../../src/model/load.ts'
import { passes } from '../../src/opt/index.ts'
import { command } from './bnnsim.ts'

describe('completion', () => {
  it.each([
    ['', commandNames],
    ['sho', commandNames],
    ['--', ['--help', '--version']],
    ['run ', configNames('experiments')()],
    ['run demo ', configNames('experiments')()],
    ['run --quiet ', configNames('experiments')()],
    ['run demo --set ', []],
    ['run demo --set a=1 --format ', ['text', 'json', 'csv']],
    ['run demo --format = cs', ['text', 'json', 'csv']],
    ['run demo --format=csv ', configNames('experiments')()],
    ['eval ', networkNames],
    ['eval lfc-w1a1 --pass ', Object.keys(passes)],
    ['eval lfc-w1a1 --pass clip8 ', Object.keys(passes)],
    ['eval lfc-w1a1 --images ', []],
    ['asm ', []],
    ['asm a.s --core ', configNames('cores')()],
    ['asm a.s --slow --core cortex-a53 --format ', ['text', 'json']],
    ['fold cnv-cifar10 --device ', configNames('devices')()],
    ['replay a.gz --unknown ', ['error', 'nop']],
    ['no-command ', []],
  ])('of "%s"', async (typed, expected) => {
    expect(await completions(typed.split(' '))).toEqual(expected)
  })

  it.each(['layer --', 'layer ', 'layer --kernel 3 ', 'layer --pe=4 '])('of "%s" is its flags', async (typed) => {
    const found = await completions(typed.split(' '))
    expect(found).toEqual(expect.arrayContaining(['--pe', '--stall', '--format', '--help']))
  })

  it('offers flags where the argument is there already', async () => {
    expect(await completions(['show', 'cnv-cifar10', ''])).toEqual(['--seed', '--format', '--help', '--version'])
  })

  it('offers no configuration that is not there, and every flag that has a choice has its default among it', async () => {
    for (const folder of ['experiments', 'machines', 'cores', 'devices', 'memories']) {
      expect(configNames(folder)().length, folder).toBeGreaterThan(0)
      for (const name of configNames(folder)()) findConfig(folder, name, { key: '' })
    }
    for (const { name, options } of await loadCommands())
      for (const [flag, { names, default: value }] of Object.entries(options))
        if (names !== undefined && value !== undefined) expect(names(), `${name} --${flag}`).toContain(value)
  })

  it('works in bash', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bnnsim-completion-'))
    const script = `
      source <(bnnsim completion bash)
      typed() { COMP_WORDS=(bnnsim "$@"); COMP_CWORD=$#; _bnnsim_yargs_completions; echo "\${COMPREPLY[@]}"; }
      typed com
      typed show cnv-ci
      typed layer --s`
    try {
      const [main = ''] = command()
      writeFileSync(join(folder, 'bnnsim'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 })
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
      expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env }).trim().split('\n')).toEqual([
        'compress completion',
        'cnv-cifar10',
        '--style --stride --simd --stall --seed',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
