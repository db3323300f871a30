// Instructions of every form that the assembler knows, with random registers and immediates.

import seedrandom from 'seedrandom'
import { architectural, formsFor } from '../../../src/isa/assemble/forms/form-table.ts'
import { assemble } from '../../../src/isa/assemble.ts'
import { InputError } from '../../../src/work/input-error.ts'
import { BASE, OFFSET, REGISTERS } from './states.ts'

const ATTEMPTS = 40
/** Data registers: those below the base and offset of addresses. */
const DATA = BASE

const masks = ['0xff', '0xf0f0f0f0', '0x55555555', '0xff00ff00', '0x7ffffffe', '1', '0x80000001', '0x3ffc0']
const wideMasks = ['0xff', '0xf0f0f0f0f0f0f0f0', '0x5555555555555555', '0x00ff00ff00ff00ff', '0x7ffffffffffffffe', '1']
const conditions = ['eq', 'ne', 'cs', 'cc', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le']
const widths: Readonly<Record<string, number>> = { b: 8, h: 16, s: 32, d: 64 }

class FormWriter {
  private readonly random: seedrandom.PRNG

  constructor(seed: string) {
    this.random = seedrandom(seed)
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  /** Extremes more often than their share. */
  private between(low: number, high: number): number {
    const kind = this.below(4)
    return kind === 0 ? low : kind === 1 ? high : low + this.below(high - low + 1)
  }

  private general(letter: string, last: string): string {
    return this.below(8) === 0 ? last : `${letter}${this.below(DATA)}`
  }

  private vector(count = 1): number {
    return this.below(REGISTERS - count + 1)
  }

  private base(): string {
    return this.below(5) === 0 ? 'sp' : `x${BASE}`
  }

  private address(step: number, indexed: boolean, writes: boolean): string {
    const base = this.base()
    const imm = step * (this.below(9) - 4)
    const offset = [`[${base}]`, `[${base}, #${imm}]`]
    const index = [
      `[${base}, x${OFFSET}]`,
      `[${base}, x${OFFSET}, lsl #${this.below(5)}]`,
      `[${base}, x${OFFSET}, sxtx #${this.below(5)}]`,
      `[${base}, w${OFFSET}, sxtw]`,
      `[${base}, w${OFFSET}, sxtw #${this.below(5)}]`,
    ]
    const write = [`[${base}, #${imm}]!`, `[${base}], #${imm}`]
    return this.pick([...offset, ...(indexed ? index : []), ...(writes ? write : [])])
  }

  private readonly slots: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
    [/^([WX])$/, (letter) => this.general(letter!.toLowerCase(), `${letter!.toLowerCase()}zr`)],
    [/^([WX])\|(W?SP)$/, (letter, sp) => this.general(letter!.toLowerCase(), sp!.toLowerCase())],
    [
      /^([WX])\{, ([a-z|]+) #0\.\.(\d+)\}$/,
      (letter, shifts, most) => {
        const register = this.general(letter!.toLowerCase(), `${letter!.toLowerCase()}zr`)
        return this.below(2)
          ? register
          : `${register}, ${this.pick(shifts!.split('|'))} #${this.between(0, Number(most))}`
      },
    ],
    [
      /^W, \[su\]xt\[bhw\]/,
      () => `w${this.below(DATA)}, ${this.pick('uxtb uxth uxtw sxtb sxth sxtw'.split(' '))} #${this.below(5)}`,
    ],
    [
      /^W\|X, \[su\]xt\[bhwx\]/,
      () =>
        this.below(3) === 0
          ? `x${this.below(DATA)}, ${this.pick(['uxtx', 'sxtx', 'lsl'])} #${this.below(5)}`
          : `w${this.below(DATA)}, ${this.pick('uxtb uxth uxtw sxtb sxth sxtw'.split(' '))} #${this.below(5)}`,
    ],
    [/^([BHSDQ])$/, (letter) => `${letter!.toLowerCase()}${this.vector()}`],
    [/^V\.(\d+[bhsd])$/, (arrangement) => `v${this.vector()}.${arrangement}`],
    [
      /^V(?:0\.\.15)?\.([bhsd])\[i\]$/,
      (lane) => `v${this.vector()}.${lane}[${this.between(0, 128 / widths[lane!]! - 1)}]`,
    ],
    [/^V\.4b\[i\]$/, () => `v${this.vector()}.4b[${this.below(4)}]`],
    [
      /^\{([^}]+)\}(\[i\])?$/,
      (registers, index) => {
        const parts = registers!.split(', ')
        const first = this.vector(parts.length)
        const lane = parts[0]!.slice(2)
        const list = `{${parts.map((_, i) => `v${first + i}.${lane}`).join(', ')}}`
        return index === undefined ? list : `${list}[${this.between(0, 128 / widths[lane]! - 1)}]`
      },
    ],
    [/^#(\d+)$/, (value) => `#${value}`],
    [/^#(\d+)\.\.(\d+)$/, (low, high) => `#${this.between(Number(low), Number(high))}`],
    [/^#0\.\.4095/, () => `#${this.between(0, 4095)}${this.pick(['', ', lsl #12'])}`],
    [/^#-4095\.\.-1/, () => `#-${this.between(1, 4095)}`],
    [/^#bitmask32$/, () => `#${this.pick(masks)}`],
    [/^#bitmask64$/, () => `#${this.pick(wideMasks)}`],
    [/^#constant$/, () => `#${this.pick(['0', '1', '65535', '0x10000', '0xffff0000', '-1', '-5', ...masks])}`],
    [
      /^#0\.\.65535\{, lsl #0\.\.(\d+)/,
      (most) => `#${this.between(0, 65535)}, lsl #${16 * this.between(0, Number(most) / 16)}`,
    ],
    [
      /^#0\.\.255\{, lsl #0(?:\.\.(\d+) by 8)?\}(\|msl)?/,
      (most, msl) => {
        const shift =
          msl !== undefined && this.below(2)
            ? `msl #${this.pick([8, 16])}`
            : `lsl #${8 * this.between(0, Number(most ?? 0) / 8)}`
        return `#${this.between(0, 255)}, ${shift}`
      },
    ],
    [/^#bytes/, () => this.pick(['#0xff00ff0000ffff00', '#0', '#0xffffffffffffffff'])],
    [/^#float8$/, () => `#${this.pick(['1.5', '-2.0', '0.125', '31.0', '-1.9375'])}`],
    [/^#0\.0$/, () => '#0.0'],
    [/^condition$/, () => this.pick(conditions)],
    [/^=value$/, () => `=${this.pick(['0x12345678', '0x7fc00001', '255'])}`],
    [/^p\(ld/, () => this.pick(['pldl1keep', 'pstl2strm', 'pldl3keep'])],
    [/^\[X\|SP\{, #imm\|X\|W\{, extend\}\}\](\{!\})?/, (writes) => this.address(8, true, writes !== undefined)],
    [/^\[X\|SP\{, #-256\.\.255\}\]$/, () => this.address(5, false, false)],
    [
      /^\[X\|SP\{, #-\d+\.\.\d+ by (\d+)\}\](\{!\})?/,
      (step, writes) => this.address(Number(step), false, writes !== undefined),
    ],
    [
      /^\[X\|SP\]\{, #(\d+)\|X\}$/,
      (bytes) => this.pick([`[${this.base()}]`, `[${this.base()}], #${bytes}`, `[${this.base()}], x${OFFSET}`]),
    ],
  ]

  /** An instruction of the form whose operands read as `slots`; null where it has a label. */
  write(mnemonic: string, slots: readonly string[]): string | null {
    const operands = slots.map((text) => {
      for (const [shape, make] of this.slots) {
        const parts = shape.exec(text)
        if (parts !== null) return make(...parts.slice(1))
      }
      return null
    })
    return operands.includes(null) ? null : `${mnemonic} ${operands.join(', ')}`.trim()
  }
}

/** Two registers from memory that are one: what it holds then is unpredictable. */
const isUnpredictable = (text: string): boolean => /^ldn?p(?:sw)? (\w+), \1,/.test(text)

const isAccepted = (text: string): boolean => {
  if (isUnpredictable(text)) return false
  try {
    assemble(`${text}\n`, 'form')
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

/** They go to the address in a register. */
const indirect: ReadonlySet<string> = new Set(['br', 'blr', 'ret'])

export interface FormTexts {
  /** Of forms that are no branches and have no labels, `each` of every one. */
  readonly texts: readonly string[]
  readonly forms: number
  /** The other forms, as `mnemonic operands`. */
  readonly left: readonly string[]
}

/** Writes `each` instructions of every form. */
export function formTexts(seed: string, each: number): FormTexts {
  const writer = new FormWriter(seed)
  const texts: string[] = []
  const left: string[] = []
  let forms = 0
  for (const mnemonic of architectural) {
    for (const { op, slots, text } of formsFor(mnemonic)!) {
      const found: string[] = []
      const attempts = indirect.has(op) ? 0 : ATTEMPTS
      for (let attempt = 0; attempt < attempts && found.length < each; attempt++) {
        const written = writer.write(
          mnemonic,
          slots.map((slot) => slot.text),
        )
        if (written !== null && isAccepted(written)) found.push(written)
      }
      texts.push(...found)
      if (found.length > 0) forms++
      else left.push(`${mnemonic} ${text}`.trim())
    }
  }
  return { texts, forms, left }
}
