// Executes a few instructions on registers that are written as text: `x1=-1 w2=5 v1.b=1,2,255 nzcv=0b0110`.
// Lanes are b, h, s, d (integers) or f, g (floats of 32 and 64 bits), lowest first; those not written are 0.

import { assemble } from '../../src/isa/assemble.ts'
import { Execution } from '../../src/isa/execute.ts'

const laneBytes = { b: 1, h: 2, s: 4, d: 8, f: 4, g: 8 } as const
type Lane = keyof typeof laneBytes

function vectorOf(lane: Lane, values: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  for (const [i, value] of values.split(',').entries()) {
    const at = i * laneBytes[lane]
    if (lane === 'f') view.setFloat32(at, Number(value), true)
    else if (lane === 'g') view.setFloat64(at, Number(value), true)
    else {
      const bits = BigInt(value)
      for (let byte = 0; byte < laneBytes[lane]; byte++)
        view.setUint8(at + byte, Number((bits >> BigInt(8 * byte)) & 0xffn))
    }
  }
  return new Uint8Array(view.buffer)
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

interface Setting {
  readonly name: string
  readonly kind: string
  readonly index: number
  readonly lane: Lane
  readonly value: string
}

const settingsOf = (text: string): Setting[] =>
  [...text.matchAll(/(nzcv|sp|([xwv])(\d+))(?:\.([bhsdfg]))?=(\S+)/g)].map(([, name, kind, index, lane, value]) => ({
    name: name!,
    kind: kind ?? name!,
    index: name === 'sp' ? 31 : Number(index),
    lane: (lane ?? 'b') as Lane,
    value: value!,
  }))

export function flagsOf(execution: Execution): string {
  const { n, z, c, v } = execution.flags
  return `0b${[n, z, c, v].map(Number).join('')}`
}

/** Runs `text`, in which `;` ends a line, from its start to its end, with the registers of `before`. */
export function run(text: string, before = ''): Execution {
  const program = assemble(`${text.replaceAll(';', '\n')}\nret\n`, 'test.s')
  const execution = new Execution(program, { memoryBytes: program.end + 0x1_0000 })
  for (const { kind, index, lane, value } of settingsOf(before)) {
    if (kind === 'v') execution.setV(index, vectorOf(lane, value))
    else if (kind === 'nzcv') {
      const [n, z, c, v] = [...value.slice(2)].map((bit) => bit === '1')
      execution.flags = { n: n!, z: z!, c: c!, v: v! }
    } else execution.setX(index, BigInt(value))
  }
  execution.start(program.textBase)
  while (execution.run() > 0);
  return execution
}

/** What `row` says (`instruction | before | after`), and what execution gives, in the same notation. */
export function compared(row: string): { readonly expected: string; readonly found: string } {
  const [text, before, after] = row.split('|').map((part) => part.trim())
  const execution = run(text!, before!)
  const expected: string[] = []
  const found: string[] = []
  for (const { name, kind, index, lane, value } of settingsOf(after!)) {
    if (kind === 'v') {
      expected.push(`${name}=${hex(vectorOf(lane, value))}`)
      found.push(`${name}=${hex(execution.getV(index))}`)
    } else if (kind === 'nzcv') {
      expected.push(`nzcv=${value}`)
      found.push(`nzcv=${flagsOf(execution)}`)
    } else {
      expected.push(`${name}=${BigInt.asUintN(64, BigInt(value))}`)
      found.push(`${name}=${execution.getX(index)}`)
    }
  }
  return { expected: expected.join(' '), found: found.join(' ') }
}
