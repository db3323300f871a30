// The table of contents of an assembly program's run, as run.ts is of an experiment's: core and memory from their
// configurations, a program or a recorded trace, time, energy.

import { checkSupported, loadCore } from './config/core.ts'
import { type Energy, price } from './energy/price.ts'
import { type EnergyTable, loadEnergyTable } from './energy/table.ts'
import { includeBeside } from './isa/assemble/include.ts'
import { assemble } from './isa/assemble.ts'
import type { Execution } from './isa/execute.ts'
import { type ArmFigures, countsOf, figuresOf, staticComponents } from './machines/arm/figures.ts'
import { type ProgramOptions, runProgram } from './machines/arm/program.ts'
import { ArmSystem } from './machines/arm/system.ts'

export interface ProgramResult extends ArmFigures {
  /** Of a repeated loop, on average over the second half of its iterations; null where they are no steady state. */
  readonly cyclesPerIteration: number | null
  /** What an executed program left in the registers of results; null of a loop, and of a replay. */
  readonly returned: Returned | null
  /** Joules. */
  readonly energy: ProgramEnergy
}

type ProgramEnergy = Pick<Energy, 'total' | 'dynamic' | 'static' | 'components'> & {
  /** By command. */
  readonly dram: Readonly<Record<string, number>>
}

/** The first registers of results: which one holds it depends on its type. */
export interface Returned {
  /** Of 64 bits, in hexadecimal. */
  readonly x0: string
  /** Signed. */
  readonly w0: number
  /** Null where it is not finite. */
  readonly d0: number | null
  readonly s0: number | null
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
  const program = assemble(text, file, { include: includeBeside })
  checkSupported(target.system.config, program)
  const { cyclesPerIteration, execution } = runProgram(target.system, program, options)
  const returned = options.loop === undefined ? returnedBy(execution) : null
  return { ...resultOf(target), cyclesPerIteration, returned }
}

/** What a target that has finished comes to. */
export function resultOf({ system, table }: Target): ProgramResult {
  return { ...figuresOf(system), cyclesPerIteration: null, returned: null, energy: energyOf(system, table) }
}

function returnedBy(execution: Execution): Returned {
  const x0 = execution.getX(0)
  const vector = new DataView(execution.getV(0).buffer)
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    x0: `0x${x0.toString(16)}`,
    w0: Number(BigInt.asIntN(32, x0)),
    d0: finite(vector.getFloat64(0, true)),
    s0: finite(vector.getFloat32(0, true)),
  }
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
