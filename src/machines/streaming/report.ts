// What a streaming run counted, layer by layer: cycles and stalls of the unit that the
// layer turns on, operations, memory traffic, and the events that energy tables price.

import type { MemoryPortSpec } from '../../mem/memory-port.ts'
import type { Count, Traffic } from '../../sim/counters.ts'
import type { StreamUnit } from '../../units/pipeline.ts'
import { dramCounts, dspCounts, logicCounts, memoryCounts, merge } from '../fpga/counts.ts'
import { anyMemory, fifoLogic, type Logic, type Memory, resourcesOf, styledLogic } from '../fpga/resources.ts'
import type { LayerRun } from '../machine.ts'
import { INPUT, type Netlist, OUTPUT, type StreamPlan } from './netlist.ts'
import type { Counted } from './run.ts'
import type { Role, UnitPlan } from './unit-plans.ts'

/** Unit whose cycles stand for those of its layer. */
const leading: ReadonlySet<Role> = new Set(['matrix-vector', 'dma'])

/** `factor` is what a LUT of the logic model stands for in the machine's style. */
export function layerRuns(netlist: Netlist, run: Counted, port: MemoryPortSpec, factor: number): LayerRun[] {
  const names = [...new Set(netlist.units.map(({ layer }) => layer))]
  return names.map((name) => {
    const parts = netlist.units.flatMap((plan, i) => (plan.layer === name ? [{ plan, unit: run.units[i]! }] : []))
    const fifos = netlist.streams.flatMap((plan, i) => (plan.layer === name ? [{ plan, pushed: run.pushed[i]! }] : []))
    const lead = parts.find(({ plan }) => leading.has(plan.role))!
    const { busy, ...stalls } = lead.unit.cycles
    const dram = dramTraffic(name, run, port)
    const counts = [
      ...parts.flatMap(({ plan, unit }) => unitCounts(plan, unit, run.totalCycles, factor)),
      ...fifos.flatMap(({ plan, pushed }) => memoryCounts(name, fifoMemory(plan), pushed, pushed)),
      ...fifos.flatMap(({ pushed }) => logicCounts(name, fifoLogic.lut * factor, pushed, run.totalCycles)),
      ...dramCounts(name, dram.bytesRead * 8, dram.bytesWritten * 8),
    ]
    return {
      name,
      cycles: run.totalCycles,
      busy,
      stalls,
      operations: operations(parts),
      memory: memory(parts, dram),
      counts: merge(counts),
      resources: layerResources(netlist, name, factor),
    }
  })
}

/** Resources of one layer, or of all. */
export function layerResources(netlist: Netlist, layer: string | null, factor: number): LayerRun['resources'] & object {
  const units = netlist.units.filter((unit) => layer === null || unit.layer === layer)
  const streams = netlist.streams.filter((each) => layer === null || each.layer === layer)
  const logics: Logic[] = [...units.map(({ logic }) => logic), ...streams.map(() => fifoLogic)]
  const memories = [...units.flatMap((unit) => unit.memories.map(({ memory }) => memory)), ...streams.map(fifoMemory)]
  return resourcesOf(styledLogic(logics, factor), memories)
}

/** What `layerRuns` may count. */
export function actionsOf(netlist: Netlist): Pick<Count, 'component' | 'action'>[] {
  const memories = [
    ...netlist.units.flatMap((unit) => unit.memories.map(({ memory }) => memory)),
    ...netlist.streams.map(fifoMemory),
  ]
  return merge([
    ...logicCounts('', 1, 1, 2),
    ...netlist.units.flatMap(({ logic }) => dspCounts('', logic.dsp ?? 0)),
    ...memories.flatMap((memory) => memoryCounts('', { ...memory, perAccess: 1 }, 1, 1)),
    ...dramCounts('', 1, 1),
  ]).map(({ component, action }) => ({ component, action }))
}

const fifoMemory = ({ width, depth }: StreamPlan): Memory => anyMemory(width, depth)

function unitCounts(plan: UnitPlan, unit: StreamUnit, cycles: number, factor: number): Count[] {
  const { lut, dsp = 0 } = styledLogic([plan.logic], factor)
  return [
    ...logicCounts(plan.layer, lut, unit.cycles.busy, cycles),
    ...dspCounts(plan.layer, dsp * unit.cycles.busy),
    ...plan.memories.flatMap(({ memory, reads, writes }) =>
      memoryCounts(plan.layer, memory, reads(unit.count), writes(unit.count)),
    ),
  ]
}

function dramTraffic(layer: string, run: Counted, port: MemoryPortSpec): Traffic {
  const reads = layer === INPUT ? run.memory.wordsRead : 0
  const writes = layer === OUTPUT ? run.memory.wordsWritten : 0
  return { reads, writes, bytesRead: (reads * port.width) / 8, bytesWritten: (writes * port.width) / 8 }
}

/** Multiplications and shifts of layers that have a unit for them. */
function operations(parts: readonly { plan: UnitPlan; unit: StreamUnit }[]): Record<string, number> {
  const sum = (key: string): number => parts.reduce((total, { unit }) => total + (unit.count[key] ?? 0), 0)
  const elementwise = parts.some(({ plan }) => plan.role === 'elementwise')
  return {
    binaryMacs: sum('binaryMacs'),
    integerMacs: sum('integerMacs'),
    compares: sum('compares'),
    poolCompares: sum('poolCompares'),
    ...(elementwise ? { multiplications: sum('multiplications'), shifts: sum('shifts') } : {}),
  }
}

/** Traffic by level: `weights` and `window` are memories on the chip, `dram` the one behind the port. */
function memory(parts: readonly { plan: UnitPlan; unit: StreamUnit }[], dram: Traffic): Record<string, Traffic> {
  const levels: Record<string, Traffic> = { weights: empty(), window: empty(), dram }
  for (const { plan, unit } of parts) {
    for (const { level, reads, writes } of plan.memories)
      if (level !== null) add(levels[level.name]!, reads(unit.count), writes(unit.count), level.bits)
  }
  return levels
}

const empty = (): Traffic => ({ reads: 0, writes: 0, bytesRead: 0, bytesWritten: 0 })

/** `bits` are those of one access. */
function add(level: Traffic, reads: number, writes: number, bits: number): void {
  level.reads += reads
  level.writes += writes
  level.bytesRead += (reads * bits) / 8
  level.bytesWritten += (writes * bits) / 8
}
