// GNU as is the judge of what is an instruction, and objdump of what it means.

import seedrandom from 'seedrandom'
import { beforeAll, describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Instruction } from '../../../src/isa/instruction.ts'
import { gasInstalled, type Judged, judge } from './gas.ts'
import { refusal, shown } from './one.ts'
import { mutated, samples } from './samples.ts'

if (!gasInstalled)
  console.log('GNU as is not compared: aarch64-linux-gnu-as is not installed (apt: binutils-aarch64-linux-gnu).')

/**
 * What GNU as takes although it is not in the architecture's syntax: a w register, unextended, beside sp; wzr with sxtx.
 * What it cannot know: hints that are no nop, symbols that are missing.
 */
const lenient =
  /\bw?sp\b.*, (?:w\d+|wzr)(?:, lsl #\d)?$|, w(?:\d+|zr), [su]xtx\b|movi .*#0xf{16}$|^hint|^adr x\d+, [wx]/

/** A move that objdump prints as such; a call of itself, which in an object file is one of something not linked. */
const anotherName = /^orr .*, [wx]zr, #|^bl \.\+0$/

/** objdump prints a test of a low bit on the w register; names of labels are lost. */
const meaning = (instruction: Instruction): string =>
  JSON.stringify({
    ...instruction,
    address: 0,
    line: 0,
    text: '',
    branch: null,
    operands: shown({
      ...instruction,
      operands: instruction.operands.map((operand) => {
        if (operand.kind === 'label') return { ...operand, name: '', address: operand.address - instruction.address }
        return operand.kind === 'general' && /^tbn?z/.test(instruction.op) ? { ...operand, bits: 64 } : operand
      }),
    }),
  })

describe.skipIf(!gasInstalled)('GNU as', () => {
  const random = seedrandom('forms')
  const plain = [...samples(random), ...samples(random)]
  const lines = [
    ...plain,
    ...plain.map((text) => mutated(text, random)),
    ...plain.map((text) => mutated(mutated(text, random), random)),
  ]
  let judged: Judged

  beforeAll(() => {
    judged = judge(lines)
  }, 60_000)

  it('takes and refuses what we do', () => {
    const differing = lines.flatMap((text, k) => {
      const ours = refusal(text)
      if ((ours !== null) === judged.refused.has(k) || lenient.test(text)) return []
      return [`${text}: ${ours ?? 'accepted by us, refused by GNU as'}`]
    })
    expect(differing).toEqual([])
    expect(judged.refused.size).toBeGreaterThan(lines.length / 10)
    expect(judged.refused.size).toBeLessThan(lines.length / 2)
  })

  it('encodes what means to us what we read in the first place', () => {
    const accepted = lines.filter(
      (text, k) => !judged.refused.has(k) && refusal(text) === null && !anotherName.test(text),
    )
    const { instructions } = assemble(judge(accepted).disassembly, 'listing')
    expect(instructions).toHaveLength(accepted.length)
    const differing = accepted.flatMap((text, k) => {
      const [ours, theirs] = [assemble(text, 'ours').instructions[0]!, instructions[k]!].map(meaning)
      return ours === theirs ? [] : [`${text}: ${ours} but ${theirs}`]
    })
    expect(differing).toEqual([])
  }, 60_000)
})
