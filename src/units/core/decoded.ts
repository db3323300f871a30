// Instructions as the timing models read them: columns of small integers, made once per core from its tables.
//
//   code    FIELDS words an instruction, as the constants below say
//   block   first instruction, count, and where its memory accesses stand
//   access  by block, in program order: bytes and kind of each memory access
//
// All columns grow, because a replayed trace finds its instructions on the way.

import { type Access, type Block, type BranchKind, type Instruction, REGISTERS } from '../../isa/instruction.ts'
import { multipliesOf } from '../../isa/multiplies.ts'
import type { ClassTiming, CoreSpec } from './spec.ts'

export const FIELDS = 48
export const OCCUPANCY = 0
export const SLOTS = 1
export const PASSES = 2
export const ACCESS = 3
export const BYTES = 4
/** Index in `pipeSets`. */
export const PIPES = 5
/** Register that pre- or post-indexing writes, else -1. */
export const BASE = 6
/** Largest and smallest latency of a result; 1 where there is none. */
export const LATENCY = 7
export const LEAST = 8
/** Position (below) of the source that is accumulated into, else -1, and the latency to a consumer's accumulator. */
export const ACCUMULATOR = 9
export const ACCUMULATE = 10
export const QUAD = 11
export const SOURCES = 12
const SOURCE = 13 // 8 of them
export const sourceAt = SOURCE
export const RESULTS = 21
const RESULT = 22 // 4 registers, then their 4 latencies
export const resultAt = RESULT
export const resultLatencyAt = RESULT + 4
export const BRANCH = 30
/** The sources again, the one that is accumulated into as register + REGISTERS. */
export const usedAt = 31

export const NO_ACCESS = 0
export const LOAD = 1
export const STORE = 2
export const PREFETCH = 3
/** Of a decode unit; a DECODE goes to no address. */
export const CONFIGURE = 4
export const DECODE = 5
const accessOf = {
  load: LOAD,
  store: STORE,
  prefetch: PREFETCH,
  configure: CONFIGURE,
  decode: DECODE,
} as const satisfies Record<Access, number>

const branchKinds: readonly BranchKind[] = ['jump', 'conditional', 'call', 'return', 'indirect']
export const NO_BRANCH = 0
export const CONDITIONAL = 1 + branchKinds.indexOf('conditional')
export const CALL = 1 + branchKinds.indexOf('call')
export const RETURN = 1 + branchKinds.indexOf('return')
export const INDIRECT = 1 + branchKinds.indexOf('indirect')

const MOST_SOURCES = RESULTS - SOURCE
const MOST_RESULTS = 4

export class Decoded {
  readonly spec: CoreSpec
  instructions: readonly Instruction[] = []
  code = new Int32Array(0)
  /** Lists of pipes, by PIPES. */
  readonly pipeSets: number[][] = []

  blocks = 0
  first = new Int32Array(0)
  count = new Int32Array(0)
  /** Byte address of the first instruction, and of the one behind the last. */
  start = new Float64Array(0)
  end = new Float64Array(0)
  accessFirst = new Int32Array(0)
  accessCount = new Int32Array(0)
  accessBytes = new Int32Array(0)
  accessKind = new Uint8Array(0)
  /** Stores of the block, and registers that it reads from a decode unit. */
  stores = new Int32Array(0)
  decodes = new Int32Array(0)
  /** Products that a run of the block computes, in vector registers and in general ones. */
  multiplications = new Int32Array(0)
  integerMultiplications = new Int32Array(0)
  /** Kind of the branch that ends the block. */
  branch = new Uint8Array(0)

  /** As llvm-mca has it: what a load of several registers brings comes together, and writing the base back takes a slot. */
  private readonly orderedWriteBack: boolean
  private decoded = 0
  private accesses = 0

  constructor(spec: CoreSpec) {
    this.spec = spec
    this.orderedWriteBack = spec.kind === 'in-order' && spec.orderedWriteBack
  }

  /** Takes in what has been added to `instructions` and `blocks` since the last call. */
  grow(instructions: readonly Instruction[], blocks: readonly Block[]): void {
    this.instructions = instructions
    if (instructions.length * FIELDS > this.code.length) this.code = wider(this.code, instructions.length * FIELDS)
    for (; this.decoded < instructions.length; this.decoded++) this.decode(instructions[this.decoded]!, this.decoded)
    if (blocks.length > this.first.length) this.widenBlocks(blocks.length)
    for (; this.blocks < blocks.length; this.blocks++) this.addBlock(blocks[this.blocks]!, this.blocks)
  }

  /** Words of block `index` in a trace record. */
  recordLength(index: number): number {
    return 1 + this.accessCount[index]!
  }

  private decode(instruction: Instruction, index: number): void {
    const { quad, transfers, memory, results, sources, stored, accumulator, writeBack, branch } = instruction
    const timing = this.spec.timing[instruction.timing][quad ? 'quad' : 'narrow']
    const { code } = this
    const at = index * FIELDS
    const more = transfers - 1
    code[at + OCCUPANCY] = timing.occupancy + more * timing.further.occupancy
    code[at + SLOTS] =
      timing.slots + more * timing.further.slots + (this.orderedWriteBack && writeBack !== null ? 1 : 0)
    code[at + PASSES] = timing.passes + more * timing.further.passes
    code[at + ACCESS] = memory === null ? NO_ACCESS : accessOf[memory.access]
    code[at + BYTES] = memory?.bytes ?? 0
    code[at + PIPES] = this.pipeSet(timing.pipes)
    code[at + BASE] = writeBack ?? -1
    code[at + ACCUMULATE] = timing.accumulate ?? -1
    code[at + QUAD] = quad ? 1 : 0
    code[at + BRANCH] = branch === null ? NO_BRANCH : 1 + branchKinds.indexOf(branch.kind)
    if (sources.length > MOST_SOURCES || results.length > MOST_RESULTS)
      throw new RangeError(`${instruction.text}: more than ${MOST_SOURCES} sources or ${MOST_RESULTS} results`)
    // Last, so that a look at the first ones finds what is waited for longest: addresses before data.
    const ordered = [
      ...sources.filter((source) => !stored.includes(source)),
      ...sources.filter((s) => stored.includes(s)),
    ]
    code[at + SOURCES] = ordered.length
    ordered.forEach((source, i) => {
      code[at + SOURCE + i] = source
    })
    ordered.forEach((source, i) => {
      code[at + usedAt + i] = source === accumulator ? source + REGISTERS : source
    })
    code[at + ACCUMULATOR] = accumulator === null ? -1 : ordered.indexOf(accumulator)
    code[at + RESULTS] = results.length
    const together = results.length !== transfers || this.orderedWriteBack
    const latencies = results.map((_, i) => latencyOf(timing, together ? more : i))
    results.forEach((result, i) => {
      code[at + RESULT + i] = result
      code[at + RESULT + 4 + i] = latencies[i]!
    })
    code[at + LATENCY] = results.length === 0 ? Math.max(1, timing.latency) : Math.max(...latencies)
    code[at + LEAST] = results.length === 0 ? Math.max(1, timing.latency) : Math.min(...latencies)
  }

  private pipeSet(pipes: readonly number[]): number {
    const known = this.pipeSets.findIndex((set) => set.length === pipes.length && set.every((p, i) => p === pipes[i]))
    return known >= 0 ? known : this.pipeSets.push([...pipes]) - 1
  }

  private widenBlocks(size: number): void {
    this.first = wider(this.first, size)
    this.count = wider(this.count, size)
    this.start = wider(this.start, size)
    this.end = wider(this.end, size)
    this.accessFirst = wider(this.accessFirst, size)
    this.accessCount = wider(this.accessCount, size)
    this.branch = wider(this.branch, size)
    this.stores = wider(this.stores, size)
    this.decodes = wider(this.decodes, size)
    this.multiplications = wider(this.multiplications, size)
    this.integerMultiplications = wider(this.integerMultiplications, size)
  }

  private addBlock({ first, count }: Block, index: number): void {
    const members = this.instructions.slice(first, first + count)
    const accesses = members.flatMap(({ memory }) => (memory === null ? [] : [memory]))
    this.first[index] = first
    this.count[index] = count
    this.start[index] = members[0]!.address
    this.end[index] = members.at(-1)!.address + 4
    this.accessFirst[index] = this.accesses
    this.accessCount[index] = accesses.length
    this.stores[index] = accesses.filter(({ access }) => access === 'store').length
    this.decodes[index] = accesses.filter(({ access }) => access === 'decode').length
    for (const member of members) {
      const { multiplications, integerMultiplications } = multipliesOf(member)
      this.multiplications[index]! += multiplications
      this.integerMultiplications[index]! += integerMultiplications
    }
    this.branch[index] = this.code[(first + count - 1) * FIELDS + BRANCH]!
    if (this.accesses + accesses.length > this.accessBytes.length) {
      this.accessBytes = wider(this.accessBytes, this.accesses + accesses.length)
      this.accessKind = wider(this.accessKind, this.accesses + accesses.length)
    }
    for (const { bytes, access } of accesses) {
      this.accessBytes[this.accesses] = bytes
      this.accessKind[this.accesses++] = accessOf[access]
    }
  }
}

const latencyOf = (timing: ClassTiming, further: number): number => timing.latency + further * timing.further.latency

function wider<T extends Int32Array | Uint8Array | Float64Array>(column: T, size: number): T {
  const grown = new (column.constructor as new (length: number) => T)(Math.max(64, 2 * column.length, size))
  grown.set(column)
  return grown
}
