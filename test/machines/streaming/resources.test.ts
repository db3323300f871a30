import { describe, expect, it } from 'vitest'
import { anyMemory, blockMemory, matrixVectorLogic } from '../../../src/machines/fpga/resources.ts'
import { foldReport, streaming } from '../../../src/machines/streaming/index.ts'
import { workload } from '../../../src/work/lower.ts'
import { baseSpec, sampleNetwork } from './specs.ts'

describe('block RAM', () => {
  // Width, depth, RAMB18: 36 x 512, 18 x 1024, 9 x 2048, 4 x 4096, 2 x 8192, 1 x 16384.
  it.each([
    [1, 1, 1],
    [36, 512, 1],
    [37, 512, 2],
    [36, 513, 2],
    [18, 1024, 1],
    [18, 1025, 2],
    [9, 2048, 1],
    [4, 4096, 1],
    [2, 8192, 1],
    [1, 16384, 1],
    [1, 16385, 2],
    [32, 36, 1],
    [64, 36, 2],
    [72, 1024, 4],
    [24, 1024, 2],
    [10, 3000, 3],
  ])('of %d bits x %d words takes %d RAMB18', (width, depth, blocks) => {
    expect(blockMemory(width, depth).ramb18).toBe(blocks)
  })

  it('holds the bits and is never more than a column of 512 words wide enough', () => {
    for (let width = 1; width < 80; width += 7)
      for (let depth = 1; depth < 20_000; depth = depth * 3 + 1) {
        const { ramb18, perAccess } = blockMemory(width, depth)
        expect(ramb18 * 18 * 1024).toBeGreaterThanOrEqual(width * depth)
        expect(ramb18).toBeLessThanOrEqual(Math.ceil(width / 36) * Math.ceil(depth / 512))
        expect(perAccess).toBeLessThanOrEqual(ramb18)
      }
  })

  it('a small memory is built of 64 x 1 LUTs', () => {
    expect(anyMemory(16, 64)).toEqual({ ramb18: 0, lutram: 16, perAccess: 16 })
    expect(anyMemory(8, 128)).toEqual({ ramb18: 0, lutram: 16, perAccess: 8 })
    expect(anyMemory(9, 128).ramb18).toBe(1)
  })
})

describe('a matrix-vector unit', () => {
  it('takes LUT and FF as fitted: 179 + 1.96 PE SIMD + 0.74 PE A, and 116 + 0.645 PE SIMD + 0.69 PE A', () => {
    const { lut, ff } = matrixVectorLogic(16, 32, 1, 10)
    expect(lut).toBeCloseTo(179 + 1.96 * 16 * 32 + 0.74 * 16 * 10, 9)
    expect(ff).toBeCloseTo(116 + 0.645 * 16 * 32 + 0.69 * 16 * 10, 9)
  })

  it('has a weight memory in each PE', () => {
    const folding = (pe: number, simd: number) => [
      { pe: 12, simd: 16 },
      { pe, simd },
      { pe: 1, simd: 24 },
    ]
    const bram = (pe: number, simd: number): number =>
      foldReport(workload(sampleNetwork()), { ...baseSpec, folding: folding(pe, simd) }).layers[1]!.resources.bram36
    // 24 rows of 108 columns: 24 / PE x 108 / SIMD words of SIMD bits.
    for (const [pe, simd] of [
      [1, 12],
      [2, 12],
      [4, 6],
      [12, 12],
      [24, 12],
    ] as const) {
      const memory = blockMemory(simd, (24 / pe) * (108 / simd))
      expect(bram(pe, simd)).toBe(Math.ceil((pe * memory.ramb18) / 2))
    }
  })
})

describe('a design', () => {
  it('takes no less of anything for more PEs, and the style of synthesis takes more logic', () => {
    const used = (pe: number, style: 'rtl' | 'hls') => {
      const folding = [
        { pe, simd: 16 },
        { pe: 1, simd: 12 },
        { pe: 1, simd: 24 },
      ]
      const lowered = streaming.lower(workload(sampleNetwork()), { ...baseSpec, style, folding })
      const { network, inputs } = imageOf()
      expect(network.input.channels).toBe(16)
      return lowered.run({ inputs, images: 1 }).resources!.used
    }
    const [one, four, twelve] = [used(1, 'rtl'), used(4, 'rtl'), used(12, 'rtl')]
    expect(four.lut).toBeGreaterThan(one.lut)
    expect(twelve.lut).toBeGreaterThan(four.lut)
    expect(twelve.bram36).toBeGreaterThanOrEqual(four.bram36)
    expect(used(4, 'hls').lut).toBeGreaterThan(1.5 * four.lut)
    expect(used(4, 'hls').bram36).toBe(four.bram36)
  })
})

function imageOf() {
  const network = sampleNetwork()
  const { channels, height, width } = network.input
  const words = new Uint32Array(height * width).fill(2 ** channels - 1)
  return { network, inputs: [{ kind: 'bits' as const, shape: network.input, words }] }
}
