// Products that executed instructions compute: what each instruction counts as, and what programs and networks come to.

import { describe, expect, it } from 'vitest'
import { loadCore } from '../../src/config/core.ts'
import { assemble } from '../../src/isa/assemble.ts'
import { multipliesOf } from '../../src/isa/multiplies.ts'
import { ops } from '../../src/isa/ops.ts'
import { timingClasses } from '../../src/isa/timing-class.ts'
import { runProgram } from '../../src/machines/arm/program.ts'
import { ArmSystem } from '../../src/machines/arm/system.ts'
import { NetworkBuilder } from '../../src/model/builder.ts'
import { sign } from '../../src/model/networks/imagenet.ts'
import { seededParameters } from '../../src/model/seeded.ts'
import { loadTarget, runAssembly } from '../../src/program.ts'
import { asmText } from '../../src/report/asm-text.ts'
import { runOn } from '../machines/arm/run-on.ts'
import { one } from './assemble/one.ts'
import { formTexts } from './oracle/forms.ts'

const { texts } = formTexts('multiplies', 2)
const instructions = texts.map(one)

/** Of every class that multiplies, and of no other. */
const multiplies = (timing: string): boolean => /multiply|dot|step/.test(timing)

/** As written: 4 of `fmla v0.4s`, 1 of `fmul s0`. */
const lanesWritten = (text: string): number => Number(/^\w+ v\d+\.(\d+)/.exec(text)?.[1] ?? 1)

describe('an instruction', () => {
  it('counts products if its timing class multiplies, and only then', () => {
    const wrong = instructions.filter((instruction) => {
      const { multiplications, integerMultiplications } = multipliesOf(instruction)
      return multiplications + integerMultiplications > 0 !== multiplies(instruction.timing)
    })
    expect(wrong.map(({ text }) => text)).toEqual([])
    const seen = new Set(instructions.map(({ timing }) => timing))
    // No operation is a step or an estimate so far.
    const unseen = timingClasses.filter((timing) => multiplies(timing) && !seen.has(timing))
    expect(unseen).toEqual(['float-step'])
  })

  it('counts the lanes of its result, or one product of general registers', () => {
    const products = instructions.filter(({ timing }) => multiplies(timing))
    expect(new Set(products.map(({ op }) => op)).size).toBe(
      ops.filter((op) => /m(ul|l[as]|add|sub)|dot/.test(op)).length,
    )
    for (const instruction of products) {
      const { text, timing, op } = instruction
      const expected = timing.startsWith('multiply')
        ? { multiplications: 0, integerMultiplications: 1 }
        : { multiplications: lanesWritten(text) * (op === 'sdot' || op === 'udot' ? 4 : 1), integerMultiplications: 0 }
      expect(multipliesOf(instruction), text).toEqual(expected)
    }
  })

  it.each([
    ['fmul v0.4s, v1.4s, v2.4s', 4, 0],
    ['fmul v0.2s, v1.2s, v2.2s', 2, 0],
    ['fmla v0.2d, v1.2d, v2.d[1]', 2, 0],
    ['fnmsub d0, d1, d2, d3', 1, 0],
    ['mul v0.8h, v1.8h, v2.h[7]', 8, 0],
    ['smull v0.4s, v1.4h, v2.4h', 4, 0],
    ['smlal2 v0.8h, v1.16b, v2.16b', 8, 0],
    ['sqdmull s0, h1, h2', 1, 0],
    ['pmul v0.16b, v1.16b, v2.16b', 16, 0],
    ['sdot v0.4s, v1.16b, v2.16b', 16, 0],
    ['udot v0.2s, v1.8b, v2.4b[1]', 8, 0],
    ['mul x0, x1, x2', 0, 1],
    ['mneg w0, w1, w2', 0, 1],
    ['umull x0, w1, w2', 0, 1],
    ['smulh x0, x1, x2', 0, 1],
    ['lsl x0, x1, #3', 0, 0],
    ['shl v0.4s, v1.4s, #1', 0, 0],
    ['fdiv v0.4s, v1.4s, v2.4s', 0, 0],
    ['udiv x0, x1, x2', 0, 0],
    ['uadalp v0.8h, v1.16b', 0, 0],
  ])('%s: %i lanes, %i of general registers', (text, multiplications, integerMultiplications) => {
    expect(multipliesOf(one(text))).toEqual({ multiplications, integerMultiplications })
  })
})

describe.each(['cortex-a53', 'cortex-a72'])('a program on %s', (name) => {
  const core = loadCore(name)

  const counted = (text: string, fast: boolean) => {
    const system = new ArmSystem(core, { fast, patience: 2 })
    runProgram(system, assemble(text, 'products.s'))
    const { instructions, multiplications, integerMultiplications } = system.core.executedCounts()
    return { counts: { instructions, multiplications, integerMultiplications }, replayed: system.core.replayed }
  }

  it.each([
    [10, 7],
    [300, 40],
  ])('counts %i times %i runs of its loops, replayed or not', (outer, inner) => {
    const text = `main:
        mov     x0, #${outer}
        umulh   x5, x0, x0
1:      mov     x1, #${inner}
        fmul    s6, s7, s7
2:      ldr     q1, [sp, #-16]
        fmla    v0.4s, v1.4s, v2.4s
        smull   v3.2d, v4.2s, v5.2s
        mul     x3, x4, x4
        subs    x1, x1, #1
        b.ne    2b
        subs    x0, x0, #1
        b.ne    1b
        ret
`
    const products = {
      instructions: 2 + outer * (2 + 6 * inner + 2) + 1,
      multiplications: outer * (1 + inner * (4 + 2)),
      integerMultiplications: 1 + outer * inner,
    }
    const [fast, slow] = [counted(text, true), counted(text, false)]
    expect(fast.counts).toEqual(products)
    expect(slow.counts).toEqual(products)
    expect(slow.replayed).toBe(0)
    if (outer === 300) expect(fast.replayed).toBeGreaterThan(5000)
  })

  it('counts what is executed, not what is skipped', () => {
    const skipping = 'main: b 1f\n fmul v0.4s, v0.4s, v0.4s\n mul x0, x0, x0\n1: ret\n'
    expect(counted(skipping, true).counts).toEqual({ instructions: 2, multiplications: 0, integerMultiplications: 0 })
  })
})

describe('the report of a program', () => {
  const reported = (text: string) => runAssembly(loadTarget('cortex-a53'), text, 'products.s', {})

  it('has the products, and a line of them where there are any', () => {
    const some = reported('main: fmul v0.4s, v0.4s, v0.4s\n mul x1, x1, x1\n mul w2, w1, w1\n ret\n')
    expect(some).toMatchObject({ multiplications: 4, integerMultiplications: 2 })
    expect(asmText(some)).toContain('\nMultiplications: 4 lanes of vector registers, 2 in general registers.\n')
    const none = reported('main: fadd v0.4s, v0.4s, v0.4s\n ret\n')
    expect(none).toMatchObject({ multiplications: 0, integerMultiplications: 0 })
    expect(asmText(none)).not.toContain('Multiplications')
  })
})

describe('a network', () => {
  const picture = { channels: 3, height: 9, width: 9 }
  const builder = new NetworkBuilder(picture, seededParameters('multiplies'))
  const stem = builder.realConv('stem', 'input', 32, { kernel: 3, padding: 1 })
  const conv = builder.binaryConv('conv', sign(builder, 'stem.sign', stem), 32, { kernel: 3 })
  const bits = builder.threshold('conv.bits', conv, new Int32Array(32), false)
  const network = builder.finish({
    name: 'multiplies',
    source: 'this test',
    picture,
    encoding: { kind: 'real', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: [...'abcd'],
    decision: { rule: 'argmax', scores: builder.binaryConv('fc', bits, 4, { kernel: 7 }) },
  })

  it.each(['direct', 'lce'] as const)('multiplies in its stem, and once a sum behind it with kernels %s', (kernels) => {
    const { run, checked } = runOn('cortex-a53', network, undefined, { kernels })
    expect(checked.deviation).toBeLessThan(1e-4)
    const { realMacs, multiplications } = run.layers[0]!.operations
    expect(realMacs).toBe(9 * 9 * 32 * 27)
    expect(multiplications).toBeGreaterThanOrEqual(realMacs!)
    expect(multiplications).toBeLessThan(2 * realMacs!)
    // mls of a kernel's end takes a count, once or twice, from its base: once a sum, of whole panels of 8 channels.
    const binary = run.layers.slice(1).map(({ name, operations }) => [name, operations.multiplications])
    expect(binary).toEqual([
      ['conv', 7 * 7 * 32],
      ['fc', 8],
    ])
    expect(run.layers.map(({ operations }) => operations.integerMultiplications! > 0)).toEqual([true, true, true])
  })
})
