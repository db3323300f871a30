// What an instruction reads and writes, from its operation and canonical operands.

import {
  type Access,
  type BranchKind,
  FLAGS,
  type General,
  type Instruction,
  type Operand,
  type RegisterId,
  SP,
  V0,
} from '../instruction.ts'
import type { Op } from '../ops.ts'

/** What becomes of the first operand; the others are read. */
type Role =
  | 'write'
  | 'update' // read and written
  | 'accumulate' // added to
  | 'read'

const roles = new Map<Op, Role>()
const give = (role: Role, names: string): void => {
  for (const name of names.split(' ')) roles.set(name as Op, role)
}
give('update', 'movk bfm orr.imm bic.imm bsl bit bif sli sri tbx ins')
give('accumulate', 'sadalp uadalp saba uaba sabal uabal mla mls smlal umlal smlsl umlsl sqdmlal sdot udot')
give('accumulate', 'ssra usra srsra ursra fmla fmls')
give('read', 'ccmp ccmn fcmp fccmp nop b b.cond cbz cbnz tbz tbnz bl br blr ret str strb strh stp prfm st1 st2 st3 st4')

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '))
/** The last operand is added to a product. */
const withAddend = set('madd msub smaddl smsubl umaddl umsubl fmadd fmsub fnmadd fnmsub')
/** Of a destination of 128 bits they write the upper half only. */
const narrowing = set(
  'addhn raddhn subhn rsubhn shrn rshrn sqshrn uqshrn sqrshrn uqrshrn sqshrun sqrshrun xtn sqxtn uqxtn sqxtun fcvtn',
)
const flagReaders = set('adc adcs sbc sbcs csel csinc csinv csneg ccmp ccmn b.cond fcsel fccmp')
const flagWriters = set('adds subs adcs sbcs ands bics ccmp ccmn fcmp fccmp')
const calls = set('bl blr')

const branches = new Map<Op, BranchKind>([
  ['b', 'jump'],
  ['b.cond', 'conditional'],
  ['cbz', 'conditional'],
  ['cbnz', 'conditional'],
  ['tbz', 'conditional'],
  ['tbnz', 'conditional'],
  ['bl', 'call'],
  ['blr', 'call'],
  ['br', 'indirect'],
  ['ret', 'return'],
])

/** Adds the registers that an operand names to `ids`, each once. */
function addRegisters(ids: RegisterId[], operand: Operand | undefined): void {
  if (operand === undefined) return
  const { kind } = operand
  if (kind === 'general') addGeneral(ids, operand)
  else if (kind === 'shifted' || kind === 'extended') addGeneral(ids, operand.register)
  else if (kind === 'scalar' || kind === 'vector' || kind === 'element') add(ids, V0 + operand.index)
  else if (kind === 'list') for (const index of operand.indices) add(ids, V0 + index)
  else if (kind === 'memory') {
    addGeneral(ids, operand.base)
    if (typeof operand.offset !== 'bigint') addRegisters(ids, operand.offset)
  }
}

function add(ids: RegisterId[], id: RegisterId): void {
  if (!ids.includes(id)) ids.push(id)
}

/** The zero register is none. */
function addGeneral(ids: RegisterId[], { index, zero }: General): void {
  if (index < 31) add(ids, index)
  else if (!zero) add(ids, SP)
}

type Dataflow = Pick<
  Instruction,
  'quad' | 'transfers' | 'sources' | 'accumulator' | 'stored' | 'results' | 'writeBack' | 'memory' | 'branch'
>

const none: readonly RegisterId[] = []

export function dataflowOf(op: Op, operands: readonly Operand[]): Dataflow {
  const memory = accessOf(op, operands)
  return memory === null ? computeFlow(op, operands) : memoryFlow(memory, operands)
}

/** Some operand has 128 bits; the tables of tbl, which always have them, do not count. */
const isQuad = (operands: readonly Operand[]): boolean =>
  operands.some((operand, k) => {
    if (operand.kind === 'scalar') return operand.bits === 128
    if (operand.kind === 'vector') return operand.lane * operand.lanes === 128
    return operand.kind === 'list' && k === 0 && operand.at === null && operand.lane * operand.lanes === 128
  })

function computeFlow(op: Op, operands: readonly Operand[]): Dataflow {
  const [first] = operands
  const role = roleOf(op, first)
  const written: RegisterId[] = []
  if (role !== 'read') addRegisters(written, first)
  const sources: RegisterId[] = []
  const addend = withAddend.has(op) ? operands.length - 1 : operands.length
  for (let k = role === 'read' ? 0 : 1; k < addend; k++) addRegisters(sources, operands[k])
  if (role === 'update') addRegisters(sources, first)
  if (flagReaders.has(op)) sources.push(FLAGS)
  const accumulators: RegisterId[] = []
  addRegisters(accumulators, role === 'accumulate' ? first : operands[addend])
  const [accumulator = null] = accumulators
  const early = accumulator !== null && sources.includes(accumulator)
  if (accumulator !== null && !early) sources.push(accumulator)
  if (flagWriters.has(op)) written.push(FLAGS)
  if (calls.has(op)) written.push(30)
  return {
    quad: isQuad(operands),
    transfers: 1,
    sources,
    accumulator: early ? null : accumulator,
    stored: none,
    results: written,
    writeBack: null,
    memory: null,
    branch: branchOf(op, operands),
  }
}

function roleOf(op: Op, first: Operand | undefined): Role {
  if (narrowing.has(op) && first?.kind === 'vector' && first.lane * first.lanes === 128) return 'update'
  return roles.get(op) ?? 'write'
}

function branchOf(op: Op, operands: readonly Operand[]): Instruction['branch'] {
  const kind = branches.get(op)
  if (kind === undefined) return null
  const target = operands.at(-1)
  return { kind, target: target?.kind === 'label' ? target.address : null }
}

function memoryFlow(memory: NonNullable<Instruction['memory']>, operands: readonly Operand[]): Dataflow {
  const { access } = memory
  const address = access === 'decode' ? undefined : operands.at(-1)
  const moving = access === 'decode' ? operands : operands.slice(0, -1)
  const sources: RegisterId[] = []
  addRegisters(sources, address)
  const addressing = sources.length
  const moved: RegisterId[] = []
  for (const operand of moving) addRegisters(moved, operand)
  const lane = moving.some((operand) => operand.kind === 'list' && operand.at !== null)
  if (access === 'store' || lane) for (const id of moved) add(sources, id)
  const transfers = moving.reduce((sum, operand) => sum + (operand.kind === 'list' ? operand.indices.length : 1), 0)
  return {
    quad: isQuad(operands),
    transfers: Math.max(1, transfers),
    sources,
    accumulator: null,
    stored: access === 'store' ? sources.slice(addressing) : none,
    results: access === 'load' || access === 'decode' ? moved : none,
    writeBack: address?.kind === 'memory' && address.mode !== 'offset' ? sources[0]! : null,
    memory,
    branch: null,
  }
}

/** Bytes that operations of one width access; of others the registers tell. */
const narrowBytes = new Map<Op, number>(
  Object.entries({
    ldrb: 1,
    ldrsb: 1,
    strb: 1,
    ldrh: 2,
    ldrsh: 2,
    strh: 2,
    ldrsw: 4,
    ldpsw: 8,
    prfm: 1,
    decstart: 64,
  }) as [Op, number][],
)

const accesses = new Map<string, Access>([
  ['ld', 'load'],
  ['st', 'store'],
  ['prfm', 'prefetch'],
  ['decstart', 'configure'],
  ['decread', 'decode'],
])

function accessOf(op: Op, operands: readonly Operand[]): Instruction['memory'] {
  const access = accesses.get(op) ?? accesses.get(op.slice(0, 2))
  if (access === undefined) return null
  return { access, bytes: narrowBytes.get(op) ?? registerBytes(op, operands[0]) }
}

function registerBytes(op: Op, first: Operand | undefined): number {
  if (first?.kind === 'list') {
    const each = first.at !== null || op.endsWith('r') ? first.lane : first.lane * first.lanes
    return (each / 8) * first.indices.length
  }
  const bits = first?.kind === 'general' || first?.kind === 'scalar' ? first.bits : 0
  return (bits / 8) * (op === 'ldp' || op === 'stp' ? 2 : 1)
}
