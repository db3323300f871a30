// The table of contents of an assembly program's run, as run.ts is of an experiment's: core and memory from their
// configurations, a program or a recorded trace, time, energy.

import { checkSupported, loadCore } from './config/core.ts'
import { type Energy, price } from './energy/price.ts'
import { type EnergyTable, loadEnergyTable } from './energy/table.ts'
import { assemble } from './isa/assemble.ts'
import { type ArmFigures, countsOf, figuresOf, staticComponents } from './machines/arm/figures.ts'
import { type ProgramOptions, runProgram } from './machines/arm/program.ts'
import { ArmSystem } from './machines/arm/system.ts'

export interface ProgramResult extends ArmFigures {
  /** Of a repeated loop, on average over the second half of its iterations. */
  readonly cyclesPerIteration: number | null
  /** Joules. */
  readonly energy: ProgramEnergy
}

export type ProgramEnergy = Pick<Energy, 'total' | 'dynamic' | 'static' | 'components'> & {
  /** By command. */
  readonly dram: Readonly<Record<string, number>>
}

/** A core with its memories and its energy table, ready to run one program. */
export interface Target {
  readonly system: ArmSystem
  readonly table: EnergyTable
}

/** The target that a core's configuration describes. `fast` false times every block by itself: the figures are the same. */
export function loadTarget(core: string, set: readonly string[] = [], fast = true): Target {
  const config = loadCore(core, { set })
  return {
    system: new ArmSystem(config, { fast }),
    table: loadEnergyTable(config.energy),
  }
}

/** Assembles `text` and runs it. Throws InputError with the line for what is wrong with it, or goes wrong in it. */
export function runAssembly(target: Target, text: string, file: string, options: ProgramOptions): ProgramResult {
  const program = assemble(text, file)
  checkSupported(target.system.config, program)
  const { cyclesPerIteration } = runProgram(target.system, program, options)
  return resultOf(target, cyclesPerIteration)
}

/** What a target that has finished comes to. */
export function resultOf({ system, table }: Target, cyclesPerIteration: number | null = null): ProgramResult {
  return { ...figuresOf(system), cyclesPerIteration, energy: energyOf(system, table) }
}

const PICO = 1e-12

function energyOf(system: ArmSystem, table: EnergyTable): ProgramEnergy {
  const { layers: _, ...onChip } = price(countsOf(system), system.seconds, table, staticComponents)
  const picojoules = Object.entries(system.dram.energy(system.tick))
  const dram = Object.fromEntries(picojoules.map(([command, energy]) => [command, energy * PICO]))
  const { background = 0, ...commands } = dram
  const moving = Object.values(commands).reduce((sum, energy) => sum + energy, 0)
  return {
    total: onChip.total + moving + background,
    dynamic: onChip.dynamic + moving,
    static: onChip.static + background,
    components: { ...onChip.components, dram: { dynamic: moving, static: background } },
    dram,
  }
}
