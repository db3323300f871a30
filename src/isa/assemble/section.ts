// Sections while they grow: code is a list of statements, data are bytes with places to be filled in at the end.

import type { Segment } from '../instruction.ts'
import type { Place } from './cursor.ts'
import type { Base, Expression } from './expression.ts'
import type { Written } from './written.ts'

/** An instruction whose operands are read and not yet matched with a form. */
export interface Parsed {
  readonly mnemonic: string
  readonly operands: readonly Written[]
  readonly text: string
  /** Means the same wherever it stands, so that statements of the same text share it. */
  readonly fixed: boolean
}

export interface Statement extends Place {
  readonly parsed: Parsed
}

export const nop: Parsed = { mnemonic: 'nop', operands: [], text: 'nop', fixed: true }

/** Four-byte slots; addresses in it are offsets from `address`, which is known once all is laid out. */
export class Code implements Base {
  readonly name: string
  readonly statements: Statement[] = []
  address = 0
  alignment = 16

  constructor(name: string) {
    this.name = name
  }

  get size(): number {
    return 4 * this.statements.length
  }

  /** Fills up with nop to a multiple of `bytes`. */
  align(bytes: number, { file, line }: Place): void {
    this.alignment = Math.max(this.alignment, bytes)
    while (this.size % bytes !== 0) this.statements.push({ parsed: nop, file, line, column: 1 })
  }
}

/** A value of `width` bytes that is known once all is laid out. */
interface Fixup {
  readonly offset: number
  readonly width: number
  readonly value: Expression
  readonly place: Place
}

/** No section may grow beyond this: what an address of 32 bits reaches is less. */
const largestSection = 0x8000_0000

export class Data implements Base {
  readonly name: string
  readonly fixups: Fixup[] = []
  address = 0
  alignment = 16
  size = 0
  #bytes = new Uint8Array(64)

  constructor(name: string) {
    this.name = name
  }

  /** Room for `count` bytes, each `fill`; the first one's offset, or null where that is too many. */
  grow(count: number, fill = 0): number | null {
    const offset = this.size
    if (offset + count > largestSection) return null
    this.size += count
    if (fill !== 0) {
      this.#reserve()
      this.#bytes.fill(fill, offset, this.size)
    }
    return offset
  }

  /** Bytes are allocated as far as they are written: zeros at the end cost nothing until then. */
  #reserve(): void {
    if (this.size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.size, 2 * this.#bytes.length))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  append(bytes: Uint8Array): void {
    const offset = this.grow(bytes.length)!
    this.#reserve()
    this.#bytes.set(bytes, offset)
  }

  /** Writes the low `width` bytes of `value`, little end first. */
  write(offset: number, width: number, value: bigint): void {
    this.#reserve()
    let rest = value
    for (let k = 0; k < width; k++, rest >>= 8n) this.#bytes[offset + k] = Number(rest & 0xffn)
  }

  align(bytes: number): void {
    this.alignment = Math.max(this.alignment, bytes)
    this.grow((bytes - (this.size % bytes)) % bytes)
  }

  segment(): Segment {
    const bytes = new Uint8Array(this.size)
    bytes.set(this.#bytes.subarray(0, this.size))
    return { address: this.address, bytes }
  }
}

/**
 * One section: code, and data. In an executable section data stand behind the code, not between: labels and
 * alignments wait for what follows them before they are placed.
 */
export class Section {
  readonly name: string
  readonly code: Code | null
  readonly data: Data
  readonly waiting: ((part: Code | Data) => void)[] = []

  constructor(name: string, executable: boolean) {
    this.name = name
    this.code = executable ? new Code(name) : null
    this.data = new Data(executable ? `data in ${name}` : name)
  }

  /** Calls `action` with the part that holds what comes next. */
  whenPlaced(action: (part: Code | Data) => void): void {
    if (this.code === null) action(this.data)
    else this.waiting.push(action)
  }

  place(part: Code | Data): void {
    for (const action of this.waiting.splice(0)) action(part)
  }
}
