// Coded kernels as assembly data: what a decode unit makes of them, and the programs in traces/ that count their bits.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import { assemble } from '../../../src/isa/assemble.ts'
import type { Execution } from '../../../src/isa/execute.ts'
import { codedAssembly } from '../../../src/machines/arm/coded-assembly.ts'
import { runProgram } from '../../../src/machines/arm/program.ts'
import { ArmSystem } from '../../../src/machines/arm/system.ts'
import { slicedPanels } from '../../../src/machines/arm/weights-coded.ts'
import { loadNetwork } from '../../../src/model/load.ts'
import { groupedCode } from '../../../src/opt/kernels/grouped.ts'
import { huffmanCode, limitedCode } from '../../../src/opt/kernels/huffman.ts'
import type { KernelCode } from '../../../src/work/kernel-code.ts'
import { workload } from '../../../src/work/lower.ts'
import type { BinaryWeights } from '../../../src/work/network.ts'
import { histogram, kernelsOf, sequencesOf, withSequences } from '../../../src/work/sequences.ts'
import { qemuAbsent } from '../../isa/oracle/tools.ts'

const path = (file: string): string => fileURLToPath(new URL(`../../../traces/${file}`, import.meta.url))
const shipped = (file: string): string => readFileSync(path(file), 'utf8')

/** Random weights; low sequences are the most frequent ones. */
function weightsOf(rows: number, channels: number): BinaryWeights {
  const random = seedrandom.alea(`${rows} ${channels}`)
  const sequences = Uint16Array.from({ length: rows * channels }, () => 512 * random() ** 6)
  return withSequences({ kind: 'binary', rows, taps: 9, channels, words: new Uint32Array() }, sequences)
}

const codes: Readonly<Record<string, (counts: Uint32Array) => KernelCode>> = {
  grouped: groupedCode,
  limited: (counts) => limitedCode(counts, 10),
  Huffman: huffmanCode,
}
const codeOf = (name: string, weights: BinaryWeights): KernelCode => codes[name]!(histogram(sequencesOf(weights)))

const core = loadCore('cortex-a53-decode')

/** `main` of a program that includes `data`. */
const run = (assembly: string, data: string): Execution => {
  const program = assemble(assembly, 'main.s', { include: (file) => ({ file, text: data }) })
  return runProgram(new ArmSystem(core), program, { entry: 'main' }).execution
}

/** All that the unit gives, panels `repeats` times. */
function decoded(data: string, repeats: number): Uint8Array {
  const { memory, program } = run(
    `        .include "data.s"
        .text
        .global main
main:   adrp    x0, weights_descriptor
        add     x0, x0, :lo12:weights_descriptor
        mov     x1, #${repeats}
        str     x1, [x0, #weights_repeats - weights_descriptor]
        decstart [x0]
        ldr     x1, =weights_registers * ${repeats}
        adrp    x2, out
        add     x2, x2, :lo12:out
next:   decread q0
        str     q0, [x2], #16
        subs    x1, x1, #1
        b.ne    next
        ret
        .bss
        .balign 64
out:    .space  weights_panels * weights_panel_bytes * ${repeats}
end:`,
    data,
  )
  return memory.slice(program.symbols.get('out')!, program.symbols.get('end')!)
}

describe.each(Object.keys(codes))('data in a code: %s', (name) => {
  it.each([
    [8, 3],
    [16, 64],
    [24, 200],
  ])('are what the unit makes the weights of, %i x %i', (rows, channels) => {
    const weights = weightsOf(rows, channels)
    const data = codedAssembly(weights, codeOf(name, weights), 'random weights')
    const panels = slicedPanels(weights)
    expect(decoded(data, 1)).toEqual(panels)
    const size = (panels.length / rows) * 8
    const twice = Array.from({ length: rows / 8 }, (_, i) => panels.subarray(i * size, (i + 1) * size))
    expect(Buffer.from(decoded(data, 2))).toEqual(Buffer.concat(twice.flatMap((panel) => [panel, panel])))
  })
})

it('a last panel is filled up with the most frequent sequence, and the file says so', () => {
  const weights = weightsOf(10, 32)
  const code = codeOf('grouped', weights)
  const data = codedAssembly(weights, code, '')
  expect(data).toContain('filled up: 6 outputs')
  const all = Uint16Array.from([...sequencesOf(weights), ...Array<number>(6 * 32).fill(code.symbols[0]!)])
  expect(decoded(data, 1)).toEqual(slicedPanels(withSequences({ ...weights, rows: 16 }, all)))
})

it('what the data are of stays a comment, whatever it is', () => {
  const weights = weightsOf(8, 3)
  const data = codedAssembly(weights, codeOf('grouped', weights), `a\n.error "b"\r\n/* c \\ ${'d '.repeat(99)}\u2028e`)
  expect(decoded(data, 1)).toEqual(slicedPanels(weights))
  expect(data.split('\n').filter((line) => line.length > 125)).toEqual([])
})

const conv1 = kernelsOf(workload(loadNetwork('cnv-cifar10')).layers.find(({ name }) => name === 'conv1')!)!
const ones = (weights: BinaryWeights): bigint =>
  BigInt(sequencesOf(weights).reduce((sum, sequence) => sum + sequence.toString(2).replaceAll('0', '').length, 0))

describe.each(['decode-layer.s', 'decode-layer-software.s'])('traces/%s', (file) => {
  it('counts the weights of conv1 that are +1', () => {
    expect(run(shipped(file), shipped('decode-weights.s')).getX(0)).toBe(ones(conv1))
  })

  it('counts those of other weights, some codewords of which are long', () => {
    const weights = weightsOf(40, 130)
    const code = codeOf('Huffman', weights)
    expect(Math.max(...code.lengths)).toBeGreaterThan(11)
    expect(run(shipped(file), codedAssembly(weights, code, '')).getX(0)).toBe(ones(weights))
  })
})

it.skipIf(qemuAbsent())('GNU as takes the data, and QEMU counts the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-coded-'))
  const weights = weightsOf(40, 130)
  const start = `.global _start
_start: bl main
        ldr x1, =${ones(weights)}
        cmp x0, x1
        cset w0, ne
        mov x8, #93
        svc #0
`
  const files = {
    'start.s': start,
    'main.s': shipped('decode-layer-software.s'),
    'decode-weights.s': codedAssembly(weights, codeOf('Huffman', weights), 'it\'s "quoted"'),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  execFileSync('aarch64-linux-gnu-gcc', ['-nostdlib', '-static', 'start.s', 'main.s', '-o', 'main'], { cwd: folder })
  execFileSync('qemu-aarch64', ['main'], { cwd: folder })
  rmSync(folder, { recursive: true })
})
