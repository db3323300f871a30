// What surrounds instructions: labels, expressions, sections, data, literals, macros, blocks.

import { describe, expect, it } from 'vitest'
import { assemble } from '../../../src/isa/assemble.ts'
import { LOWEST_ADDRESS, type Program } from '../../../src/isa/instruction.ts'

const base = LOWEST_ADDRESS

/** Bytes of the data from `symbol` on. */
function bytesAt({ data, symbols }: Program, symbol: string, count: number): number[] {
  const address = symbols.get(symbol)!
  const segment = data.find((one) => address >= one.address && address < one.address + one.bytes.length)!
  return [...segment.bytes.subarray(address - segment.address, address - segment.address + count)]
}
const targets = ({ instructions }: Program) => instructions.flatMap(({ branch }) => (branch ? [branch.target] : []))
const texts = ({ instructions }: Program) => instructions.map(({ text }) => text)

describe('labels', () => {
  it('are addresses of what follows, several of one', () => {
    const program = assemble('a: b: nop\n c:\n d: nop // e: f\n', 'a.s')
    expect(Object.fromEntries(program.symbols)).toEqual({ a: base, b: base, c: base + 4, d: base + 4 })
  })

  it('that are numbers mean the nearest before or behind', () => {
    const program = assemble('1: b 1f\n1: b 1b\n b 1f\n1: b 1b; b 2f; 2: nop', 'a.s')
    expect(targets(program)).toEqual([4, 4, 12, 12, 20].map((offset) => base + offset))
    expect(program.symbols.get('2')).toBe(base + 20)
    expect(program.symbols.has('1')).toBe(false)
  })

  it('may be named like registers where a label is expected', () => {
    expect(targets(assemble('d1: nop\n bl d1\n b d1', 'a.s'))).toEqual([base, base])
  })
})

describe('statements', () => {
  it('end at semicolons and lines, without comments of any kind', () => {
    const text = '# 1 "a.c"\n nop; add\tx0,  x1,x2 // plus; nop\n/* nop\n nop */ sub x0, x0, #1 /* ; */ ; nop\n'
    const program = assemble(text, 'a.s')
    expect(texts(program)).toEqual(['nop', 'add x0, x1,x2', 'sub x0, x0, #1', 'nop'])
    expect(program.instructions.map(({ line }) => line)).toEqual([2, 2, 4, 4])
  })

  it('keep semicolons and comment signs in strings and characters', () => {
    const program = assemble(".data\ns: .ascii \"a;/*b*/ //\\n\"; .byte ';', '\\n'", 'a.s')
    expect(bytesAt(program, 's', 13)).toEqual([...Buffer.from('a;/*b*/ //\n;\n')])
  })
})

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['1 | 2 + 4', 7],
    ['(1 << 4) - 1', 15],
    ['~0 & 0xff', 255],
    ['-7 / 2 + 010', 5],
    ['end - start', 8],
    ["'A' ^ 0b1", 64],
    ['size * 2', 24],
    ['. - values', 0],
  ])('%s is %i', (text, value) => {
    const program = assemble(
      `.set size, later + 4\nstart: nop\nnop\nend:\n.data\nvalues: .word ${text}\n.equ later, end - start`,
      'a.s',
    )
    expect(bytesAt(program, 'values', 4)).toEqual([value, 0, 0, 0])
  })

  it('use what .set says where they stand', () => {
    const program = assemble('n = 1\nmov x0, n\n.set n, n + 1\nmov x0, n\nn = n << 3\nmov x0, #n', 'a.s')
    expect(program.instructions.map(({ operands }) => operands[1])).toEqual(
      [1n, 2n, 16n].map((value) => ({ kind: 'immediate', value })),
    )
  })
})

describe('data', () => {
  it('hold values of every width, little end first', () => {
    const program = assemble(
      '.data\na: .byte 1, -1\n.hword 0x102\n.word a + 4\n.xword -2\n.float 1.5\n.double -2\n.string "hi", ""\n.zero 2, 7\n.fill 2, 2, 3',
      'a.s',
    )
    const address = program.symbols.get('a')! + 4
    const word = [address & 255, (address >> 8) & 255, (address >> 16) & 255, address >>> 24]
    expect(bytesAt(program, 'a', 38)).toEqual(
      [1, 255, 2, 1, ...word, 254, 255, 255, 255, 255, 255, 255, 255].concat([
        0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0, 104, 105, 0, 0, 7, 7, 3, 0, 3, 0,
      ]),
    )
  })

  it('lie behind the code, in sections aligned as they ask; the end is a multiple of 64 KiB', () => {
    const program = assemble(
      '.data\n.byte 1\n.balign 64\nd: .byte 2\n.section .rodata.cst16,"aM",@progbits,16\nr: .xword 1\n.bss\nz: .skip 100\n.text\nnop\n.comm c, 8, 32\n.section .note.GNU-stack,"",@progbits\n junk: .xword 1',
      'a.s',
      { textBase: 0x20_0000 },
    )
    const { symbols, textBase, data, end } = program
    expect(textBase).toBe(0x20_0000)
    expect(data.map(({ bytes }) => bytes.length)).toEqual([65, 8, 136])
    expect(symbols.get('d')! % 64).toBe(0)
    expect(symbols.get('c')! % 32).toBe(0)
    expect(symbols.has('junk')).toBe(false)
    const ends = data.map(({ address, bytes }) => address + bytes.length)
    for (const { address } of data) expect(address).toBeGreaterThanOrEqual(textBase + 4)
    expect(end).toBeGreaterThanOrEqual(Math.max(...ends))
    expect(end % 65_536).toBe(0)
  })

  it('in a section of code stand behind it, with their labels and alignment', () => {
    const program = assemble('adr x0, t\nldr w1, t\nret\n.align 4\nt: .word 7, . - t\nf: ret', 'a.s')
    expect(texts(program)).toEqual(['adr x0, t', 'ldr w1, t', 'ret', 'ret'])
    expect(program.symbols.get('f')).toBe(base + 12)
    expect(program.symbols.get('t')! % 16).toBe(0)
    expect(bytesAt(program, 't', 8)).toEqual([7, 0, 0, 0, 4, 0, 0, 0])
    expect(program.instructions[0]!.operands[1]).toEqual({
      kind: 'label',
      name: 't',
      address: program.symbols.get('t'),
    })
  })

  it('are addressed by page and offset', () => {
    const program = assemble(
      'adrp x0, v+4\nadd x0, x0, :lo12:v+4\nldr w1, [x0, #:lo12:v]\n.bss\n.skip 5000\n.align 3\nv: .skip 8',
      'a.s',
    )
    const v = program.symbols.get('v')!
    const [page, add, load] = program.instructions
    expect(page).toMatchObject({ op: 'adr', operands: [{}, { address: v + 4 - ((v + 4) % 4096) }] })
    expect(add!.operands[2]).toEqual({ kind: 'immediate', value: BigInt((v + 4) % 4096) })
    expect(load!.operands[1]).toMatchObject({ kind: 'memory', offset: BigInt(v % 4096) })
  })
})

describe('literals', () => {
  it('are loaded from a pool, each value once; small ones are moved', () => {
    const program = assemble(
      'ldr x0, =0x123456789\nldr x1, =0x123456789\nldr w2, =f\nldr x3, =7\nldr q4, =1\nf: ret',
      'a.s',
    )
    const addresses = program.instructions.map(({ operands }) => operands[1])
    expect(program.instructions.map(({ op }) => op)).toEqual(['ldr', 'ldr', 'ldr', 'mov', 'ldr', 'ret'])
    expect(addresses[0]).toEqual(addresses[1])
    const [pool] = program.data
    expect([...pool!.bytes]).toEqual([
      ...[0x89, 0x67, 0x45, 0x23, 1, 0, 0, 0],
      ...[20, 0, 0x10, 0, 0, 0, 0, 0],
      ...[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
  })
})

describe('code', () => {
  it('is filled up with nop; sections of code follow one another', () => {
    const program = assemble(
      'nop\n.p2align 4,,11\n.p2align 3\na: ret\n.section .text.startup,"ax"\nmain: ret\n.text\nb: ret',
      'a.s',
    )
    expect(texts(program)).toEqual(['nop', 'nop', 'ret', 'ret', 'ret'])
    expect([...program.symbols.values()].map((address) => address - base)).toEqual([8, 16, 12])
  })

  it('is cut into blocks at labels, at targets and behind branches', () => {
    const program = assemble('nop\na: nop\n b.eq b\n nop\n bl f\n nop\nb: cbz x0, . - 8\nf: ret', 'a.s')
    expect(program.blocks).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 2 },
      { first: 3, count: 1 },
      { first: 4, count: 1 },
      { first: 5, count: 1 },
      { first: 6, count: 1 },
      { first: 7, count: 1 },
    ])
  })
})

describe('macros', () => {
  it('take values by place and name, have defaults, and know their number', () => {
    const text = `
.macro step a, b=x9, c:req
  ldr \\a, [\\b], #8
loop\\@: cbz \\a, loop\\@ + \\c
.endm
  step x1, c=4
again: step x2, x3, 0
`
    const program = assemble(text, 'a.s')
    expect(texts(program)).toEqual(['ldr x1, [x9], #8', 'cbz x1, loop0 + 4', 'ldr x2, [x3], #8', 'cbz x2, loop1 + 0'])
    expect(program.symbols.get('again')).toBe(base + 8)
    expect(program.instructions.map(({ line }) => line)).toEqual([6, 6, 7, 7])
  })

  it('take quoted values with blanks and commas', () => {
    const text = '.macro do op, at=x9\n \\op, [\\at]\n.endm\n do "ldr q0"\n do "ldr q1" x2\n do "ldp q2, q3", x4'
    expect(texts(assemble(text, 'a.s'))).toEqual(['ldr q0, [x9]', 'ldr q1, [x2]', 'ldp q2, q3, [x4]'])
  })

  it('repeat, over numbers and lists, nested', () => {
    const text = '.set i, 0\n.rept 2\n.irp r, 1, 2\nadd x\\r\\(), x0, #i\n.endr\n.set i, i + 1\n.endr'
    expect(texts(assemble(text, 'a.s'))).toEqual([
      'add x1, x0, #i',
      'add x2, x0, #i',
      'add x1, x0, #i',
      'add x2, x0, #i',
    ])
    expect(assemble(text, 'a.s').instructions.map(({ operands }) => operands[2])).toEqual(
      [0n, 0n, 1n, 1n].map((value) => ({ kind: 'immediate', value })),
    )
  })

  it('and names for registers', () => {
    const text = 'sum .req v4\nptr .req x3\n add sum.16b, sum.16b, v1.16b\n ld1 {sum.16b}, [ptr], #16\n.unreq ptr'
    expect(assemble(text, 'a.s').instructions.map(({ results }) => results)).toEqual([[37], [37]])
    expect(() => assemble(`${text}\n mov x0, ptr`, 'a.s')).toThrow(/a.s:6/)
  })
})

it('reads long texts in linear time', () => {
  const seconds = (count: number): number => {
    const lines = Array.from({ length: count }, (_, k) => `l${k}: add x${k % 29}, x${(k * 7) % 30}, #${k % 4096}`)
    const start = performance.now()
    expect(assemble(lines.join('\n'), 'long.s').instructions).toHaveLength(count)
    return (performance.now() - start) / 1000
  }
  expect(seconds(20_000)).toBeLessThan(30 * seconds(2000) + 1)
})
