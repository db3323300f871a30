// The ARM cores against ../shared/reference/arm: loops, instructions one by one, and sequences with branches.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cores, page, type Validation, validate } from './arm-docs.ts'
import { exceptionOf, exceptions } from './arm-exceptions.ts'
import { deviation, measuredBound, runKernel } from './arm-kernels.ts'
import { kernels, present } from './arm-reference.ts'

const none: Validation = { kernels: [], forms: {}, sequences: [] }

describe.skipIf(!present)('against the reference', () => {
  const all = present ? validate() : none

  it('kernels take as many cycles an iteration', () => {
    expect(all.kernels.length).toBe(6 * 6)
    const off = all.kernels.filter((each) => !(Math.abs(deviation(each)) <= each.tolerance))
    expect(off).toEqual([])
  })

  it('kernels reach the bounds of the A53 to the cycle, whether replayed or not', () => {
    for (const kernel of present ? kernels() : []) {
      const plain = runKernel(kernel, 'cortex-a53', false)
      expect(plain, kernel.name).toEqual(runKernel(kernel, 'cortex-a53'))
      expect([28, 32, 64], kernel.name).toContain(plain.cyclesPerIteration)
    }
  })

  it('bounds of the A72 are sums of measured throughputs', () => {
    const rows = ['eor.b', 'cnt.b', 'add.b', 'ldr.q (imm; ofs = 0)'].map((name, i) => ({
      name,
      rthroughput_cyc: `${[0.67, 1, 0.67, 1][i]}`,
    }))
    const bound = (text: string) => measuredBound({ name: '', label: '', text }, rows)
    expect(bound(' eor v0.16b\n cnt v0.16b\n add   v16.16b\n add x0, x0, #1\n ldr   q0, [x0]')).toBeCloseTo(2.34)
    expect(bound(' eor v0.16b\n ldr q0, [x0]')).toBe(1)
  })

  describe.each(cores)('forms of %s', (core) => {
    const figures = all.forms[core] ?? []

    it('have the measured latency and throughput, or a reason', () => {
      expect(figures.length).toBeGreaterThan(350)
      expect(figures.filter((each) => !each.agrees && exceptionOf(core, each) === undefined)).toEqual([])
    })

    it('have no reason that is not needed', () => {
      const used = figures.filter((each) => !each.agrees).map((each) => exceptionOf(core, each))
      expect(exceptions.filter((each) => each.core === core && !used.includes(each))).toEqual([])
    })
  })

  it('vector loads of the A53 are as far from the measurement as the chain through memory says', () => {
    const loads = (all.forms['cortex-a53'] ?? []).filter(
      (each) => each.what === 'latency' && /^(ld[124]r?|ldr q|ldp q)/.test(each.form),
    )
    expect(loads.length).toBeGreaterThan(15)
    for (const { form, measured, ours } of loads) expect(measured - 2.05 - (ours ?? 0), form).toBeCloseTo(0, 1)
  })

  it('branches and forwarding of the A53 are as measured', () => {
    const off = all.sequences.filter(({ measured, ours }) => !(Math.abs(ours / measured - 1) <= 0.03))
    expect(off).toEqual([])
  })

  it('docs/validation-arm.md states it', () => {
    const path = fileURLToPath(new URL('../../docs/validation-arm.md', import.meta.url))
    expect(readFileSync(path, 'utf8'), 'npx tsx test/validation/write-arm-docs.ts').toBe(page(all))
  })
})
