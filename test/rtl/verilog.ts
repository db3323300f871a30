// Writes streaming designs as SystemVerilog, from the units in hdl/: a layer alone, or
// a machine's whole netlist of bits, each between one input and one output handshake.

import { type FoldedLayer, type Netlist, netlistOf } from '../../src/machines/streaming/netlist.ts'
import type { StreamingSpec } from '../../src/machines/streaming/spec.ts'
import type { Matrix } from '../../src/units/matrix-vector.ts'
import { copyBits } from '../../src/work/bit-range.ts'
import { wordsOf } from '../../src/work/tensor.ts'

/** A word of a memory, or on port `t` a number. */
export interface Load {
  readonly port: 'w' | 't'
  readonly pe: number
  readonly address: number
  readonly value: Uint32Array
}

/** What the memories of one unit hold. */
export type Contents = readonly Load[]

/** Row by row: PE and fold that hold it, its words of `simd` weights, and its level (sum >= level gives 1). */
function matrixContents(pe: number, simd: number, { rows, columns, words }: Matrix, levels: Int32Array): Contents {
  const folds = columns / simd
  const loads = Array.from({ length: rows }, (_, row): Load[] => {
    const at = { pe: row % pe, address: Math.floor(row / pe) }
    const weights = Array.from({ length: folds }, (_, s): Load => {
      const value = new Uint32Array(wordsOf(simd))
      copyBits(words, row * wordsOf(columns) * 32 + s * simd, value, 0, simd)
      return { port: 'w', pe: at.pe, address: at.address * folds + s, value }
    })
    const level = Math.max(0, Math.min(columns + 1, levels[row]! + 1))
    return [...weights, { port: 't', ...at, value: Uint32Array.of(level) }]
  })
  return loads.flat()
}

export interface Design {
  readonly inWidth: number
  readonly outWidth: number
  /** Units with memories, and bits of their widest word. */
  readonly units: number
  readonly loadWidth: number
  /** Instances between the signals i_v, i_r, i_d and o_v, o_r, o_d; units with memories are numbered from `unit`. */
  body(unit: number): string
}

/** A design, and what its units hold in order. */
export interface Loaded {
  readonly design: Design
  readonly contents: readonly Contents[]
}

/** Lanes of the ports that all designs share; more than two, so that Verilator makes them arrays. */
export const lanesFor = (widths: readonly number[]): number => Math.max(3, ...widths.map((w) => Math.ceil(w / 32)))

type Parameters = Readonly<Record<string, number>>

/** Nets between two units: `_v`, `_r` and `_d` are appended. */
interface Ends {
  readonly from: string
  readonly to: string
}

function instance(module: string, name: string, parameters: Parameters, { from, to }: Ends, unit?: number): string {
  const values = Object.entries(parameters).map(([key, value]) => `.${key}(${value})`)
  const wires = `.clk(clk), .rst(rst), .i_v(${from}_v), .i_r(${from}_r), .i_d(${from}_d), .o_v(${to}_v), .o_r(${to}_r), .o_d(${to}_d)`
  const here = `l_unit == ${unit}`
  const load = `, .w_we(w_we && ${here}), .t_we(t_we && ${here}), .l_pe(l_pe), .l_addr(l_addr), .l_w(l_w), .l_t(l_t)`
  return `  ${module} #(${values.join(', ')}) ${name} (${wires}${unit === undefined ? '' : load});`
}

const net = (name: string, width: number): string => `  wire ${name}_v, ${name}_r; wire [${width - 1}:0] ${name}_d;`

export interface LayerShape {
  readonly kernel: number
  readonly input: number
  readonly in: number
  readonly out: number
  readonly stride: number
  readonly pe: number
  readonly simd: number
}

/** The module conv_layer: sliding window, FIFO, matrix-vector unit. */
export function layerDesign(shape: LayerShape, matrix: Matrix, levels: Int32Array): Loaded {
  const { kernel: K, input: IFM, in: IC, out: OC, stride: S, pe: PE, simd: SIMD } = shape
  const design: Design = {
    inWidth: SIMD,
    outWidth: PE,
    units: 1,
    loadWidth: SIMD,
    body: (unit) => instance('conv_layer', 'layer', { K, IFM, IC, OC, S, PE, SIMD }, { from: 'i', to: 'o' }, unit),
  }
  return { design, contents: [matrixContents(PE, SIMD, matrix, levels)] }
}

/** Every unit and FIFO of the netlist, from the DMA behind the memory port to the one before it. */
export function netlistDesign(layers: readonly FoldedLayer[], spec: StreamingSpec, portWidth: number): Loaded {
  const netlist = netlistOf(layers, spec, portWidth)
  const width = (i: number): number => netlist.streams[i]?.width ?? portWidth
  const loaded = netlist.units.filter(({ role }) => role === 'matrix-vector').map(({ name }) => name)
  const folded = new Map(layers.map((layer) => [layer.plan.name, layer]))
  const design: Design = {
    inWidth: portWidth,
    outWidth: portWidth,
    units: layers.length,
    loadWidth: Math.max(...layers.map(({ folding }) => folding.simd)),
    body: (first) =>
      [
        ...netlist.streams.flatMap(({ width: W, depth: D }, i) => [
          net(`u${i}`, W),
          net(`f${i}`, W),
          instance('fifo', `fifo${i}`, { W, D }, { from: `u${i}`, to: `f${i}` }),
        ]),
        ...netlist.units.map((unit, i) => {
          const ends = { from: i === 0 ? 'i' : `f${i - 1}`, to: i === netlist.streams.length ? 'o' : `u${i}` }
          const { module, parameters } = hardware(unit, width(i - 1), width(i), folded.get(unit.layer))
          const at = loaded.indexOf(unit.name)
          return instance(module, `unit${i}`, parameters, ends, at < 0 ? undefined : first + at)
        }),
      ].join('\n'),
  }
  const contents = layers.map(({ plan, folding: { pe, simd } }) => matrixContents(pe, simd, plan.matrix, plan.levels!))
  return { design, contents }
}

function hardware(
  { role }: Netlist['units'][number],
  from: number,
  to: number,
  layer: FoldedLayer | undefined,
): { module: string; parameters: Parameters } {
  const converter = { module: 'width_converter', parameters: { IN: from, OUT: to } }
  if (role === 'dma' || role === 'converter') return converter
  const { plan, folding } = layer!
  const { kernel: K, stride: S, size: IFM, matrix } = plan
  if (role === 'window') {
    return { module: 'swu', parameters: { K, IFM, CF: plan.inChannels / folding.simd, WD: folding.simd, S } }
  }
  if (role === 'pool') return { module: 'or_pool', parameters: { WD: from, IFM: plan.outputs, P: plan.pool!.window } }
  const parameters = { PE: folding.pe, SIMD: folding.simd, MW: matrix.columns, MH: matrix.rows }
  return { module: 'xnor_mvu', parameters }
}

/**
 * Module `top`: all designs side by side, each with a clock, data ports padded to `lanesIn` and `lanesOut` 32-bit lanes
 * each.
 */
export function topModule(designs: readonly Design[], lanesIn: number, lanesOut: number, lanesLoad: number): string {
  const load = `input wire [7:0] l_unit, input wire w_we, input wire t_we, input wire [15:0] l_pe, input wire [31:0] l_addr, input wire [${32 * lanesLoad - 1}:0] l_w, input wire [31:0] l_t`
  const passed = ['l_unit', 'w_we', 't_we', 'l_pe', 'l_addr', 'l_w', 'l_t']
    .map((port) => `.${port}(${port})`)
    .join(', ')
  let units = 0
  const modules = designs.map((design, d) => {
    const body = design.body(units)
    units += design.units
    return `module design${d}(
  input wire clk, input wire rst,
  input wire i_v, output wire i_r, input wire [${design.inWidth - 1}:0] i_d,
  output wire o_v, input wire o_r, output wire [${design.outWidth - 1}:0] o_d,
  ${load}
);
${body}
endmodule`
  })
  const places = designs.map((design, d) => {
    const output = `o_d[${d * lanesOut * 32} +: ${lanesOut * 32}]`
    return `  wire [${design.outWidth - 1}:0] q${d}; assign ${output} = q${d};
  design${d} d${d}(.clk(clk[${d}]), .rst(rst), .i_v(i_v[${d}]), .i_r(i_r[${d}]), .i_d(i_d[${d * lanesIn * 32} +: ${design.inWidth}]), .o_v(o_v[${d}]), .o_r(o_r[${d}]), .o_d(q${d}), ${passed});`
  })
  const bits = designs.length
  return `${modules.join('\n')}
module top(
  input wire [${bits - 1}:0] clk, input wire rst,
  input wire [${bits - 1}:0] i_v, output wire [${bits - 1}:0] i_r, input wire [${bits * lanesIn * 32 - 1}:0] i_d,
  output wire [${bits - 1}:0] o_v, input wire [${bits - 1}:0] o_r, output wire [${bits * lanesOut * 32 - 1}:0] o_d,
  ${load}
);
${places.join('\n')}
endmodule
`
}
