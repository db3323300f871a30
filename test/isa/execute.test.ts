import { describe, expect, it } from 'vitest'
import { assemble } from '../../src/isa/assemble.ts'
import { Execution, type ExecutionOptions } from '../../src/isa/execute.ts'
import { LOWEST_ADDRESS } from '../../src/isa/instruction.ts'
import { run } from './executed.ts'

const started = (text: string, options: ExecutionOptions = {}): Execution => {
  const program = assemble(text, 'test.s')
  const execution = new Execution(program, options)
  if (options.loop === undefined) execution.start(program.textBase)
  return execution
}

/** Records of all blocks executed: index, then addresses. */
function records(execution: Execution): number[][] {
  const { blocks, instructions, trace } = execution
  const all: number[][] = []
  for (let words = execution.run(); words > 0; words = execution.run())
    for (let at = 0; at < words; ) {
      const { first, count } = blocks[trace[at]!]!
      const accesses = instructions.slice(first, first + count).filter(({ memory }) => memory !== null).length
      all.push([...trace.subarray(at, at + 1 + accesses)])
      at += 1 + accesses
    }
  return all
}

const countdown = 'mov x0, #3\nloop:\nadd x1, x1, x0\nsubs x0, x0, #1\nb.ne loop\nret\n'

describe('the trace', () => {
  it('has the index of every block that is executed', () => {
    const execution = started(countdown)
    expect(records(execution)).toEqual([[0], [1], [1], [1], [2]])
    expect(execution.getX(1)).toBe(6n)
    expect(execution.ended).toBe(true)
    expect(execution.next).toBe(-1)
    expect(execution.run()).toBe(0)
  })

  it('has the address of each access, one for several registers, before write-back where it is post-indexed', () => {
    const text =
      'ldr x1, [x0], #8\nldp x2, x3, [x0, #16]!\nld1 {v0.16b-v3.16b}, [x0], #64\nprfm pldl1keep, [x0]\n' +
      'str w1, [x0, x4, lsl #2]\nadd x5, x5, #1\nret\n'
    const execution = started(text)
    const base = execution.program.end
    execution.setX(0, BigInt(base))
    execution.setX(4, 2n)
    expect(records(execution)).toEqual([[0, base, base + 24, base + 24, base + 88, base + 96]])
  })

  it('has the lowest address for a prefetch from where no memory is', () => {
    const execution = started('prfm pldl1keep, [x0]\nret\n')
    execution.setX(0, 1n << 40n)
    expect(records(execution)).toEqual([[0, LOWEST_ADDRESS]])
  })

  it('is filled again and again, and says which block comes next', () => {
    const text = 'mov w0, #50000\nloop:\nldrb w1, [x2]\nsub w0, w0, #1\ncbnz w0, loop\nret\n'
    const execution = started(text)
    execution.setX(2, BigInt(execution.program.end))
    const fills: number[] = []
    for (let words = execution.run(); words > 0; words = execution.run()) {
      fills.push(words)
      expect(execution.next).toBe(execution.ended ? -1 : 1)
    }
    expect(fills.length).toBeGreaterThan(10)
    expect(fills.reduce((sum, words) => sum + words)).toBe(1 + 2 * 50000 + 1)
    expect(execution.getX(0)).toBe(0n)
  })
})

describe('branches', () => {
  it('call and return, through registers too', () => {
    const text = 'mov x9, x30\nbl f\nadr x1, f\nblr x1\nmov x30, x9\nret\nf:\nadd x0, x0, #1\nret\n'
    const execution = started(text)
    const blocks = records(execution).map(([block]) => block)
    expect(execution.getX(0)).toBe(2n)
    expect(blocks).toEqual([0, 3, 1, 3, 2])
  })

  it('go backwards over several blocks', () => {
    const even = run(
      'mov x0, #0; mov x1, #0; 1: tbnz x0, #0, 2f; add x1, x1, x0; 2: add x0, x0, #1; cmp x0, #100; b.lt 1b',
    )
    expect(even.getX(1)).toBe(2450n)
  })
})

describe('faults', () => {
  const failing = (text: string, x0 = 0n) => {
    const execution = started(text)
    execution.setX(0, x0)
    return () => {
      while (execution.run() > 0);
    }
  }

  it('name line, instruction and address of an access outside of memory', () => {
    expect(failing('mov x1, #1\nldr x2, [x0, #8]\nret\n')).toThrow(
      /^test\.s:2: 'ldr x2, \[x0, #8\]' accesses 0x8, expected from 0x10000c, behind the instructions, to below 0x1[0-9a-f]+$/,
    )
    expect(failing('str q0, [x0]\nret\n', -16n)).toThrow("'str q0, [x0]' accesses 0xfffffffffffffff0")
  })

  it('begin with the first byte outside', () => {
    const last = BigInt(LOWEST_ADDRESS + 0x2_0000)
    const within = (text: string, x0: bigint) => () => {
      const execution = started(text, { memoryBytes: Number(last) })
      execution.setX(0, x0)
      execution.run()
    }
    expect(within('ld1 {v0.16b-v3.16b}, [x0]\nret\n', last - 64n)).not.toThrow()
    expect(within('ld1 {v0.16b-v3.16b}, [x0]\nret\n', last - 63n)).toThrow('accesses 0x')
    expect(within('ldrb w1, [x0]\nret\n', last - 1n)).not.toThrow()
    expect(within('ldrb w1, [x0]\nret\n', last)).toThrow('accesses 0x')
    expect(within('ldrb w1, [x0]\nret\n', BigInt(LOWEST_ADDRESS + 8))).not.toThrow()
    expect(within('ldrb w1, [x0]\nret\n', BigInt(LOWEST_ADDRESS + 7))).toThrow('accesses 0x100007')
  })

  it('name a branch to where no block begins, and running off the end', () => {
    expect(failing('br x0\n', 0n)).toThrow("test.s:1: 'br x0' branches to 0x0, where no block of instructions begins")
    expect(failing('nop\nblr x0\nadd x1, x1, #1\nret\n', BigInt(LOWEST_ADDRESS + 12))).toThrow('branches to 0x10000c')
    expect(failing('nop\nadd x1, x1, #1\n')).toThrow("test.s:2: 'add x1, x1, #1' is the last instruction")
  })

  it('refuse to start where no block begins', () => {
    const execution = started('nop\nnop\nret\n')
    expect(() => execution.start(LOWEST_ADDRESS + 4)).toThrow('no label or block begins at 0x100004')
  })
})

describe('a repeated loop', () => {
  const loop = (text: string, label: string, iterations: number, windowBytes?: number) =>
    started(text, { loop: { label, iterations, ...(windowBytes === undefined ? {} : { windowBytes }) } })

  it('is executed so often, whatever its condition', () => {
    const once = loop('top:\nadd x1, x1, #1\ncmp x1, #0\nb.eq top\nret\n', 'top', 5)
    expect(records(once)).toEqual([[0], [0], [0], [0], [0]])
    expect(once.getX(1)).toBe(5n)
    const text = 'top:\nadd x1, x1, #1\ntbz x1, #0, skip\nadd x2, x2, #1\nskip:\nb top\n'
    const blocks = records(loop(text, 'top', 3)).map(([block]) => block)
    expect(blocks).toEqual([0, 1, 2, 0, 2, 0, 1, 2])
  })

  it('is closed by the last branch to its label', () => {
    const text = 'top:\nadd x1, x1, #1\ntbnz x1, #0, top\nadd x2, x2, #1\ncbnz x3, top\nret\n'
    const execution = loop(text, 'top', 2)
    while (execution.run() > 0);
    expect([execution.getX(1), execution.getX(2)]).toEqual([4n, 2n])
  })

  it('keeps its accesses in a window for each base register, of which each byte is there', () => {
    const execution = loop('top:\nld1 {v0.16b-v3.16b}, [x2], #64\nldr x1, [sp, #-8]!\nb top\n', 'top', 1000, 1024)
    const { base, bytes, apart, total } = execution.window!
    const addresses = records(execution).map((record) => record.slice(1))
    expect(bytes).toBe(1024)
    expect(base).toBeGreaterThanOrEqual(execution.program.end)
    expect(apart).toBeGreaterThanOrEqual(bytes + 64)
    for (const [i, register, step] of [
      [0, 2, 64],
      [1, 31, 8],
    ] as const) {
      const through = addresses.map((each) => each[i]!)
      const start = base + register * apart
      expect([Math.min(...through), Math.max(...through)]).toEqual([start, start + bytes - step])
      expect(new Set(through).size).toBe(bytes / step)
    }
    expect(execution.memory.length).toBeGreaterThanOrEqual(base + total)
  })

  it('must be one', () => {
    const text = 'start:\nnop\ntop:\nsubs x1, x1, #1\nb.ne top\nret\n'
    expect(() => loop(text, 'start', 1)).toThrow("no branch behind label 'start' goes back to it")
    expect(() => loop(text, 'tip', 1)).toThrow("no label 'tip'; did you mean 'top'?")
    expect(() => loop(text, 'top', 0)).toThrow('a loop of 0 iterations')
    expect(() => loop(text, 'top', 1, 100)).toThrow('a window of 100 bytes, expected a power of two')
  })
})

describe('memory', () => {
  it('holds the data of the program', () => {
    const text = '.data\n.balign 8\nword:\n.quad 0x1122334455667788\n.text\nadr x0, word\nldr x1, [x0]\nret\n'
    const execution = started(text)
    while (execution.run() > 0);
    expect(execution.getX(1)).toBe(0x1122334455667788n)
  })

  it('must hold the program', () => {
    expect(() => started('ret\n', { memoryBytes: 100 })).toThrow(/^test\.s: memory of 100 bytes, expected \d+ to \d+$/)
  })

  it('has room for the trace of every block', () => {
    const loads = (count: number) => `ldr x1, [x0]\n`.repeat(count)
    const execution = started(`${loads(8191)}ret\n`)
    execution.setX(0, BigInt(execution.program.end))
    expect([execution.run(), execution.ended]).toEqual([8192, true])
    expect(() => started(`nop\n${loads(8192)}ret\n`)).toThrow('test.s:1: 8192 instructions access memory')
    expect(() => started('')).toThrow('test.s: has no instructions to execute')
  })

  it('has the stack at its end', () => {
    expect(started('ret\n', { memoryBytes: 0x20_0008 }).getX(31)).toBe(0x20_0000n)
  })
})
