// One call after another of functions that get the address of a parameter block, and whether they keep what AAPCS64 asks
// for: x19-x29, the low halves of v8-v15, and sp; under our execution and under qemu.

import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Execution } from '../../../../src/isa/execute.ts'
import { runUnderQemu } from '../../../isa/oracle/tools.ts'
import type { Image } from './call.ts'

const generals = Array.from({ length: 11 }, (_, i) => 19 + i)
const floats = Array.from({ length: 8 }, (_, i) => 8 + i)
const STACK_POINTER = 31
const patternOf = (register: number): bigint => 0x0101_0101_0101_0101n * BigInt(register)

/** Calls `entry`, with the stack below `stack`. */
export function keptExecuted(execution: Execution, entry: string, block: number, stack: number): boolean {
  for (const i of generals) execution.setX(i, patternOf(i))
  for (const i of floats) execution.setV(i, new Uint8Array(16).fill(i))
  execution.setX(STACK_POINTER, BigInt(stack))
  execution.setX(0, BigInt(block))
  execution.start(execution.program.symbols.get(entry)!)
  while (execution.run() > 0);
  return (
    generals.every((i) => execution.getX(i) === patternOf(i)) &&
    floats.every((i) =>
      execution
        .getV(i)
        .subarray(0, 8)
        .every((byte) => byte === i),
    ) &&
    execution.getX(STACK_POINTER) === BigInt(stack)
  )
}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`

const driverOf = ({ starts }: Image, bytes: number): string => `
.globl _start
_start:
  ldr x19, =table
next:
  ldp x9, x0, [x19]
  cbz x9, done
  str x19, [sp, #-16]!
  mov x10, sp
  ldr x11, =stack
  str x10, [x11]
  ${generals.map((i) => `ldr x${i}, =${hex(patternOf(i))}`).join('\n')}
  ${floats.map((i) => `movi v${i}.16b, #${i}`).join('\n')}
  blr x9
  ldr x11, =stack
  ldr x11, [x11]
  mov x10, sp
  eor x9, x10, x11
  ${generals.map((i) => `ldr x10, =${hex(patternOf(i))}\neor x10, x10, x${i}\norr x9, x9, x10`).join('\n')}
  ${floats.map((i) => `ldr x10, =${hex(patternOf(i))}\nfmov x11, d${i}\neor x10, x10, x11\norr x9, x9, x10`).join('\n')}
  ldr x19, [sp], #16
  str x9, [x19, #16]
  add x19, x19, #24
  b next
done:
  mov x0, #1
  ldr x1, =image
  ldr x2, =${bytes}
  mov x8, #64
  svc #0
  mov x0, #1
  ldr x1, =table
  mov x2, #${24 * starts.length}
  mov x8, #64
  svc #0
  mov x0, #0
  mov x8, #93
  svc #0
.ltorg
.data
stack: .quad 0
table:
  ${starts.map(({ entry, block }) => `.quad ${entry}, ${block}, 0`).join('\n')}
  .quad 0, 0, 0
.section .image, "aw"
image: .incbin "image.bin"
`

/** The image after all calls of functions in `file`, and which of them kept the registers. */
export function kernelUnderQemu(file: string, placed: Image, base: number): { image: Uint8Array; kept: boolean[] } {
  const { image, starts } = placed
  const output = runUnderQemu(
    { 'driver.s': driverOf(placed, image.length), 'kernel.s': readFileSync(file), 'image.bin': image },
    ['driver.s', 'kernel.s'],
    ['-march=armv8-a', `-I${dirname(file)}`, `-Wl,--section-start=.image=${hex(base)}`, '-Wl,-z,noexecstack'],
  )
  const table = new DataView(output.buffer, output.byteOffset + image.length)
  return {
    image: output.subarray(0, image.length),
    kept: starts.map((_, i) => table.getBigUint64(24 * i + 16, true) === 0n),
  }
}
