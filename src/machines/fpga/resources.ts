// What the units of a streaming machine occupy. Block RAM follows from geometry; LUT
// and FF from a model fitted to synthesis of our RTL. Every constant has its source.

import type { Resources } from '../machine.ts'

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

/** LUTs of logic in either style, and of the LUT memories. */
export function resourcesOf(logic: Logic, memory: readonly Memory[], factor: number): Resources {
  const lutram = memory.reduce((sum, each) => sum + each.lutram, 0)
  const ramb18 = memory.reduce((sum, each) => sum + each.ramb18, 0)
  return { lut: logic.lut * factor + lutram, lutram, ff: logic.ff * factor, bram36: ramb18 / 2, dsp: 0 }
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
