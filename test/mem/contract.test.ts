import { describe, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { memoryContract, refusals } from './contract.ts'

describe.each(cases.map((each) => [each.name, each] as const))('%s', (name, each) => {
  memoryContract(each)

  it('is refused something by all this, if it has any limit', () => {
    if (name === 'fixed latency') expect(refusals(each)).toBe(0)
    else expect(refusals(each)).toBeGreaterThan(0)
  })
})
