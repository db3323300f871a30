// A program for qemu that executes every snippet on every state and writes the states that come out.

import { BUFFER, BUFFER_AT, BUFFER_BYTES, REGISTERS, SP_AT, STATE_BYTES, VECTORS_AT } from './states.ts'
import { runUnderQemu } from './tools.ts'

const pairs = (count: number): number[] => Array.from({ length: count / 2 }, (_, i) => 2 * i)
const copyBuffer = (from: string, to: string): string =>
  Array.from(
    { length: BUFFER_BYTES / 32 },
    (_, i) => `ldp q16, q17, [${from}, #${32 * i}]\nstp q16, q17, [${to}, #${32 * i}]`,
  ).join('\n')
const moveState = (generals: string, vectors: string, state: string): string =>
  [
    ...pairs(REGISTERS).map((i) => `${vectors} q${i}, q${i + 1}, [${state}, #${VECTORS_AT + 16 * i}]`),
    ...pairs(REGISTERS).map((i) => `${generals} x${i}, x${i + 1}, [${state}, #${8 * i}]`),
  ].join('\n')

/** Snippets as functions `form0`, `form1`, ... that use x0-x7, sp, v0-v7 and what they restore. */
export const snippetsText = (snippets: readonly string[]): string =>
  `.text\n${snippets.map((snippet, i) => `form${i}:\n${snippet}\nret`).join('\n')}\n`

const driverText = (forms: number, states: number): string => `
.text
.globl _start
_start:
  ldr x20, =table
  ldr x19, =${forms}
form:
  ldr x21, =results
  ldr x22, =states
  mov x23, #${states}
state:
  add x9, x22, #${BUFFER_AT}
  ldr x10, =${BUFFER}
  ${copyBuffer('x9', 'x10')}
  ldp x9, x10, [x22, #${SP_AT}]
  mov sp, x9
  msr nzcv, x10
  ${moveState('ldp', 'ldp', 'x22')}
  ldr x24, [x20]
  blr x24
  ${moveState('stp', 'stp', 'x21')}
  mov x9, sp
  mrs x10, nzcv
  stp x9, x10, [x21, #${SP_AT}]
  add x10, x21, #${BUFFER_AT}
  ldr x9, =${BUFFER}
  ${copyBuffer('x9', 'x10')}
  add x21, x21, #${STATE_BYTES}
  add x22, x22, #${STATE_BYTES}
  subs x23, x23, #1
  b.ne state
  mov x0, #1
  ldr x1, =results
  sub x2, x21, x1
  mov x8, #64
  svc #0
  add x20, x20, #8
  subs x19, x19, #1
  b.ne form
  mov x0, #0
  mov x8, #93
  svc #0
.ltorg
.data
.balign 16
states: .incbin "states.bin"
table: ${Array.from({ length: forms }, (_, i) => `.quad form${i}`).join('\n')}
.bss
.balign 16
results: .skip ${states * STATE_BYTES}
.section .buffer, "aw", %nobits
.skip ${BUFFER_BYTES}
.include "snippets.s"
`

/** Results, by snippet, then by state. */
export function statesUnderQemu(snippets: readonly string[], states: readonly Uint8Array[]): Uint8Array[][] {
  const contents = Buffer.concat(states)
  const output = runUnderQemu(
    {
      'driver.s': driverText(snippets.length, states.length),
      'snippets.s': snippetsText(snippets),
      'states.bin': contents,
    },
    ['driver.s'],
    [`-Wl,--section-start=.buffer=0x${BUFFER.toString(16)}`, '-Wl,-z,noexecstack'],
  )
  return snippets.map((_, f) =>
    states.map((_, s) => {
      const at = (f * states.length + s) * STATE_BYTES
      return output.subarray(at, at + STATE_BYTES)
    }),
  )
}

export const FLAG_BITS = { n: 31, z: 30, c: 29, v: 28 } as const
