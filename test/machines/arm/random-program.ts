// Random programs that end: nested loops over memory with loads, stores, branches that depend on data, and calls.

import type { PRNG } from 'seedrandom'

/** Bytes of the buffer that all accesses lie in; several times the caches of the systems under test. */
const BUFFER = 1 << 15

/** Text of a program of some thousand instructions; x19-x22 point into its buffer, x23-x25 count, x9 is pseudo-random. */
export function randomProgram(random: PRNG): string {
  const below = (n: number): number => Math.floor(random() * n)
  const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)]!
  const x = () => `x${below(8)}`
  const w = () => `w${below(8)}`
  const v = () => `v${below(8)}`
  const pointer = () => pick(['x19', 'x20', 'x21', 'x22'])
  let labels = 0

  const arithmetic = (): string =>
    pick([
      () => `add ${x()}, ${x()}, ${x()}`,
      () => `sub ${x()}, ${x()}, #${below(4096)}`,
      () => `eor ${x()}, ${x()}, ${x()}, lsl #${below(8)}`,
      () => `madd ${x()}, ${x()}, ${x()}, ${x()}`,
      () => `udiv ${x()}, ${x()}, ${x()}`,
      () => `lsl ${x()}, ${x()}, ${x()}`,
      () => `adds ${x()}, ${x()}, ${x()}`,
      () => `csel ${x()}, ${x()}, ${x()}, ${pick(['eq', 'lt', 'hi'])}`,
      () => `eor ${v()}.16b, ${v()}.16b, ${v()}.16b`,
      () => `cnt ${v()}.16b, ${v()}.16b`,
      () => `add ${v()}.8b, ${v()}.8b, ${v()}.8b`,
      () => `uadalp ${v()}.8h, ${v()}.16b`,
      () => `mla ${v()}.4s, ${v()}.4s, ${v()}.4s`,
      () => `fmla ${v()}.4s, ${v()}.4s, ${v()}.4s`,
      () => `umov ${w()}, ${v()}.s[${below(4)}]`,
      () => `dup ${v()}.4s, ${w()}`,
      () => 'nop',
    ])()

  const access = (): string => {
    const even = 16 * below(24)
    const odd = below(3) === 0 ? below(256) : even
    const [a, b, c, d] = ['v0', 'v1', 'v2', 'v3']
    return pick([
      () => `ldr ${x()}, [${pointer()}, #${even}]`,
      () => `ldur ${w()}, [${pointer()}, #${Math.min(255, odd)}]`,
      () => `ldrb ${w()}, [${pointer()}, #${odd}]`,
      () => `ldr q${below(8)}, [${pointer()}, #${even}]`,
      () => `ldur q${below(8)}, [${pointer()}, #${Math.min(255, odd)}]`,
      () => `ldp q${below(4)}, q${4 + below(4)}, [${pointer()}, #${even}]`,
      () => `ldp x0, x1, [${pointer()}, #${even}]`,
      () => `ld1 {${a}.16b, ${b}.16b, ${c}.16b, ${d}.16b}, [${pointer()}]`,
      () => `str ${x()}, [${pointer()}, #${even}]`,
      () => `stur ${w()}, [${pointer()}, #${Math.min(255, odd)}]`,
      () => `strb ${w()}, [${pointer()}, #${odd}]`,
      () => `str q${below(8)}, [${pointer()}, #${even}]`,
      () => `stp x2, x3, [${pointer()}, #${even}]`,
      () => `st1 {${a}.16b, ${b}.16b}, [${pointer()}]`,
      () => `prfm pldl1keep, [${pointer()}, #${64 * below(16)}]`,
    ])()
  }

  /** Moves a pointer by up to 200 bytes, within the first half of the buffer. */
  const move = (): string[] => {
    const register = pointer()
    return [
      `add ${register}, ${register}, #${pick([8, 16, 24, 64, 72, 200])}`,
      `sub x16, ${register}, x18`,
      `and x16, x16, #${BUFFER / 2 - 1}`,
      `add ${register}, x18, x16`,
    ]
  }

  const step = (): string[] => {
    const what = below(20)
    if (what < 9) return [arithmetic()]
    if (what < 17) return [access()]
    if (what === 17) return move()
    if (what === 18) {
      const label = `.Lskip${labels++}`
      return [...shuffleBits, `tbz x9, #${below(3)}, ${label}`, arithmetic(), access(), `${label}:`]
    }
    return [pick(['bl leaf', 'bl touch'])]
  }

  const body = (steps: number): string[] => Array.from({ length: steps }, step).flat()
  const loop = (counter: string, times: number, inner: string[]): string[] => {
    const label = `.Lloop${labels++}`
    return [`mov ${counter}, #${times}`, `${label}:`, ...inner, `subs ${counter}, ${counter}, #1`, `b.ne ${label}`]
  }

  const inner = () => loop('x24', 10 + below(40), body(2 + below(10)))
  const nest = () => loop('x23', 2 + below(4), [...body(below(6)), ...inner(), ...body(below(4)), ...inner()])
  const text = [
    'main:',
    '  mov x29, x30',
    '  adrp x18, buffer',
    '  add x18, x18, :lo12:buffer',
    ...['x19', 'x20', 'x21', 'x22'].map((register) => `  add ${register}, x18, #${16 * below(200)}`),
    '  mov x9, #12345',
    ...nest(),
    '  ret x29',
    'leaf:',
    `  ${arithmetic()}`,
    `  ${arithmetic()}`,
    '  ret',
    'touch:',
    `  ${access()}`,
    '  ret',
    '.bss',
    '.balign 64',
    `buffer: .zero ${BUFFER}`,
  ]
  return `${text.join('\n')}\n`
}

/** A step of xorshift, so that a branch on a bit of x9 is not predictable. */
const shuffleBits = ['eor x9, x9, x9, lsl #13', 'eor x9, x9, x9, lsr #7', 'eor x9, x9, x9, lsl #17']
