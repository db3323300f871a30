// Micro-benchmarks made from the instruction forms of llvm-mca-uops.csv: independent copies in a loop give the reciprocal
// throughput, dependent ones the latency, each beside what was measured on silicon.

import { loadCore } from '../../src/config/core.ts'
import { assemble } from '../../src/isa/assemble.ts'
import { type Instruction, V0 } from '../../src/isa/instruction.ts'
import { ArmSystem } from '../../src/machines/arm/system.ts'
import { readCsv } from './arm-reference.ts'

/** One figure of a form: ours and the measured one; ours is null where no chain can be made. */
export interface Figure {
  readonly form: string
  /** Name of the measurement. */
  readonly source: string
  readonly what: 'latency' | 'throughput'
  readonly measured: number
  readonly ours: number | null
  readonly agrees: boolean
}

const PERIOD = 24 // copies until all that rotates begins anew
/** Copies that are timed, by the kind of core: an out-of-order one takes some to fill its queues. */
const COPIES = { 'in-order': PERIOD, 'out-of-order': 4 * PERIOD } as const
const TOLERANCE = 0.05
const GENERALS = 8
const VECTORS = 24
const BASES = 8 // registers from x10 on
const DATA = 0x20_0000
const APART = 256

/** Figures of every form that has a measured one. */
export function figuresOfForms(core: string): Figure[] {
  const rows = readCsv('llvm-mca-uops.csv').filter(({ cpu }) => cpu === core)
  const bench = new Bench(core)
  return rows.flatMap(({ insn = '', hw_latency = '', hw_rthroughput = '', hw_source = '' }) => {
    const form = new Form(insn)
    const source = hw_source.replace(/^[^:]*: /, '')
    const throughput = (): Figure => {
      const ours = bench.cyclesEach((i) => form.independent(i))
      const measured = Number(hw_rthroughput)
      return { form: insn, source, what: 'throughput', measured, ours, agrees: near(ours, measured) }
    }
    const latency = (): Figure => {
      const chain = form.chain
      const ours = chain === null ? null : bench.cyclesEach(() => chain.copy) - bench.latencyOf(chain.back)
      const measured = Number(hw_latency)
      const agrees = ours !== null && (ours === Math.round(measured) || near(ours, measured))
      return { form: insn, source, what: 'latency', measured, ours, agrees }
    }
    return [...(hw_rthroughput === '' ? [] : [throughput()]), ...(hw_latency === '' ? [] : [latency()])]
  })
}

const near = (ours: number, measured: number): boolean => Math.abs(ours / measured - 1) <= TOLERANCE

class Bench {
  private readonly config

  constructor(core: string) {
    this.config = loadCore(core)
  }

  /** Cycles of each of many copies in a row, with code and data in L1: what some more of them take. */
  cyclesEach(copy: (i: number) => Copy): number {
    const copies = Array.from({ length: PERIOD }, (_, i) => copy(i))
    const more = COPIES[this.config.core.kind]
    return (this.cycles(copies, 3 * more) - this.cycles(copies, 2 * more)) / more
  }

  /** Sum of the latencies of `text`, by the core's table. */
  latencyOf(text: readonly string[]): number {
    if (text.length === 0) return 0
    const { timing } = this.config.core
    return assemble(text.join('\n'), 'back')
      .instructions.map(({ timing: name, quad }) => timing[name][quad ? 'quad' : 'narrow'].latency)
      .reduce((sum, latency) => sum + latency, 0)
  }

  /** Cycles of `count` copies: those given, over and over. */
  private cycles(copies: readonly Copy[], count: number): number {
    const { instructions: some, textBase } = assemble(copies.flatMap(({ text }) => text).join('\n'), 'form.s')
    const length = (some.length / copies.length) * count
    const instructions = Array.from({ length }, (_, i) => ({ ...some[i % some.length]!, address: textBase + 4 * i }))
    const addresses = Array.from({ length: count }, (_, i) => copies[i % copies.length]!.address ?? [])
    const trace = Int32Array.from([0, ...addresses.flat()])
    const system = new ArmSystem(this.config, { fast: false })
    system.warm('l1i', textBase, 4 * length)
    system.warm('l1d', DATA, APART * BASES)
    system.core.time({ instructions, blocks: [{ first: 0, count: length }], trace, next: -1 }, trace.length)
    system.finish()
    return system.core.cycles
  }
}

/** A copy of a form, and the address that it accesses. */
interface Copy {
  readonly text: readonly string[]
  readonly address: number | null
}

/** Instructions whose result the first of them needs; those in `back` are not of the form itself. */
interface Chain {
  readonly copy: Copy
  readonly back: readonly string[]
}

/**
 * A form as it is written: its result is register 0 of its kind, or it stores register 0; what it reads has other
 * numbers. Post-indexed forms are run with an index of 0, as they were measured.
 */
class Form {
  private readonly text: string
  private readonly address: string
  private readonly instruction: Instruction

  constructor(text: string) {
    this.instruction = assemble(`.Lx: ${text}`, 'form').instructions[0]!
    const [, before, address, behind] = /^(.*?)(?:\[([wx]\d[^\]]*)\](.*))?$/.exec(text) ?? []
    this.text = before!
    const index = /^, #\d+$/.test(behind ?? '') ? (/\{/.test(text) ? ', x25' : ', #0') : (behind ?? '')
    this.address = address === undefined ? '' : `[BASE${address.replace(/^x\d+/, '').replace(/x\d+/, 'x25')}]${index}`
  }

  /** Copy `i`, which depends on none of the others. */
  independent(i: number): Copy {
    const { transfers, memory } = this.instruction
    const moved = memory === null ? 1 : transfers
    const list = moved * (i % (VECTORS / moved))
    const vector = (k: number) => (k < moved ? list + k : VECTORS + k)
    const general = (k: number) => (k === 0 ? i % GENERALS : 20 + k)
    const base = i % BASES
    return {
      text: [renumber(this.text, vector, general) + this.address.replace('BASE', `x${10 + base}`)],
      address: memory === null ? null : DATA + APART * base,
    }
  }

  /** A copy that depends on the one before it; null where the result is of another kind than all that is read. */
  get chain(): Chain | null {
    const { results, sources, memory } = this.instruction
    const last = results.at(-1)
    if (last === undefined) return null
    const isVector = last >= V0
    if (memory === null) {
      if (!sources.some((source) => source >= V0 === isVector && source !== last)) return null
      const down = (k: number) => Math.max(0, k - 1)
      return { copy: { text: [renumber(this.text, down, down)], address: null }, back: [] }
    }
    const same = (k: number) => k
    const back = isVector ? [`fmov x0, d${last - V0}`, 'add x10, x20, x0'] : [`add x10, x20, x${last}`]
    const text = [renumber(this.text, same, same) + this.address.replace('BASE', 'x10'), ...back]
    return { copy: { text, address: DATA }, back }
  }
}

/** `text` with other numbers of vector and general registers. */
function renumber(text: string, vector: (k: number) => number, general: (k: number) => number): string {
  return text.replace(/\b([vqdshbxw])(\d+)\b/g, (_, kind: string, number: string) => {
    const to = kind === 'x' || kind === 'w' ? general : vector
    return `${kind}${to(Number(number))}`
  })
}
