// Instructions made from the tables of forms: with operands that fit, at the limits, and just beyond.

import { architectural, formsFor } from '../../../src/isa/assemble/forms/form-table.ts'

export type Random = () => number

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!
const conditions = 'eq ne cs hs cc lo mi pl vs vc hi ls ge lt gt le al nv'.split(' ')
const numbers = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 127, 255, 256, 4095, 4096]
const wide = [0xfff000, 0x10000, 0xffff, 0xff00ff, 0xff00, -1, -8, -16, -256, -257, -512, 1008, 504, 252, 32760, 16380]

const register = (random: Random): number => pick(random, [0, 1, 2, 7, 15, 16, 29, 30])
const general = (random: Random, letter: string): string =>
  random() < 0.1 ? `${letter.toLowerCase()}zr` : `${letter.toLowerCase()}${register(random)}`
const stack = (random: Random, letter: string): string =>
  random() < 0.3 ? (letter === 'W' ? 'wsp' : 'sp') : general(random, letter)
const between = (random: Random, low: number, high: number, step = 1): number =>
  random() < 0.5 ? pick(random, [low, high]) : low + step * Math.floor((random() * (high - low)) / step + 0.5)

/** An address of a base, the middle of which stands in `inside`. */
const base = (random: Random): string => pick(random, ['x0', 'x9', 'sp'])

/** Text of a slot, with the groups of its shape, to an operand. */
const shapes: readonly (readonly [RegExp, (random: Random, ...parts: string[]) => string])[] = [
  [/^([WX])$/, general],
  [/^([WX])\|W?SP$/, stack],
  [
    /^([WX])\{, ([a-z|]+) #0\.\.(\d+)\}$/,
    (random, letter, kinds, high) =>
      general(random, letter!) +
      (random() < 0.4 ? '' : `, ${pick(random, kinds!.split('|'))} #${between(random, 0, Number(high))}`),
  ],
  [
    /^(W|W\|X), \[su\]xt.*$/,
    (random, letters) => {
      const letter = pick(random, letters!.split('|'))
      const kinds = letter === 'X' ? ['uxtx', 'sxtx', 'lsl'] : ['uxtb', 'uxth', 'uxtw', 'sxtb', 'sxth', 'sxtw']
      const kind = pick(random, kinds)
      const amount = random() < 0.3 && kind !== 'lsl' ? '' : ` #${between(random, 0, 4)}`
      return `${general(random, letter)}, ${kind}${amount}`
    },
  ],
  [/^([BHSDQ])$/, (random, letter) => `${letter!.toLowerCase()}${register(random)}`],
  [/^V\.(\w+)$/, (random, kind) => `v${register(random)}.${kind}`],
  [
    /^V(0\.\.15)?\.(4?)([bhsd])\[i\]$/,
    (random, low, four, lane) => {
      const last = 128 / { b: 8, h: 16, s: 32, d: 64 }[lane as 'b'] / (four === '' ? 1 : 4) - 1
      return `v${low === undefined ? register(random) : pick(random, [0, 15])}.${four}${lane}[${between(random, 0, last)}]`
    },
  ],
  [
    /^(\{.*\})(\[i\])?$/,
    (random, list, index) => {
      let next = register(random)
      const named = list!.replace(/V/g, () => `v${next++ % 32}`)
      const lane = /\.(\w)/.exec(list!)![1] as 'b'
      return index === undefined ? named : `${named}[${between(random, 0, { b: 15, h: 7, s: 3, d: 1 }[lane])}]`
    },
  ],
  [/^condition$/, (random) => pick(random, conditions)],
  [/^#(-?\d+)(?:\.\.(\d+))?$/, (random, low, high) => `#${between(random, Number(low), Number(high ?? low))}`],
  [
    /^#0\.\.4095\{, lsl #0\|12\}.*$/,
    (random) => `#${between(random, 0, 4095)}${pick(random, ['', ', lsl #0', ', lsl #12'])}`,
  ],
  [/^#-4095\.\.-1.*$/, (random) => `#-${between(random, 1, 4095)}${pick(random, ['', ', lsl #12'])}`],
  [
    /^#bitmask(\d+)$/,
    (random, bits) => {
      const run = (1n << BigInt(between(random, 1, Number(bits) - 1))) - 1n
      return `#0x${pick(random, [run, 0x0f0f0f0fn, 0x33333333n, 0x80000001n, (run << 1n) & ((1n << BigInt(bits!)) - 1n)]).toString(16)}`
    },
  ],
  [/^#constant$/, (random) => `#${pick(random, ['0', '1', '-1', '0x10000', '0xff00ff', '65535', '-65536', '0xfffe'])}`],
  [
    /^#0\.\.65535\{, lsl #0\.\.(\d+) by 16\}$/,
    (random, high) => `#${between(random, 0, 65535)}${pick(random, ['', ', lsl #0', `, lsl #${high}`])}`,
  ],
  [
    /^#0\.\.255\{, lsl #0(?:\.\.(\d+) by 8)?\}(\|msl.*)?$/,
    (random, high, msl) =>
      `#${between(random, 0, 255)}${pick(random, ['', `, lsl #${high ?? 0}`, ...(msl === undefined ? [] : [', msl #8', ', msl #16'])])}`,
  ],
  [/^#bytes.*$/, (random) => `#${pick(random, ['0', '0xff00ff00ff00ff00', '0xff', '0xffffffffffffffff'])}`],
  [/^#float8$/, (random) => `#${pick(random, ['1.0', '-2.5', '0.125', '31.0', '1.9375', '1.0e+0'])}`],
  [/^#0\.0$/, () => '#0.0'],
  [/^label$/, (random) => `.+${pick(random, [0, 4, 8, 64])}`],
  [/^p\(ld.*$/, (random) => pick(random, ['pldl1keep', 'pstl2strm', 'plil3keep', '#5'])],
  [/^c\|j\|jc$/, () => 'c'],
  [
    /^\[X\|SP\{, #imm\|X\|W\{, extend\}\}\](\{!\})?.*$/,
    (random, write) => {
      const extends_ = ['x1', 'xzr', 'w1, uxtw', 'w1, sxtw', 'x1, sxtx', 'x1, lsl #0']
      const plain = [
        `[${base(random)}]`,
        `[${base(random)}, #${pick(random, [-256, 255, 0, 16, 4080])}]`,
        `[x3, ${pick(random, extends_)}]`,
      ]
      const more = [
        `[${base(random)}, #${between(random, -256, 255)}]!`,
        `[${base(random)}], #${between(random, -256, 255)}`,
      ]
      return pick(random, write === undefined ? plain : [...plain, ...more])
    },
  ],
  [/^\[X\|SP\{, #-256\.\.255\}\]$/, (random) => `[${base(random)}, #${between(random, -256, 255)}]`],
  [
    /^\[X\|SP\{, #(-\d+)\.\.(\d+) by (\d+)\}\](\{!\})?.*$/,
    (random, low, high, by, write) => {
      const offset = between(random, Number(low), Number(high), Number(by))
      const plain = [`[${base(random)}]`, `[${base(random)}, #${offset}]`]
      return pick(random, write === undefined ? plain : [...plain, `[x20, #${offset}]!`, `[sp], #${offset}`])
    },
  ],
  [
    /^\[X\|SP\]\{, #(\d+)\|X\}$/,
    (random, bytes) => pick(random, [`[${base(random)}]`, `[${base(random)}], #${bytes}`, `[x3], x5`]),
  ],
]

function operand(text: string, random: Random): string {
  for (const [shape, make] of shapes) {
    const found = shape.exec(text)
    if (found !== null) return make(random, ...found.slice(1))
  }
  throw new Error(`no sample for '${text}'`)
}

/** One instruction of every form, with operands in range. Literals and pages of symbols are left out. */
export function samples(random: Random): string[] {
  return architectural.flatMap((mnemonic) =>
    formsFor(mnemonic)!.flatMap(({ slots }) => {
      if (slots.some(({ text }) => text === '=value') || mnemonic === 'adrp') return []
      const name = mnemonic === 'b.cond' ? `b.${pick(random, conditions)}` : mnemonic
      return [`${name} ${slots.map(({ text }) => operand(text, random)).join(', ')}`.trim()]
    }),
  )
}

const changes: readonly ((text: string, random: Random) => string)[] = [
  (text, random) =>
    one(text, /#-?(?:0x[0-9a-f]+|\d+)(?![\d.])/g, () => `#${pick(random, [...numbers, ...wide])}`, random),
  (text, random) =>
    one(
      text,
      /\b[wx](?:\d+|zr)\b|\bw?sp\b/g,
      () => pick(random, ['w1', 'x1', 'wzr', 'xzr', 'sp', 'wsp', 'x30']),
      random,
    ),
  (text, random) => one(text, /\b[bhsdq]\d+\b/g, () => `${pick(random, ['b', 'h', 's', 'd', 'q', 'x', 'w'])}3`, random),
  (text, random) =>
    one(
      text,
      /\.\d*[bhsd]\b/g,
      () => pick(random, ['.8b', '.16b', '.4h', '.8h', '.2s', '.4s', '.1d', '.2d', '.b', '.s']),
      random,
    ),
  (text, random) => one(text, /\[\d+\]/g, () => `[${pick(random, [0, 1, 2, 3, 4, 7, 8, 15, 16])}]`, random),
  (text, random) => one(text, /\bv\d+/g, () => `v${pick(random, [0, 15, 16, 31])}`, random),
  (text, random) =>
    one(
      text,
      /\b(?:lsl|lsr|asr|ror|msl|[su]xt[bhwx])\b/g,
      () => pick(random, ['lsl', 'lsr', 'asr', 'ror', 'msl', 'uxtb', 'uxtw', 'sxtw', 'sxtx']),
      random,
    ),
  (text) => text.replace(/, [^,]*$/, ''),
  (text, random) => `${text}, ${pick(random, ['#1', 'x2', 'lsl #2', 'sxtw #1', 'w3', 'eq'])}`,
]

/** `text` with one of what `pattern` finds replaced. */
function one(text: string, pattern: RegExp, by: () => string, random: Random): string {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return text
  const { 0: old, index } = pick(random, found)
  return text.slice(0, index) + by() + text.slice(index + old.length)
}

/** The instruction with something changed, which it may not survive. */
export const mutated = (text: string, random: Random): string => pick(random, changes)(text, random)
