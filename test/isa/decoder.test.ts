// What decstart and decread execute: values, and what is wrong with a descriptor or a stream.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { checkSupported, loadCore } from '../../src/config/core.ts'
import { assemble } from '../../src/isa/assemble.ts'
import { Execution } from '../../src/isa/execute.ts'
import { TraceReader } from '../../src/isa/trace/read.ts'
import { Recorder } from '../../src/isa/trace/record.ts'
import { InputError } from '../../src/work/input-error.ts'
import { address, coded } from '../units/decode/coded-program.ts'

/** Runs to the end. */
function executed(text: string): Execution {
  const execution = new Execution(assemble(text, 'test.s'))
  execution.start(execution.program.textBase)
  while (execution.run() > 0);
  return execution
}

function errorOf(body: () => unknown): InputError {
  try {
    body()
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('no error')
}

describe('decread', () => {
  const shapes = [1, 20, 32, 33, 64, 96, 127, 128, 129, 192, 256, 300].flatMap((channels) =>
    (['huffman', 'grouped'] as const).map((code) => ({ channels, code })),
  )

  it.each(shapes)('gives the weights of $channels channels in a $code code', ({ channels, code }) => {
    const random = seedrandom.alea(`${code} ${channels}`)
    for (const [panels, repeats, skew] of [
      [1, 1, 0],
      [3, 2, 4],
      [2, 3, 40],
    ] as const) {
      const { data, bytes } = coded('one', random, { channels, panels, repeats, code, skew })
      const execution = executed(`
${address('x0', 'one_descriptor')}
${address('x1', 'out')}
        mov x2, #${bytes.length / 16}
        decstart [x0]
1:      decread q3
        str q3, [x1], #16
        subs x2, x2, #1
        b.ne 1b
        ret
        .data
${data}
        .balign 16
out:    .zero ${bytes.length}
`)
      const out = execution.program.symbols.get('out')!
      expect(execution.memory.slice(out, out + bytes.length)).toEqual(bytes)
    }
  })

  it('goes on with the latest decstart', () => {
    const random = seedrandom.alea('latest')
    const shape = { channels: 64, panels: 1, repeats: 1, code: 'huffman', skew: 3 } as const
    const [one, two] = [coded('one', random, shape), coded('two', random, shape)]
    const execution = executed(`
${address('x0', 'one_descriptor')}
${address('x1', 'two_descriptor')}
        decstart [x0]
        decread q0
        decread q1
        decstart [x1]
        decread q2
        decstart [x0]
        decread q3
        ret
        .data
${one.data}${two.data}
`)
    expect([0, 1, 2, 3].map((i) => [...execution.getV(i)])).toEqual(
      [one.bytes.slice(0, 16), one.bytes.slice(16, 32), two.bytes.slice(0, 16), one.bytes.slice(0, 16)].map((part) => [
        ...part,
      ]),
    )
  })

  it('is refused before any decstart, and past the end', () => {
    const before = errorOf(() => executed('nop\n decread q0\n ret'))
    expect(before.message).toBe("test.s:2: 'decread q0' comes before any decstart")
    const shape = { channels: 32, panels: 1, repeats: 2, code: 'huffman', skew: 3 } as const
    const { data, bytes } = coded('one', seedrandom.alea('end'), shape)
    const text = (reads: number) => `
${address('x0', 'one_descriptor')}
        decstart [x0]
        mov x1, #${reads}
1:      decread q0
        subs x1, x1, #1
        b.ne 1b
        ret
        .data
${data}`
    executed(text(bytes.length / 16))
    const past = errorOf(() => executed(text(bytes.length / 16 + 1)))
    expect(past.message).toBe("test.s:6: 'decread q0' finds nothing left to decode")
  })
})

describe('decstart', () => {
  const good = {
    stream: 'stream',
    firstBit: '0',
    symbols: 'symbols',
    ranges: 'ranges',
    rangeCount: '2',
    channels: '32',
    panels: '1',
    repeats: '1',
  }
  // 0 and 10; there is no codeword 11.
  const goodRanges = '0, 1, 0, 0,  0x80000000, 2, 1, 0'
  const run = (fields: Partial<typeof good>, { ranges = goodRanges, stream = '.zero 512' } = {}) =>
    executed(`
${address('x0', 'descriptor')}
        decstart [x0]
        ret
        .data
descriptor: .quad ${Object.values({ ...good, ...fields }).join(', ')}
ranges: .word ${ranges}
symbols: .zero 1024
stream: ${stream}
`)

  it('takes what is right', () => {
    run({})
    run({ firstBit: '7', rangeCount: '1', repeats: '0x80000000' })
  })

  it.each([
    ['stream', '0'],
    ['stream', '0x1000'],
    ['stream', '0x7fffffff00000000'],
    ['firstBit', '8'],
    ['firstBit', '-1'],
    ['symbols', '0'],
    ['symbols', '0xfffffff0'],
    ['ranges', '16'],
    ['ranges', '-16'],
    ['rangeCount', '0'],
    ['rangeCount', '513'],
    ['rangeCount', '-1'],
    ['channels', '0'],
    ['channels', '65537'],
    ['panels', '0'],
    ['panels', '8193'],
    ['repeats', '0'],
    ['repeats', '0x80000001'],
  ] as const)('refuses a descriptor with %s of %s', (field, value) => {
    const { message } = errorOf(() => run({ [field]: value }))
    const [shown] = [BigInt.asUintN(64, BigInt(value))]
    expect(message).toMatch(
      new RegExp(`^test.s:4: 'decstart \\[x0\\]' expected ${field} from (0x)?[0-9a-f]+ to (0x)?[0-9a-f]+, got `),
    )
    expect(Number(message.split(' ').at(-1))).toBe(Number(shown))
  })

  it('refuses ranges that are none', () => {
    const problem = (ranges: string) => errorOf(() => run({}, { ranges })).message
    const expected = "test.s:4: 'decstart [x0]' expected ranges by codeword, of 1 to 32 bits; range"
    expect(problem('0, 0, 0, 0,  0x80000000, 2, 1, 0')).toBe(`${expected} 0 is not`)
    expect(problem('0, 1, 0, 0,  0x80000000, 33, 1, 0')).toBe(`${expected} 1 is not`)
    expect(problem('0x80000000, 1, 0, 0,  0x40000000, 2, 1, 0')).toBe(`${expected} 1 is not`)
  })

  it('refuses a stream with what is no codeword', () => {
    const before = '0x80000000, 1, 0, 0,  0xc0000000, 2, 1, 0'
    const { message } = errorOf(() => run({}, { ranges: before, stream: '.byte 0x90\n .zero 512' }))
    expect(message).toBe("test.s:4: 'decstart [x0]' finds no codeword for sequence 1")
    // Of eight bits from place 500 on there are symbols for 12 codewords alone.
    const few = '0, 8, 500, 0,  0x80000000, 2, 1, 0'
    run({}, { ranges: few, stream: '.byte 11\n .zero 512' })
    const past = errorOf(() => run({}, { ranges: few, stream: '.byte 11, 12\n .zero 512' }))
    expect(past.message).toBe("test.s:4: 'decstart [x0]' finds place 512 for sequence 1, expected below 512")
  })

  it('refuses a stream that goes on behind the memory', () => {
    const behind = (channels: number) => {
      const text = `
${address('x0', 'descriptor')}
        decstart [x0]
        ret
        .data
descriptor: .quad ${Object.values({ ...good, channels }).join(', ')}
ranges: .word 0, 4, 0, 0,  0x80000000, 4, 8, 0
symbols: .zero 1024
stream: .zero 128
`
      const program = assemble(text, 'test.s')
      const execution = new Execution(program)
      execution.view.setBigUint64(program.symbols.get('descriptor')!, BigInt(execution.memory.length - 128), true)
      execution.start(program.textBase)
      execution.run()
    }
    behind(32) // 256 sequences of 4 bits
    const expected = /^test.s:4: 'decstart \[x0\]' finds no end of the stream at 0x[0-9a-f]+$/
    expect(errorOf(() => behind(33)).message).toMatch(expected)
    expect(errorOf(() => behind(65536)).message).toMatch(expected)
  })

  it('refuses a descriptor behind the memory, or none', () => {
    const { message } = errorOf(() => executed('mov x0, #0\n decstart [x0]\n ret'))
    expect(message).toMatch(/^test.s:2: 'decstart \[x0\]' accesses 0x0, expected from /)
    const program = assemble('decstart [x0]\n ret', 'test.s')
    const at = (before: number) => {
      const execution = new Execution(program)
      execution.start(program.textBase)
      execution.setX(0, BigInt(execution.memory.length - before))
      return errorOf(() => execution.run()).message
    }
    expect(at(64)).toMatch(/expected rangeCount from 1 to 512, got 0$/)
    expect(at(56)).toMatch(/accesses 0x[0-9a-f]+, expected from/)
  })
})

describe('a core without a decode unit', () => {
  it.each(['cortex-a53', 'cortex-a72'])('%s refuses the program', (name) => {
    const config = loadCore(name)
    const hint = '; expected a core with a decodeUnit, such as cortex-a53-decode'
    for (const text of ['decstart [x0]', 'decread q0']) {
      const { message } = errorOf(() => checkSupported(config, assemble(`nop\n ${text}\n ret`, 'test.s')))
      expect(message).toBe(`test.s:2: ${name} has no instruction '${text}'${hint}`)
    }
    checkSupported(loadCore('cortex-a53-decode'), assemble('decstart [x0]\n decread q0', 'test.s'))
  })
})

describe('a trace', () => {
  const problem = 'cannot be recorded or replayed: a trace does not hold what a decode unit reads'

  it('is not recorded of what is decoded', () => {
    const shape = { channels: 32, panels: 1, repeats: 1, code: 'huffman', skew: 3 } as const
    const { data } = coded('one', seedrandom.alea('trace'), shape)
    const text = `${address('x0', 'one_descriptor')}\n decstart [x0]\n decread q0\n ret\n .data\n${data}`
    const program = assemble(text, 'test.s')
    const execution = new Execution(program)
    execution.start(program.textBase)
    const { message, place } = errorOf(() => new Recorder(execution, () => {}).run())
    expect(message).toBe(`'decstart [x0]' ${problem}`)
    expect(place.line).toBe(3)
  })

  it.each(['decstart [x0]', 'decread q7'])('is not replayed with %s', async (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'decoder-'))
    try {
      const file = join(folder, 'one.trace')
      writeFileSync(file, `bnnsim-trace 1\nB 400000 nop\nI 400004 ${text}\n400000\n400004 500000\nE 2\n`)
      await expect(new TraceReader(file).run()).rejects.toThrow(`${file}:3:10: '${text}' ${problem}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
