// A layer's coded 3x3 kernels as assembly data in GNU syntax, for programs outside of a network.

import { encode, type KernelCode } from '../../work/kernel-code.ts'
import type { BinaryWeights } from '../../work/network.ts'
import { SEQUENCES } from '../../work/sequences.ts'
import { PANEL } from './memory-map.ts'
import { STEP } from './weights.ts'
import { AHEAD_BYTES, lookupOf, slicedDepth, slicedSequences } from './weights-coded.ts'

/** Columns of a comment. */
const WIDTH = 118

/** `about`: what the weights are of, and how they were coded; goes into the comment on top. */
export function codedAssembly(weights: BinaryWeights, code: KernelCode, about: string): string {
  const { rows, channels } = weights
  const panels = Math.ceil(rows / PANEL)
  const sequences = slicedSequences(weights, code.symbols[0]!)
  const { bytes, bits } = encode(sequences, code)
  const { symbols, ranges, lookup } = lookupOf(code)
  const panelBytes = PANEL * slicedDepth(channels)
  const constants = {
    weights_channels: channels,
    weights_outputs: rows,
    weights_panels: panels,
    weights_panel_bytes: panelBytes,
    weights_registers: (panels * panelBytes) / STEP,
    weights_sequences: sequences.length,
    weights_range_count: code.ranges.length,
  }
  const missing = panels * PANEL - rows
  return [
    ...comment(about),
    ...comment(
      `${sequences.length} sequences of 9 weights in ${bits} bits, ${(bits / sequences.length).toFixed(3)} each.` +
        (missing === 0 ? '' : ` The last panel is filled up: ${missing} outputs of the most frequent sequence.`),
    ),
    '//',
    ...comment(usage),
    '',
    ...Object.entries(constants).map(([name, value]) => `        .equ    ${name}, ${value}`),
    '',
    '        .pushsection .data',
    '        .balign 64',
    'weights_descriptor:',
    '        .xword  weights_stream, 0',
    '        .xword  weights_symbols, weights_ranges, weights_range_count',
    '        .xword  weights_channels, weights_panels',
    'weights_repeats:',
    '        .xword  1',
    '',
    '// uint32: the first codeword as the first of 32 bits, bits of a codeword, place of its symbol, 0.',
    'weights_ranges:',
    ...data('.word', 4, ranges, (value) => hex(value, 8)),
    '',
    '// uint16, by place: bit t is the weight at tap t, row by row, 1 for +1.',
    '        .balign 64',
    'weights_symbols:',
    ...data('.hword', 12, symbols, (value) => hex(value, 3)),
    ...(symbols.length === SEQUENCES ? [] : [`        .zero   ${2 * (SEQUENCES - symbols.length)}`]),
    '',
    '// Codewords, the first bit the most significant of a byte: by panel of 8 outputs, slice of 128 channels, output, channel.',
    '        .balign 64',
    'weights_stream:',
    ...data('.byte', 16, bytes, (value) => hex(value, 2)),
    `        .zero   ${AHEAD_BYTES}`,
    '',
    '// uint16, by the next 11 bits: bits of the codeword (0-5), bit 8 of the symbol (7), its bits 0-7 (8-15); 0 if longer.',
    '        .balign 64',
    'weights_lookup:',
    ...data('.hword', 12, lookup, (value) => hex(value, 4)),
    '        .popsection',
    '',
  ].join('\n')
}

const usage =
  'Include this file where code begins; it leaves the section as it was. With the address of weights_descriptor in a ' +
  'register, decstart begins decoding; each decread then gives 16 of weights_panel_bytes, weights_registers in all. ' +
  'For each panel to be given several times, store their number to weights_repeats before. Software decodes with ' +
  'weights_lookup, and codewords that are longer with weights_ranges and weights_symbols. See docs/decode-unit.md.'

/** Line comments of the words of a text, whatever it has for white space. */
function comment(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && longer.length <= WIDTH) lines[lines.length - 1] = longer
    else lines.push(`// ${word}`)
  }
  return lines
}

function data(
  directive: string,
  perLine: number,
  values: Uint8Array | Uint16Array | Uint32Array,
  text: (value: number) => string,
): string[] {
  const head = `        ${directive.padEnd(7)} `
  return Array.from({ length: Math.ceil(values.length / perLine) }, (_, i) => {
    const row = Array.from(values.subarray(i * perLine, (i + 1) * perLine), text)
    return head + row.join(', ')
  })
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`
