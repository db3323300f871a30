// Functional execution against qemu: the same instructions on the same random registers and memory, bit for bit.

import { describe, expect, it } from 'vitest'
import { statesUnderQemu } from './oracle/driver.ts'
import { formTexts } from './oracle/forms.ts'
import { statesExecuted } from './oracle/ours.ts'
import { programs, runProgram } from './oracle/programs.ts'
import { referenceForms } from './oracle/reference.ts'
import { difference } from './oracle/report.ts'
import { snippets } from './oracle/snippets.ts'
import { RandomStates } from './oracle/states.ts'
import { qemuAbsent } from './oracle/tools.ts'

const STATES = 32

/** `snippet: what differs` of the first state that differs, for every snippet. */
function mismatches(texts: readonly string[], seed: string): string[] {
  const random = new RandomStates(seed)
  const states = Array.from({ length: STATES }, () => random.state())
  const theirs = statesUnderQemu(texts, states)
  const ours = statesExecuted(texts, states)
  return texts.flatMap((text, f) => {
    const found = states
      .map((state, s) => difference(ours[f]![s]!, theirs[f]![s]!, state))
      .filter((problem) => problem !== '')
    return found.length === 0 ? [] : [`${text.replaceAll('\n', '; ')} (${found.length} of ${STATES}): ${found[0]}`]
  })
}

describe.skipIf(qemuAbsent())('under qemu', () => {
  it('every form that the assembler knows does the same', () => {
    const { texts, forms, left } = formTexts('forms', 2)
    expect(mismatches(texts, 'forms')).toEqual([])
    console.info(`compared with qemu: ${forms} forms, ${texts.length} instructions, ${STATES} states each`)
    expect(left.filter((form) => !/\blabel\b|^(br|blr|ret|bti)\b/.test(form))).toEqual([])
  }, 120_000)

  it('the forms of the timing reference do the same', () => {
    expect(mismatches(referenceForms, 'reference')).toEqual([])
    console.info(`compared with qemu: ${referenceForms.length} forms of the reference, ${STATES} states each`)
  })

  it('branches, calls and literals do the same', () => {
    expect(mismatches(snippets, 'snippets')).toEqual([])
    console.info(`compared with qemu: ${snippets.length} snippets with labels, ${STATES} states each`)
  })

  it.each(programs)('%s, compiled with -O3, computes the same', (name) => {
    const { ours, qemu, instructions } = runProgram(name)
    expect(Buffer.from(ours).equals(qemu)).toBe(true)
    expect(new Set(qemu).size).toBeGreaterThan(50)
    console.info(`compared with qemu: ${name}, ${instructions} instructions`)
  })
})
