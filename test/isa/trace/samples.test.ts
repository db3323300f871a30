import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Instruction } from '../../../src/isa/instruction.ts'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { executed } from './walk.ts'
import { execution, recorded, samples } from './write-samples.ts'

const path = (file: string): string => fileURLToPath(new URL(`../../../traces/${file}`, import.meta.url))

describe.each(samples)('traces/%s.trace.gz', (name) => {
  const file = path(`${name}.trace.gz`)

  it('is what recording it gives', () => {
    expect(gunzipSync(readFileSync(file)).toString()).toBe(gunzipSync(recorded(name)).toString())
  })

  it('is read as what its program executes, and has as many instructions as its README says', async () => {
    const all = await executed(new TraceReader(file))
    expect(all).toEqual(await executed(execution(name)))
    const readme = readFileSync(path('README.md'), 'utf8')
    expect(readme).toContain(`| [${name}.trace.gz](${name}.trace.gz) | ${all.length.toLocaleString('en')} |`)
  })
})

describe('traces/bit-pack.execlog.gz', () => {
  /** All that a core sees of it, whatever the address of the program. */
  const seen = ({ address, branch, ...rest }: Instruction): object => {
    const { line, text, operands, ...timed } = rest
    return {
      ...timed,
      branch: branch && { ...branch, target: branch.target === null ? null : branch.target - address },
    }
  }

  it('is what traces/bit-pack.s executes, at other addresses', async () => {
    const [log, run] = [new TraceReader(path('bit-pack.execlog.gz')), execution('bit-pack')]
    const [theirs, ours] = [(await executed(log)).slice(1), await executed(run)]
    expect(theirs.length).toBe(ours.length)
    const moved = theirs.map(([address], i) => address - ours[i]![0])
    expect(new Set(moved).size).toBe(1)
    const accesses = theirs.map(([, access], i) => (access === null ? null : access - ours[i]![1]!))
    expect(new Set(accesses.filter((access) => access !== null)).size).toBe(1)
    expect(accesses.filter((access) => access !== null).length).toBe(128 + 126 + 1)
    const at = new Map(log.instructions.map((each) => [each.address, each]))
    for (const each of run.instructions) expect(seen(at.get(each.address + moved[0]!)!)).toEqual(seen(each))
    expect(log.replaced.executed).toBe(0)
  })
})
