// The same snippets on the same states, under our execution.

import { assemble } from '../../../src/isa/assemble.ts'
import { Execution } from '../../../src/isa/execute.ts'
import { FLAG_BITS, snippetsText } from './driver.ts'
import { BUFFER, BUFFER_AT, BUFFER_BYTES, NZCV_AT, REGISTERS, SP_AT, STATE_BYTES, VECTORS_AT } from './states.ts'

const STACK_POINTER = 31
/** Snippets that make one program. */
const TOGETHER = 256

const viewOf = (state: Uint8Array): DataView => new DataView(state.buffer, state.byteOffset)

function setState(execution: Execution, state: Uint8Array): void {
  const view = viewOf(state)
  for (let i = 0; i < REGISTERS; i++) {
    execution.setX(i, view.getBigUint64(8 * i, true))
    execution.setV(i, state.subarray(VECTORS_AT + 16 * i, VECTORS_AT + 16 * (i + 1)))
  }
  execution.setX(STACK_POINTER, view.getBigUint64(SP_AT, true))
  const flag = (bit: number): boolean => ((view.getUint32(NZCV_AT, true) >>> bit) & 1) === 1
  const { n, z, c, v } = FLAG_BITS
  execution.flags = { n: flag(n), z: flag(z), c: flag(c), v: flag(v) }
  execution.memory.set(state.subarray(BUFFER_AT), BUFFER)
}

function getState(execution: Execution): Uint8Array {
  const state = new Uint8Array(STATE_BYTES)
  const view = viewOf(state)
  for (let i = 0; i < REGISTERS; i++) {
    view.setBigUint64(8 * i, execution.getX(i), true)
    state.set(execution.getV(i), VECTORS_AT + 16 * i)
  }
  view.setBigUint64(SP_AT, execution.getX(STACK_POINTER), true)
  const flags = Object.entries(execution.flags) as [keyof typeof FLAG_BITS, boolean][]
  const nzcv = flags.reduce((bits, [name, value]) => bits | (Number(value) << FLAG_BITS[name]), 0)
  view.setUint32(NZCV_AT, nzcv >>> 0, true)
  state.set(execution.memory.subarray(BUFFER, BUFFER + BUFFER_BYTES), BUFFER_AT)
  return state
}

/** Results, by snippet, then by state. */
export function statesExecuted(snippets: readonly string[], states: readonly Uint8Array[]): Uint8Array[][] {
  const results: Uint8Array[][] = []
  for (let first = 0; first < snippets.length; first += TOGETHER) {
    const some = snippets.slice(first, first + TOGETHER)
    const program = assemble(snippetsText(some), 'snippets.s')
    const execution = new Execution(program, { memoryBytes: BUFFER + BUFFER_BYTES })
    for (const i of some.keys()) {
      const address = program.symbols.get(`form${i}`)!
      results.push(
        states.map((state) => {
          setState(execution, state)
          execution.start(address)
          while (execution.run() > 0);
          return getState(execution)
        }),
      )
    }
  }
  return results
}
