// What the units of a streaming machine occupy. Block RAM follows from geometry; LUT
// and FF from a model fitted to synthesis of our RTL. Every constant has its source.

import type { Op } from '../../work/network.ts'
import type { Resources } from '../machine.ts'
import { type PostUnit, totalCost, UNIT_BITS } from './post-units.ts'

type Kind = 'measured' | 'published' | 'derived' | 'assumed'

interface Constant {
  readonly value: number
  readonly kind: Kind
  readonly source: string
}

const synthesis = 'yosys synth_xilinx (7 series) of our RTL, 15 points, largest error 7.5 %'

export const constants = {
  mvuLut: { value: 179, kind: 'measured', source: synthesis },
  mvuLutPerSynapse: { value: 1.96, kind: 'measured', source: synthesis },
  mvuLutPerAccumulatorBit: { value: 0.74, kind: 'measured', source: synthesis },
  mvuFf: { value: 116, kind: 'measured', source: synthesis },
  mvuFfPerSynapse: { value: 0.645, kind: 'measured', source: synthesis },
  mvuFfPerAccumulatorBit: { value: 0.69, kind: 'measured', source: synthesis },
  windowLut: { value: 295, kind: 'measured', source: synthesis },
  windowFf: { value: 153, kind: 'measured', source: synthesis },
  converterLutPerBit: {
    value: 1,
    kind: 'assumed',
    source: 'one multiplexer or shift bit for each bit of the wide word',
  },
  converterFfPerBit: { value: 1, kind: 'assumed', source: 'the wide word is registered' },
  poolLutPerBit: { value: 1, kind: 'assumed', source: 'one OR for each bit of a word' },
  poolFfPerBit: { value: 1, kind: 'assumed', source: 'the output word is registered' },
  fifoLut: { value: 20, kind: 'assumed', source: 'two counters and flags' },
  fifoFf: { value: 10, kind: 'assumed', source: 'two counters and flags' },
  dmaLut: { value: 600, kind: 'assumed', source: 'AXI master with burst counters, one direction' },
  dmaFf: { value: 800, kind: 'assumed', source: 'AXI master with burst counters, one direction' },
  hlsFactor: {
    value: 1.85,
    kind: 'derived',
    source: 'CNV and LFC of BNN-PYNQ take 1.7 to 2 times the LUTs of this RTL; the middle is taken',
  },
  lutramDepth: {
    value: 64,
    kind: 'assumed',
    source: 'memories of up to this many words are built of LUTs, 64 bits each',
  },
  lutramBits: {
    value: 1024,
    kind: 'assumed',
    source: 'deeper memories of up to this many bits are built of LUTs too, larger ones of block RAM',
  },
  shiftBits: { value: 6, kind: 'assumed', source: 'shifts by up to 31 places, either way' },
  factorBits: { value: 8, kind: 'derived', source: 'network.ts: multipliers and slopes of at most 127 in magnitude' },
  offsetBits: {
    value: 16,
    kind: 'derived',
    source: 'src/opt/fixed/ops.ts: passes keep offsets within 16 bits, but for 32-bit results',
  },
} as const satisfies Record<string, Constant>

/** A memory of `depth` words of `width` bits: RAMB18 blocks, or 64x1 LUT memories where it is small. */
export interface Memory {
  readonly ramb18: number
  readonly lutram: number
  /** Blocks, or LUT memories, that one access enables. */
  readonly perAccess: number
}

/** Widths and depths that one RAMB18 can be set to (UG473, 7 Series FPGAs Memory Resources). */
const ramb18Shapes = [
  [36, 512],
  [18, 1024],
  [9, 2048],
  [4, 4096],
  [2, 8192],
  [1, 16384],
] as const

/** Fewest RAMB18 for a memory of `depth` words of `width` bits; with equal count, fewest enabled at once. */
export function blockMemory(width: number, depth: number): Memory {
  let best: Memory = { ramb18: Infinity, lutram: 0, perAccess: Infinity }
  for (const [blockWidth, blockDepth] of ramb18Shapes) {
    const across = Math.ceil(width / blockWidth)
    const blocks = across * Math.ceil(depth / blockDepth)
    if (blocks < best.ramb18 || (blocks === best.ramb18 && across < best.perAccess))
      best = { ramb18: blocks, lutram: 0, perAccess: across }
  }
  return best
}

/** Block RAM, or LUTs for a small memory. */
export function anyMemory(width: number, depth: number): Memory {
  if (depth > constants.lutramDepth.value && width * depth > constants.lutramBits.value)
    return blockMemory(width, depth)
  return { ramb18: 0, lutram: width * Math.ceil(depth / constants.lutramDepth.value), perAccess: width }
}

/** Logic of a matrix-vector unit. An 8-bit input element costs what eight bits do (assumed). */
export function matrixVectorLogic(pe: number, simd: number, elementBits: number, accumulatorBits: number): Logic {
  const synapses = pe * simd * elementBits
  const c = constants
  return {
    lut: c.mvuLut.value + c.mvuLutPerSynapse.value * synapses + c.mvuLutPerAccumulatorBit.value * pe * accumulatorBits,
    ff: c.mvuFf.value + c.mvuFfPerSynapse.value * synapses + c.mvuFfPerAccumulatorBit.value * pe * accumulatorBits,
  }
}

export interface Logic {
  readonly lut: number
  readonly ff: number
  /** None unless given. */
  readonly dsp?: number
  /** Published costs of units, which no style of ours multiplies. */
  readonly published?: boolean
}

export const windowLogic: Logic = { lut: constants.windowLut.value, ff: constants.windowFf.value }
export const dmaLogic: Logic = { lut: constants.dmaLut.value, ff: constants.dmaFf.value }
export const fifoLogic: Logic = { lut: constants.fifoLut.value, ff: constants.fifoFf.value }

export const converterLogic = (wideBits: number): Logic => ({
  lut: constants.converterLutPerBit.value * wideBits,
  ff: constants.converterFfPerBit.value * wideBits,
})

export const poolLogic = (wordBits: number): Logic => ({
  lut: constants.poolLutPerBit.value * wordBits,
  ff: constants.poolFfPerBit.value * wordBits,
})

/** Of `lanes` lanes with a unit of each kind listed. */
export function lanesLogic(units: readonly PostUnit[], lanes: number): Logic {
  const { lut, ff, dsp } = totalCost(units)
  return { lut: lanes * lut, ff: lanes * ff, dsp: lanes * dsp, published: true }
}

/** Bits of what an op has for each channel; `bits` of what it reads. */
export function parameterBits(op: Op, bits: number): number {
  const { shiftBits, factorBits, offsetBits } = constants
  const scaling = (factor: Int32Array | undefined, negative: Uint8Array | undefined): number =>
    shiftBits.value + (factor === undefined ? 0 : factorBits.value) + (negative === undefined ? 0 : 1)
  switch (op.kind) {
    case 'affine':
      return 2 * UNIT_BITS
    case 'rprelu':
      return 3 * UNIT_BITS
    case 'fixed-affine':
      return scaling(op.multiplier, op.negative) + Math.max(op.bits, offsetBits.value)
    case 'fixed-rprelu':
      return scaling(op.slope, op.negative) + op.bits + offsetBits.value
    case 'threshold':
      return bits
    default:
      return 0
  }
}

/** All parts in a style in which a LUT or FF of our RTL stands for `factor` of them. */
export function styledLogic(parts: readonly Logic[], factor: number): Logic {
  const own = parts.filter(({ published }) => !published)
  const published = parts.filter((part) => part.published)
  const sum = (of: readonly Logic[], key: 'lut' | 'ff'): number => of.reduce((total, part) => total + part[key], 0)
  return {
    lut: sum(own, 'lut') * factor + sum(published, 'lut'),
    ff: sum(own, 'ff') * factor + sum(published, 'ff'),
    dsp: parts.reduce((total, { dsp = 0 }) => total + dsp, 0),
  }
}

/** Of logic in its style, and of memories. */
export function resourcesOf({ lut, ff, dsp = 0 }: Logic, memory: readonly Memory[]): Resources {
  const lutram = memory.reduce((sum, each) => sum + each.lutram, 0)
  const ramb18 = memory.reduce((sum, each) => sum + each.ramb18, 0)
  return { lut: lut + lutram, lutram, ff, bram36: ramb18 / 2, dsp }
}

export const sumResources = (parts: readonly Resources[]): Resources => {
  const sum = (key: keyof Resources): number => parts.reduce((total, part) => total + part[key], 0)
  return {
    lut: Math.ceil(sum('lut')),
    lutram: sum('lutram'),
    ff: Math.ceil(sum('ff')),
    bram36: Math.ceil(sum('bram36')),
    dsp: sum('dsp'),
  }
}
