// Programs that read from a decode unit on the whole ARM machine: their values, and the same figures however they are timed.

import seedrandom, { type PRNG } from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type CoreConfig, loadCore } from '../../../src/config/core.ts'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Program } from '../../../src/isa/instruction.ts'
import { runProgram } from '../../../src/machines/arm/program.ts'
import { type ArmOptions, ArmSystem } from '../../../src/machines/arm/system.ts'
import { address, type Coded, coded, randomShape } from './coded-program.ts'
import { integer } from './decode-rig.ts'

/** Everything that is told of a run. */
function run(program: Program, options: ArmOptions, config: CoreConfig) {
  const system = new ArmSystem(config, options)
  const { execution } = runProgram(system, program)
  const { core, decodeUnit, l1d, l1i, l2, dram } = system
  const told = {
    cycles: core.cycles,
    stalls: core.stalls(),
    executed: core.executedCounts(),
    predictor: core.predictor.count,
    unit: decodeUnit!.packed.count,
    lines: decodeUnit!.stream.lines,
    loads: decodeUnit!.table.loads,
    l1d: l1d.count,
    l1i: l1i.count,
    l2: l2.count,
    dram: dram.counts(system.tick),
  }
  return { told, execution, replayed: core.replayed }
}

const variants: Readonly<Record<string, ArmOptions>> = {
  slow: { fast: false },
  compiled: { patience: 0 },
  'slow and compiled': { fast: false, patience: 0 },
  backward: { order: 'backward' },
  'backward and slow': { order: 'backward', fast: false },
  'shuffled and slow': { order: { shuffle: 'one' }, fast: false },
  'shuffled and compiled': { order: { shuffle: 'two' }, patience: 0 },
}

/** Runs it in all ways; returns what the first of them tells. */
function same(name: string, text: string, set: readonly string[] = []) {
  const program = assemble(text, `${name}.s`)
  const config = loadCore('cortex-a53-decode', { set })
  const one = run(program, {}, config)
  const { cycles, stalls } = one.told
  expect(
    Object.values(stalls).reduce((sum, count) => sum + count),
    name,
  ).toBe(cycles)
  for (const [variant, options] of Object.entries(variants))
    expect(run(program, options, config).told, `${name}, ${variant}`).toEqual(one.told)
  const out = program.symbols.get('out')!
  return {
    ...one,
    at: (offset: number, bytes: number) => one.execution.memory.slice(out + offset, out + offset + bytes),
  }
}

const registersOf = ({ bytes }: Coded): number => bytes.length / 16

/** Reads some registers at a time and stores them; between them something else, so often. */
function reader(random: PRNG, registers: number, unroll: number, name: string): string {
  const between = [
    '',
    `mov x6, #${integer(random, 1, 60)}\n${name}_w: add x7, x7, #1\n subs x6, x6, #1\n b.ne ${name}_w`,
    `mov x6, #${integer(random, 1, 20)}\n${name}_w: ldr x7, [x9]\n ldr q8, [x9, #16]\n add x8, x8, x7\n subs x6, x6, #1\n b.ne ${name}_w`,
    `ldr x7, [x10]\n add x10, x10, #${8 * integer(random, 1, 500)}\n add x8, x8, x7\n ldr x7, [x9]`,
    `ldr x7, [x10]\n add x10, x10, #${64 * integer(random, 1, 9)}\n str x7, [x11], #${8 * integer(random, 1, 31)}\n ldr x8, [x9]`,
    'ldr x7, [x9]\n ldr x8, [x9, #8]\n str x7, [x9, #8]\n prfm pldl1keep, [x10, #512]\n madd x7, x7, x8, x7',
  ][integer(random, 0, 5)]!
  const reads = Array.from({ length: unroll }, (_, i) => `decread q${i}\n${random() < 0.3 ? 'ldr x7, [x9]' : ''}`)
  const stores = Array.from({ length: unroll }, (_, i) => `str q${i}, [x2], #16`)
  return `
        mov x5, #${registers / unroll}
${name}:
        ${reads.join('\n')}
        ${between}
        ${stores.join('\n')}
        subs x5, x5, #1
        b.ne ${name}
`
}

const HEADER = `
main:
${address('x2', 'out')}
${address('x9', 'near')}
${address('x10', 'far')}
${address('x11', 'written')}
`
const footer = (bytes: number, ...all: Coded[]): string => `
        ret
        .data
${all.map(({ data }) => data).join('\n')}
        .balign 64
near:   .zero 64
        .bss
        .balign 64
out:    .zero ${bytes}
written: .zero 0x40000
far:    .zero 0x200000
`

/** The unit as it is shipped, and others. */
function setsOf(random: PRNG): string[] {
  if (random() < 0.3) return []
  const set = (key: string, value: number | string) => `decodeUnit.${key}.value=${value}`
  const [line, ways] = [2 ** integer(random, 1, 6), integer(random, 1, 3)]
  return [
    set('streamLines', integer(random, 2, 6)),
    set('width', integer(random, 1, 4)),
    set('depth', integer(random, 1, 6)),
    set('buffers', integer(random, 1, 3)),
    set('tableLatency', integer(random, 1, 5)),
    set('cache.line', `${line} B`),
    set('cache.ways', ways),
    set('cache.bytes', `${line * ways * 2 ** integer(random, 0, 3)} B`),
    `decodeUnit.read.latency=${integer(random, 1, 4)}`,
    ...(random() < 0.3 ? ['l1d.mshrs.value=1'] : []),
    ...(random() < 0.3 ? ['l1d.bytes.value=1 KiB'] : []),
  ]
}

describe('a program', () => {
  it.each(Array.from({ length: 6 }, (_, i) => i))('with one decstart: %i', (i) => {
    const random = seedrandom.alea(`one ${i}`)
    const one = coded('one', random, randomShape(random))
    const unroll = [1, 2, 4, 8][integer(random, 0, 3)]!
    const text = `${HEADER}${address('x0', 'one_descriptor')}
        decstart [x0]
${reader(random, registersOf(one), unroll, 'first')}${footer(one.bytes.length, one)}`
    const { told, at } = same(`one ${i}`, text, setsOf(random))
    expect(at(0, one.bytes.length)).toEqual(one.bytes)
    expect(told.unit.registers).toBe(registersOf(one))
    expect(told.stalls.decode).toBeGreaterThan(0)
  })

  it.each(Array.from({ length: 8 }, (_, i) => i))('that gives decoding up: %i', (i) => {
    const random = seedrandom.alea(`two ${i}`)
    const [one, two] = [coded('one', random, randomShape(random)), coded('two', random, randomShape(random))]
    const read = [0, 0, 1, 8, 40][i % 5]!
    const text = `${HEADER}${address('x0', 'one_descriptor')}${'\n'}${address('x1', 'two_descriptor')}
        decstart [x0]
        ${i % 3 === 1 ? 'decstart [x1]\n decstart [x0]' : ''}
        ${i % 3 === 2 ? 'mov x6, #100\n3: ldr x7, [x9]\n subs x6, x6, #1\n b.ne 3b' : ''}
${read === 0 ? '' : reader(random, Math.min(read, registersOf(one)), 1, 'first')}
        decstart [x1]
${reader(random, registersOf(two), 1, 'second')}${footer(one.bytes.length + two.bytes.length, one, two)}`
    const { at } = same(`two ${i}`, text, setsOf(random))
    const first = 16 * Math.min(read, registersOf(one))
    expect(at(0, first)).toEqual(one.bytes.slice(0, first))
    expect(at(first, two.bytes.length)).toEqual(two.bytes)
  })

  it('is replayed between reads', () => {
    const random = seedrandom.alea('replayed')
    const one = coded('one', random, { channels: 64, panels: 1, repeats: 1, code: 'huffman', skew: 4 })
    const text = `${HEADER}${address('x0', 'one_descriptor')}
        decstart [x0]
        mov x5, #${registersOf(one)}
1:      decread q0
        str q0, [x2], #16
        mov x6, #200
2:      ldr x7, [x9]
        add x8, x8, x7
        subs x6, x6, #1
        b.ne 2b
        subs x5, x5, #1
        b.ne 1b
${footer(one.bytes.length, one)}`
    const { replayed, told } = same('replayed', text)
    expect(replayed).toBeGreaterThan((0.8 * told.executed.instructions) / 4)
  })

  it('that begins again and again', () => {
    const random = seedrandom.alea('again')
    const one = coded('one', random, { channels: 32, panels: 1, repeats: 1, code: 'huffman', skew: 4 })
    const text = `${HEADER}${address('x0', 'one_descriptor')}
        mov x5, #20
1:      ldr x7, [x0]
        decstart [x0]
        mov x6, #900
2:      subs x6, x6, #1
        b.ne 2b
        subs x5, x5, #1
        b.ne 1b
${reader(random, registersOf(one), 1, 'first')}${footer(one.bytes.length, one)}`
    const { told, at } = same('again', text)
    expect(told.unit.registers).toBe(registersOf(one))
    expect(at(0, one.bytes.length)).toEqual(one.bytes)
  })

  it('that gives decoding up often, and counts what it read', () => {
    const random = seedrandom.alea('often')
    const one = coded('one', random, { channels: 32, panels: 4, repeats: 1, code: 'huffman', skew: 4 })
    const text = `${HEADER}${address('x0', 'one_descriptor')}
        mov x5, #40
1:      decstart [x0]
        mov x6, #100
2:      ldr x7, [x9]
        subs x6, x6, #1
        b.ne 2b
        ${'decread q0\n'.repeat(24)}
        b 3f
3:      subs x5, x5, #1
        b.ne 1b
        ret
${footer(16, one)}`
    const { told } = same('often', text)
    expect(told.unit).toEqual({ registers: 40 * 24, sequences: 40 * 8 * 32 })
  })

  it('whose tables are parts of one another loads every line that it looks up', () => {
    const random = seedrandom.alea('parts')
    const small = coded('small', random, { channels: 64, panels: 1, repeats: 1, code: 'huffman', skew: 6 })
    const large = coded('large', random, { channels: 64, panels: 1, repeats: 1, code: 'huffman', skew: 1 })
    const shared = large.data.replace(/large_symbols,/, 'small_symbols,')
    const text = `${HEADER}${address('x0', 'small_descriptor')}
${address('x1', 'large_descriptor')}
        decstart [x0]
${reader(random, registersOf(small), 1, 'first')}
        decstart [x1]
${reader(random, registersOf(large), 1, 'second')}${footer(small.bytes.length + large.bytes.length, small, { ...large, data: shared })}`
    const symbols = /\.hword (.*)/.exec(large.data)![1]!.split(',').length
    expect(same('parts', text).told.loads).toBeGreaterThanOrEqual(Math.ceil((2 * symbols) / 16))
  })
})
