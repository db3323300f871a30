// Figures of forms that differ from the measured ones, and why: all of them, so that a new difference fails a test.

import type { Figure } from './arm-forms.ts'

export interface Exception {
  readonly core: string
  readonly what: Figure['what']
  /** Forms that it is about. */
  readonly forms: RegExp
  readonly reason: string
}

const A53 = 'cortex-a53'
const A72 = 'cortex-a72'
const N1 = 'neoverse-n1'

const narrow =
  'measured with 128-bit registers, which is the only row there is; with 64-bit ones the core does twice as many'
const roundTrip =
  'measured on the way to a vector register and back, of which the form is one half; the way back is another class'
const forwardedDup = /^dup v0\.\w+, w1$/

export const exceptions: readonly Exception[] = [
  {
    core: A53,
    what: 'latency',
    forms: /^(ld[124]r?|ldr q0|ldp q0)\b.*\[x0/,
    reason:
      'measured with a wrong estimate of the way back to the address; by the chain `str q` to `ldr q` 2.05 less, which is what these have',
  },
  { core: A53, what: 'throughput', forms: /^(eor|cnt|uaddlv|add|tbl) .*\.8b/, reason: narrow },
  { core: A53, what: 'latency', forms: forwardedDup, reason: roundTrip },
  {
    core: A53,
    what: 'latency',
    forms: /^ldr w0, \[x1\]/,
    reason: 'compared with the row of `ldr x`; words were measured as `ldp w`, with the latency of bytes (4)',
  },
  {
    core: A53,
    what: 'throughput',
    forms: /^ldr(s?b|h) w0, \[x1\]/,
    reason:
      'the measured sequence holds an add between the loads, for which an in-order core waits; `ldrb (reg)` has 1.01',
  },
  {
    core: A72,
    what: 'latency',
    forms: /^(ld[124]r?|ldr q0|ldp q0)\b.*\[x0/,
    reason:
      'measured with a wrong estimate of the way back to the address, `ld1` of four registers faster than its pipe allows; latencies are LLVM’s',
  },
  { core: A72, what: 'throughput', forms: /^(eor|cnt|uaddlv|add|tbl) .*\.8b/, reason: narrow },
  {
    core: A72,
    what: 'latency',
    forms: /^tbl v0\.8b/,
    reason: 'measured with 128-bit registers; with 64-bit ones LLVM has 3',
  },
  { core: A72, what: 'latency', forms: forwardedDup, reason: roundTrip },
  {
    core: A72,
    what: 'throughput',
    forms: /^cset/,
    reason: '`csinc` is measured at one a cycle, `csinv` and `csel` at two, of one class: it has two',
  },
  {
    core: N1,
    what: 'latency',
    forms: /^ld1 \{v0\.16b, v1\.16b, v2\.16b|^ldp q0/,
    reason:
      'all registers have 5, that of the first: `ld1` rises by a third of a cycle with each register, which whole cycles cannot state, and `ldp q` (7.50) does more than LLVM lets it (5)',
  },
  {
    core: N1,
    what: 'throughput',
    forms: /^movi/,
    reason: 'the row is that of zero, which takes no pipe; other constants are measured at 0.50 (`movi.b (0xff)`)',
  },
  { core: N1, what: 'latency', forms: forwardedDup, reason: roundTrip },
  {
    core: N1,
    what: 'throughput',
    forms: /^str[bh]? [xw]0/,
    reason: 'stores enter the cache one a cycle here; silicon seems to join those to one line',
  },
]

/** The exception that a figure falls under. */
export const exceptionOf = (core: string, { what, form }: Figure): Exception | undefined =>
  exceptions.find((each) => each.core === core && each.what === what && each.forms.test(form))
