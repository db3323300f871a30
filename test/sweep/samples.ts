// A small experiment, and sweeps of it.

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSweep } from '../../src/sweep/definition.ts'
import { withFiles } from '../config/files.ts'

export const experiment = `
network: lfc-w1a1
images: { count: 1 }
machine: lfc-z7020
energy: zynq-28nm
variants:
  - { name: slow, passes: [], set: { machine.folding.0.pe: 4 } }
  - { name: baseline, passes: [] }
`
export const axes = 'grid:\n  machine.folding[2].pe: [4, 8, 5]\n  machine.clock: [100 MHz, 200 MHz]\n'

export const sweepIn = (text = axes, folder = withFiles({ 'e.yaml': experiment })) => {
  writeFileSync(join(folder, 's.yaml'), `experiment: ./e.yaml\n${text}`)
  return { folder, sweep: loadSweep(join(folder, 's.yaml')) }
}

export const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
