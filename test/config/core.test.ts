import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkSupported, loadCore } from '../../src/config/core.ts'
import { listConfigs } from '../../src/config/load.ts'
import type { Instruction, Program } from '../../src/isa/instruction.ts'
import { timingClasses } from '../../src/isa/timing-class.ts'
import type { ClassTiming } from '../../src/units/core/spec.ts'
import { problem, withFiles } from './files.ts'

const names = listConfigs('cores').map(({ name }) => name)

describe.each(names)('%s', (name) => {
  const { core, absent, clock, l1d, l1i, l2, memory, energy, citations, sources, title } = loadCore(name)
  const halves: ClassTiming[] = timingClasses.flatMap((one) => [core.timing[one].narrow, core.timing[one].quad])

  it('says what it is', () => {
    expect(core.name).toBe(name)
    expect(title).not.toBe('')
    expect(clock).toBeGreaterThan(1e8)
    expect([l1d.line, l1i.line]).toEqual([l2.line, l2.line])
    expect(l2.bytes).toBeGreaterThan(l1d.bytes)
    expect(memory.line).toBe(l2.line)
    expect(listConfigs('energy').map((table) => table.name)).toContain(energy)
  })

  it('times every class, on pipes that it has, and cites a source', () => {
    for (const { pipes } of halves) expect(pipes.filter((pipe) => core.pipes[pipe] === undefined)).toEqual([])
    const unpiped = timingClasses.filter((one) => core.timing[one].quad.pipes.length === 0)
    expect(unpiped.filter((one) => one !== 'nop')).toEqual(
      absent.filter((one) => (timingClasses as readonly string[]).includes(one)),
    )
    expect(timingClasses.filter((one) => sources[citations[one].source] === undefined)).toEqual([])
  })

  it('has only pipes that something uses', () => {
    const used = new Set(halves.flatMap(({ pipes }) => pipes))
    expect(core.pipes.filter((_, pipe) => !used.has(pipe))).toEqual([])
  })

  it('is never faster for 128 bits than for 64', () => {
    const faster = timingClasses.filter((one) => {
      const { narrow, quad } = core.timing[one]
      return quad.latency < narrow.latency || quad.occupancy < narrow.occupancy
    })
    // llvm-mca has another latency for the square root of a vector than for that of a scalar.
    expect(faster.filter((one) => !(name.endsWith('-llvm') && one.startsWith('float-sqrt')))).toEqual([])
  })

  it('forwards accumulators no later than results', () => {
    const late = halves.filter(({ accumulate, latency }) => accumulate !== null && accumulate > latency)
    expect(late).toEqual([])
  })
})

it('gives pipes by name or by group, and occupancy in twelfths', () => {
  const { core } = loadCore('cortex-a72')
  const names = core.pipes.map(({ name }) => name)
  expect(names).toEqual(['branch', 'int0', 'int1', 'multi', 'fp0', 'fp1', 'load', 'store'])
  expect(core.timing.alu.narrow).toMatchObject({ pipes: [1, 2], occupancy: 12 })
  // Two pipes, 0.67 cycles an instruction: each is busy for 4/3 of a cycle.
  expect(core.timing['vector-logic'].quad).toMatchObject({ pipes: [4, 5], occupancy: 16 })
  expect(core.timing['vector-pair-accumulate'].quad).toMatchObject({ pipes: [5], accumulate: 2 })
})

it('adds for each further register of a load what was measured', () => {
  const { quad } = loadCore('cortex-a53').core.timing['load-multiple']
  const cycles = [1, 2, 3, 4].map((registers) => (quad.occupancy + (registers - 1) * quad.further.occupancy) / 12)
  expect(cycles).toEqual([2, 4, 6, 8])
})

const vectorCount = 'timing: {vector-count: {latency: 2, pipes: vector, kind: assumed, source: llvm, '

it.each([
  ['timing: {vector-cont: 1}', "c.yaml:2: timing.vector-cont: unknown key 'vector-cont'; did you mean 'vector-count'?"],
  ['timing: {alu: {pipes: alux}}', "c.yaml:2: timing.alu.pipes: no pipe 'alux'; did you mean 'alu'?"],
  [
    'timing: {alu: {latency: 1.5}}',
    'c.yaml:2: timing.alu.latency: expected an integer or a mapping such as { narrow: N, quad: N }, got 1.5',
  ],
  [
    `${vectorCount}occupancy: 0.55}}`,
    'c.yaml:2: timing.vector-count.occupancy: expected twelfths of a cycle such as 0.5, 0.667 or 1.333, got 0.55',
  ],
  [
    'timing: {nop: {kind: assumed}}',
    "c.yaml:2: timing.nop.kind: expected 'kind' and 'source' together, got \"assumed\"",
  ],
  [
    'kind: inorder',
    'c.yaml:2: kind: expected one of in-order, out-of-order, got "inorder"; did you mean \'in-order\'?',
  ],
  [
    'fetch: {width: {value: 2, kind: derived, source: hearsay}}',
    /^c\.yaml:2: fetch\.width\.source: expected one of the file's sources \(insn-bench, .*got "hearsay"$/,
  ],
  ['predictor: {entries: {value: 3072}}', 'c.yaml:2: predictor.entries.value: expected a power of two, got 3072'],
  [
    'l2: {line: {value: 128 B}}',
    'c.yaml:2: l2.line.value: expected lines of 64 bytes, as the memory has them, got "128 B"',
  ],
  ['storeBuffer: {value: 5000}', 'c.yaml:2: storeBuffer.value: expected at most 1,024, got 5000'],
  ['l1d: {ways: {value: 3}}', /: l1d\.bytes\.value: expected a power of two of sets/],
])('refuses %s', (text, message) => {
  const folder = withFiles({ 'c.yaml': `extends: cortex-a53\n${text}` })
  expect(problem(() => loadCore(join(folder, 'c.yaml')), folder)).toMatch(message)
})

it('asks for each class of timing, and for queues out of order', () => {
  const folder = withFiles({
    'c.yaml': 'extends: cortex-a53\nkind: out-of-order',
    'd.yaml': 'extends: cortex-a72\npipes: {multi: {queue: 0}}',
  })
  expect(problem(() => loadCore(join(folder, 'd.yaml')), folder)).toBe(
    'd.yaml:2: pipes.multi.queue: expected a queue of at least 1 in an out-of-order core, got 0',
  )
  expect(problem(() => loadCore(join(folder, 'c.yaml')), folder)).not.toBe('no error')
})

it('takes flags over what the file says', () => {
  const set = ['fetch.takenBubble.value=0', 'timing.vector-count.latency=5', 'memory=lpddr4-3200']
  const { core, memory } = loadCore('cortex-a53', { set })
  expect(memory.name).toBe('lpddr4-3200')
  expect(core.fetch.takenBubble).toBe(0)
  expect(core.timing['vector-count'].quad.latency).toBe(5)
})

it('points a flag for a figure with its source to the value', () => {
  expect(problem(() => loadCore('cortex-a53', { set: ['l2.bytes=1MiB'] }))).toBe(
    '--set l2.bytes: a value with its source: expected --set l2.bytes.value=1MiB',
  )
})

it('refuses a program with instructions that the core lacks', () => {
  const line = { text: 'sdot v0.4s, v1.16b, v2.16b', line: 7, timing: 'vector-dot' } as Instruction
  const program = { file: 'k.s', instructions: [line] } as unknown as Program
  expect(() => checkSupported(loadCore('neoverse-n1'), program)).not.toThrow()
  expect(problem(() => checkSupported(loadCore('cortex-a53'), program))).toBe(
    "k.s:7: cortex-a53 has no instruction 'sdot v0.4s, v1.16b, v2.16b'",
  )
})
