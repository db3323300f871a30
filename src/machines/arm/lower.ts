// From a workload to what the ARM machine does: places in memory, steps, calls. Layer by layer, node by node; a
// multiply-accumulate takes the nodes behind it that its kernel computes along.

import { InputError, keyed } from '../../work/input-error.ts'
import type { Network, Node } from '../../work/network.ts'
import type { Shape } from '../../work/tensor.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { borderWanted, isNone } from './border.ts'
import { type Brought, converted } from './convert.ts'
import { elementwise } from './elementwise.ts'
import { type FixedGroup, fixedGroupsOf } from './fixed-group.ts'
import { takesIntegers } from './fixed-steps.ts'
import type { Blocking } from './fixed-tables.ts'
import { type Group, groupsOf, onePass } from './fusion.ts'
import { macCalls } from './mac.ts'
import type { FixedPlaces } from './mac-fixed.ts'
import { takesInt8 } from './mac-int8.ts'
import {
  type Border,
  type Buffer,
  type MemoryMap,
  noBorder,
  pixelBytesOf,
  roundUp,
  type Storage,
  sizeOf,
} from './memory-map.ts'
import type { Call, Made, Plan, Step } from './plan.ts'
import { Readers } from './readers.ts'
import type { ArmSpec, DecodedBy, KernelSet } from './spec.ts'

/** Throws InputError, with layer or node, for what the machine has no kernel for. */
export function planOf(workload: Workload, library: Library, memory: MemoryMap): Plan {
  return new Lowering(workload, library, memory).plan()
}

/** Windows of 16-bit integers whose sums float32 holds. */
const LARGEST_WINDOW = 22

/** Which kernels compute what. */
export type Library = Omit<ArmSpec, 'core' | 'blocking'> & { readonly blocking?: Blocking }

export class Lowering {
  readonly kernels: KernelSet
  readonly decoding: DecodedBy
  readonly block: number
  readonly memory: MemoryMap
  readonly readers: Readers
  /** By layer, what its kernel computes along in fixed point. */
  readonly fixedGroups: ReadonlyMap<string, FixedGroup>
  /** Of values that several layers make, places until all of them have. */
  readonly parts = new Map<string, FixedPlaces>()
  readonly blocking: Blocking

  private readonly workload: Workload
  private readonly groups: ReadonlyMap<string, Group> // by node, what it is computed with
  private readonly buffers = new Map<string, Buffer>()
  private readonly read = new Map<string, number>() // nodes that have read it
  private readonly kept = new Set<string>() // places that hold another value now
  private readonly steps: Step[] = []
  private readonly tables = new Map<object, Map<string, number>>()
  private readonly done = new Set<string>() // nodes

  constructor(workload: Workload, { kernels, fusion, decoding, block, blocking }: Library, memory: MemoryMap) {
    const { network } = workload
    this.kernels = kernels
    this.decoding = decoding
    this.block = block
    this.blocking = blocking ?? 'tree'
    this.workload = workload
    this.memory = memory
    this.readers = new Readers(network)
    this.fixedGroups = kernels === 'direct' ? fixedGroupsOf(workload, this.readers) : new Map()
    this.groups = fusion === 'elementwise' ? groupsOf(network, this.readers) : new Map()
  }

  plan(): Plan {
    const { network, preamble, layers } = this.workload
    if (layers.length === 0) throw new InputError('the arm machine needs a layer that multiplies and accumulates')
    const input = this.inputBuffer(network)
    for (const node of preamble) this.addNode(layers[0]!.name, node)
    for (const layer of layers) {
      this.addMac(layer)
      for (const node of layer.post) this.addNode(layer.name, node)
    }
    return { network, memory: this.memory, input, steps: this.steps }
  }

  /** The value of a node that has been computed. */
  buffer(name: string): Buffer {
    return this.buffers.get(name)!
  }

  /** Address of a table of `owner`, which several layers may share. */
  readonly once = (owner: object, what: string, make: () => ArrayBufferView): number => {
    const known = this.tables.get(owner) ?? new Map<string, number>()
    this.tables.set(owner, known)
    const address = known.get(what) ?? this.memory.place(make())
    known.set(what, address)
    return address
  }

  /** Room for the value of `node`, with the border that its readers want where `bordered`; numbers may have pixels of so many elements. */
  output(node: string, storage: Storage, shape: Shape, bordered: boolean, elements?: number): Buffer {
    const border = bordered ? this.borderFor(node, storage, shape) : noBorder
    const given = elements !== undefined && storage !== 'bits'
    const pixelBytes = given ? elements * sizeOf[storage] : pixelBytesOf(storage, shape.channels)
    return this.memory.allocate(storage, shape, pixelBytes, border)
  }

  /** Room for the value of `node`: that of one of `names`, which it is made of, if nobody reads this any more; else other room. */
  outputOver(names: readonly string[], node: string, shape: Shape): Buffer {
    const border = this.borderFor(node, 'f32', shape)
    return (isNone(border) ? this.placeOf(names) : undefined) ?? this.output(node, 'f32', shape, true)
  }

  /** The place of one of `names` that nobody reads any more, for what is made of it. */
  placeOf(names: readonly string[]): Buffer | undefined {
    const last = names.find((name) => this.isLast(name) && isNone(this.buffer(name).border))
    if (last === undefined) return
    this.kept.add(last)
    return this.buffer(last)
  }

  /** The value with at least this border: copied where it has another one, or another storage. */
  padded(name: string, border: Border, storage?: Storage): Brought {
    if (storage === 'f32' && !this.isExact(name))
      throw new InputError('the arm machine has no kernel for reals of 32-bit integers: expected what 16 bits hold')
    return this.bring(this.buffer(name), border, storage)
  }

  /** What lies in `buffer`, as `padded` gives it. */
  bring(buffer: Buffer, border: Border, wanted = buffer.storage): Brought {
    if (wanted !== buffer.storage && (wanted === 'f32' || wanted === 'i32'))
      return converted(buffer, wanted, border, this.memory)
    const { before, after, word } = buffer.border
    const fits = before >= border.before && after >= border.after && (word === border.word || isNone(border))
    if (fits) return { buffer, calls: [], free: () => {} }
    const { storage, shape, pixelBytes } = buffer
    const copy = this.memory.allocate(storage, shape, pixelBytes, border)
    const bytes = shape.width * pixelBytes
    const params = [shape.height, bytes, buffer.address, buffer.rowBytes, copy.address, copy.rowBytes]
    return { buffer: copy, calls: [{ kernel: 'copy_rows', params }], free: () => this.memory.release(copy) }
  }

  /** Whether float32 holds all values that a node may have. */
  isExact(name: string): boolean {
    const maker = this.readers.maker(name)
    if (maker === undefined || this.buffer(name).storage !== 'i32') return true
    const { op, inputs } = maker
    if (op.kind === 'mac') return op.weights.kind === 'binary'
    if (op.kind === 'pool' && op.pool === 'sum')
      return op.window <= LARGEST_WINDOW && this.buffer(inputs[0]!).storage !== 'i32'
    return !takesIntegers(op) && op.kind !== 'quantise' && inputs.every((input) => this.isExact(input))
  }

  private addMac(layer: Layer): void {
    for (const node of this.fixedGroups.get(layer.name)?.early ?? []) this.addNode(layer.name, node)
    const { made, calls, absorbed } = keyed(layer.name, () => macCalls(layer, this))
    for (const { name } of absorbed) this.done.add(name)
    const values = made.map(({ node, output }) => this.made(node, output))
    this.finish(layer.name, values, calls, [{ inputs: [layer.input] }, ...absorbed])
  }

  private addNode(layer: string, node: Node): void {
    if (this.done.has(node.name)) return
    const group = this.groups.get(node.name)
    if (group === undefined) {
      const { output, calls } = keyed(node.name, () => elementwise(node, this))
      this.finish(layer, [this.made(node.name, output)], calls, [node])
    } else if (node === group.value) this.addGroup(layer, group)
  }

  private addGroup(layer: string, group: Group): void {
    const { value, sign, nodes } = group
    const { output, bits, calls } = onePass(group, this)
    const made = [this.made(value.name, output)]
    if (bits !== undefined) made.push(this.made(sign!.name, bits))
    this.finish(layer, made, calls, nodes)
  }

  private made(node: string, output: Buffer): Made {
    const values = this.readers.kind(node)
    return { node, kind: values === 'bit' ? 'bits' : values === 'real' ? 'real' : 'int', output }
  }

  /** `nodes`: those that have been computed on the way, and have read what is in memory. */
  private finish(
    layer: string,
    made: readonly Made[],
    calls: readonly Call[],
    nodes: readonly Pick<Node, 'inputs'>[],
  ): void {
    for (const { node, output } of made) {
      this.done.add(node)
      this.buffers.set(node, output)
    }
    this.steps.push({ layer, made, calls })
    for (const { inputs } of nodes) for (const name of new Set(inputs)) if (this.buffers.has(name)) this.use(name)
  }

  private use(name: string): void {
    if (this.isLast(name) && !this.kept.has(name)) this.memory.release(this.buffer(name))
    this.read.set(name, (this.read.get(name) ?? 0) + 1)
  }

  /** Whether only one node is left that needs the value. */
  private isLast(name: string): boolean {
    const left = this.readers.of(name).length - (this.read.get(name) ?? 0)
    return left === 1 && name !== 'input' && !this.readers.decides(name)
  }

  private inputBuffer({ input, encoding }: Network): Buffer {
    const bits = encoding.kind === 'bit' || encoding.kind === 'thermometer'
    const readers = this.readers.of('input')
    const layers = this.workload.layers.filter((layer) => layer.input === 'input' && !layer.shape.depthwise)
    const products = layers.length === readers.length // all read it as rows
    const whole = encoding.kind === 'int8' && readers.some(({ op }) => takesIntegers(op))
    const storage = bits ? 'bits' : whole || (products && layers.every(takesInt8)) ? 'i8' : 'f32'
    const dense = this.takenInRuns('input') || (products && storage === 'f32')
    const words = products && storage === 'i8' ? roundUp(input.channels, 4) : undefined
    const buffer = this.output('input', storage, input, true, dense ? input.channels : words)
    this.buffers.set('input', buffer)
    return buffer
  }

  /** Whether all that read a value first convert it to rows, whatever elements its pixels have. */
  private takenInRuns(name: string): boolean {
    const readers = this.readers.of(name)
    return readers.every(
      ({ name: reader, op }) =>
        (op.kind === 'mac' && op.weights.kind === 'integer') || (op.kind === 'quantise' && this.takenInRuns(reader)),
    )
  }

  /** What readers of a value want around it, as far as they agree. */
  private borderFor(name: string, storage: Storage, { channels }: Shape): Border {
    const wanted = this.readers.of(name).flatMap(({ name: reader, op }) => {
      if (op.kind !== 'mac' && op.kind !== 'pool') return []
      // Converted, and padded then.
      if (op.kind === 'mac' && op.weights.kind === 'integer' && storage !== 'i32') return []
      const border = keyed(reader, () => borderWanted(op, storage, channels))
      return isNone(border) ? [] : [border]
    })
    const [first] = wanted
    if (first === undefined) return noBorder
    const agreeing = wanted.filter(({ word }) => word === first.word)
    const most = (side: 'before' | 'after'): number => Math.max(...agreeing.map((border) => border[side]))
    return { before: most('before'), after: most('after'), word: first.word }
  }
}
