// Directives of GNU as that compilers emit and people write.

import type { Assembler } from './assembler.ts'
import { type Cursor, failAt } from './cursor.ts'
import { type Expression, parseExpression, symbolName, unescaped } from './expression.ts'
import type { Data } from './section.ts'

type Directive = (assembler: Assembler, cursor: Cursor) => void

/** Sections whose content is about the program, not of it. */
const leftOut = /^\.(?:note|comment|debug|eh_frame|gnu|stab|ARM\.attributes|gcc_except_table|pubnames)/

function enterSection(assembler: Assembler, cursor: Cursor): void {
  const name = cursor.match(/"[^"]*"|[^\s,]+/y)?.[0].replaceAll('"', '')
  if (name === undefined) cursor.fail('expected the name of a section')
  const flags = cursor.take(',') ? (cursor.match(/"([^"]*)"/y)?.[1] ?? '') : null
  const executable = flags === null ? /^\.(?:text|init|fini)\b/.test(name) : flags.includes('x')
  assembler.enter(leftOut.test(name) ? null : assembler.section(name, executable))
}

const section =
  (name: string, executable = false): Directive =>
  (assembler: Assembler, cursor: Cursor) => {
    cursor.expectEnd()
    assembler.enter(assembler.section(name, executable))
  }

/** Values of `width` bytes, now or once addresses are known. */
const values =
  (width: number): Directive =>
  (assembler: Assembler, cursor: Cursor) => {
    const data = assembler.data()
    if (data === null || cursor.done) return
    do {
      cursor.skip()
      const place = { ...cursor.place, column: cursor.column() }
      const value = parseExpression(cursor, dataScope(assembler, data))
      data.fixups.push({ offset: data.grow(width)!, width, value, place })
    } while (cursor.take(','))
    cursor.expectEnd()
  }

/** In data, `.` is where the next value goes, also in an executable section. */
const dataScope = (assembler: Assembler, data: Data) => ({
  here: (): Expression => ({ kind: 'place', base: data, offset: data.size }),
  local: assembler.local.bind(assembler),
  constant: assembler.constant.bind(assembler),
  scoped: assembler.scoped.bind(assembler),
})

const floats =
  (width: 4 | 8): Directive =>
  (assembler: Assembler, cursor: Cursor) => {
    const data = assembler.data()
    do {
      const text = cursor.match(/[-+]?(?:inf\w*|nan|[\d.]+(?:e[-+]?\d+)?)/iy)?.[0]
      if (text === undefined) cursor.fail(`expected a number ${cursor.found()}`)
      const value = Number(text.replace(/inf\w*/i, 'Infinity'))
      const bytes = width === 4 ? new Float32Array([value]) : new Float64Array([value])
      data?.append(new Uint8Array(bytes.buffer))
    } while (cursor.take(','))
    cursor.expectEnd()
  }

const strings =
  (terminated: boolean): Directive =>
  (assembler: Assembler, cursor: Cursor) => {
    const data = assembler.data()
    do {
      const quoted = cursor.match(/"((?:\\.|[^"\\])*)"/y)
      if (quoted === null) cursor.fail(`expected a string in double quotes ${cursor.found()}`)
      data?.append(stringBytes(quoted[1]!, terminated))
    } while (cursor.take(','))
    cursor.expectEnd()
  }

function stringBytes(text: string, terminated: boolean): Uint8Array {
  const bytes: number[] = []
  for (const [part, octal, hex, single] of text.matchAll(/\\([0-7]{1,3})|\\x([0-9a-fA-F]+)|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff)
    else if (hex !== undefined) bytes.push(Number.parseInt(hex.slice(-2), 16))
    else bytes.push(...new TextEncoder().encode(single === undefined ? part : unescaped(single)))
  }
  if (terminated) bytes.push(0)
  return Uint8Array.from(bytes)
}

/** `.zero count`, `.skip count, fill`; also in code, where the bytes go behind it. */
const space: Directive = (assembler: Assembler, cursor: Cursor) => {
  const start = cursor.at
  const data = assembler.data()
  const count = assembler.known(cursor)
  const fill = cursor.take(',') ? assembler.known(cursor) : 0
  cursor.expectEnd()
  if (count < 0 || data?.grow(count, fill & 0xff) === null) cursor.fail(`${count} bytes: expected 0 to 2^31`, start)
}

/** `.fill repeat, size, value` */
const fill: Directive = (assembler: Assembler, cursor: Cursor) => {
  const data = assembler.data()
  const repeat = assembler.known(cursor)
  const size = cursor.take(',') ? assembler.known(cursor) : 1
  const value = cursor.take(',') ? assembler.known(cursor) : 0
  cursor.expectEnd()
  if (repeat < 0 || repeat > 1e8 || size < 0 || size > 8) cursor.fail('expected a repetition, and a size of 0 to 8')
  for (let k = 0; k < repeat; k++) data?.write(data.grow(size)!, size, BigInt(value))
}

const largestAlignment = 65_536

/** `power`: the operand is the exponent of two. A third operand, the most bytes to skip, is honoured. */
const align =
  (power: boolean): Directive =>
  (assembler: Assembler, cursor: Cursor) => {
    const start = cursor.at
    const operand = cursor.done ? 0 : assembler.known(cursor)
    const bytes = power ? 2 ** operand : Math.max(1, operand)
    if (!Number.isInteger(Math.log2(bytes)) || bytes > largestAlignment) {
      cursor.fail(`alignment ${operand}: expected a power of two up to ${largestAlignment} bytes`, start)
    }
    if (cursor.take(',') && !cursor.peek(',')) assembler.known(cursor)
    const most = cursor.take(',') ? assembler.known(cursor) : Number.POSITIVE_INFINITY
    cursor.expectEnd()
    assembler.current?.whenPlaced((part) => {
      const missing = (bytes - (part.size % bytes)) % bytes
      if (missing <= most) part.align(bytes, cursor.place)
    })
  }

const set: Directive = (assembler: Assembler, cursor: Cursor) => {
  const name = cursor.match(symbolName)?.[0]
  if (name === undefined) cursor.fail(`expected a name ${cursor.found()}`)
  cursor.expect(',')
  assembler.set(name, parseExpression(cursor, assembler), cursor.place)
  cursor.expectEnd()
}

/** `.comm name, size, alignment`: zeroed data of its own. */
const common: Directive = (assembler: Assembler, cursor: Cursor) => {
  const name = cursor.match(symbolName)?.[0]
  if (name === undefined) cursor.fail(`expected a name ${cursor.found()}`)
  cursor.expect(',')
  const size = assembler.known(cursor)
  const alignment = cursor.take(',') ? assembler.known(cursor) : 16
  cursor.expectEnd()
  const { data } = assembler.section('.bss', false)
  data.align(alignment)
  const before = assembler.current
  assembler.current = assembler.section('.bss', false)
  assembler.label(name, cursor.place)
  assembler.current = before
  if (size < 0 || data.grow(size) === null) cursor.fail(`${size} bytes: expected 0 to 2^31`)
}

const unsupported =
  (reason: string): Directive =>
  (_, cursor) =>
    failAt(cursor.place, reason)

const nothing: Directive = () => {}

/** Matters where there are several files. */
const global: Directive = (assembler, cursor) => {
  do {
    cursor.skip()
    const name = cursor.match(symbolName)?.[0]
    if (name !== undefined) assembler.share(name)
  } while (cursor.take(','))
}

const withoutEffect = `
  .type .size .arch .arch_extension .cpu .tune .file .ident .loc .weak .hidden .protected .internal
  .local .ltorg .pool .end .variant_pcs .extern .section_end .p2alignw_end .build_version .subsections_via_symbols
  .cfi_startproc .cfi_endproc .cfi_def_cfa .cfi_def_cfa_offset .cfi_def_cfa_register .cfi_offset .cfi_rel_offset
  .cfi_restore .cfi_remember_state .cfi_restore_state .cfi_adjust_cfa_offset .cfi_sections .cfi_escape
  .cfi_window_save .cfi_negate_ra_state .cfi_personality .cfi_lsda .cfi_return_column .cfi_undefined .cfi_same_value
  .cfi_b_key_frame .cfi_signal_frame .cfi_register`

export const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ...withoutEffect
    .trim()
    .split(/\s+/)
    .map((name): [string, Directive] => [name, nothing]),
  ['.global', global],
  ['.globl', global],
  ['.text', section('.text', true)],
  ['.data', section('.data')],
  ['.bss', section('.bss')],
  ['.rodata', section('.rodata')],
  ['.section', enterSection],
  [
    '.pushsection',
    (assembler: Assembler, cursor: Cursor) => {
      assembler.pushed.push(assembler.current)
      enterSection(assembler, cursor)
    },
  ],
  [
    '.popsection',
    (assembler: Assembler, cursor: Cursor) => {
      if (assembler.pushed.length === 0) cursor.fail('.popsection without .pushsection')
      assembler.enter(assembler.pushed.pop()!)
    },
  ],
  ['.previous', (assembler) => assembler.enter(assembler.previous)],
  ...(
    [
      ['.byte', 1],
      ['.hword', 2],
      ['.2byte', 2],
      ['.short', 2],
      ['.word', 4],
      ['.long', 4],
      ['.int', 4],
      ['.4byte', 4],
      ['.xword', 8],
      ['.8byte', 8],
      ['.quad', 8],
      ['.dword', 8],
    ] as const
  ).map(([name, width]): [string, Directive] => [name, values(width)]),
  ['.float', floats(4)],
  ['.single', floats(4)],
  ['.double', floats(8)],
  ['.ascii', strings(false)],
  ['.asciz', strings(true)],
  ['.string', strings(true)],
  ['.zero', space],
  ['.space', space],
  ['.skip', space],
  ['.fill', fill],
  ['.align', align(true)],
  ['.p2align', align(true)],
  ['.balign', align(false)],
  ['.set', set],
  ['.equ', set],
  ['.comm', common],
  ['.lcomm', common],
  [
    '.unreq',
    (assembler: Assembler, cursor: Cursor) =>
      void assembler.aliases.delete(cursor.text.slice(cursor.at).trim().toLowerCase()),
  ],
  ['.inst', unsupported('an instruction given by its encoding: write its mnemonic')],
])
