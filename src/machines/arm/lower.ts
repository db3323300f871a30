// From a workload to what the ARM machine does: places in memory, steps, calls. Layer by layer, node by node; a
// multiply-accumulate takes the nodes behind it that its kernel computes along.

import { checkNetwork, type Values } from '../../work/check.ts'
import { InputError } from '../../work/input-error.ts'
import type { MacShape, Network, Node, Op, OpKind } from '../../work/network.ts'
import type { Shape } from '../../work/tensor.ts'
import type { Layer, Workload } from '../../work/workload.ts'
import { elementwise } from './elementwise.ts'
import { type Group, groupsOf, onePass } from './fusion.ts'
import { macCalls } from './mac.ts'
import { takesInt8 } from './mac-int8.ts'
import { type Border, type Buffer, type MemoryMap, noBorder, roundUp, type Storage } from './memory-map.ts'
import { borderOf, type Call, LOWEST, type Made, type Plan, type Step } from './plan.ts'
import type { ArmSpec, KernelSet } from './spec.ts'
import { PANEL } from './weights.ts'

/** A node of one kind. */
type NodeOf<K extends OpKind> = Omit<Node, 'op'> & { readonly op: Extract<Op, { kind: K }> }

/** Throws InputError, with layer and node, for what the machine has no kernel for. */
export function planOf(workload: Workload, library: Library, memory: MemoryMap): Plan {
  return new Lowering(workload, library, memory).plan()
}

/** Which kernels compute what. */
export type Library = Pick<ArmSpec, 'kernels' | 'fusion'>

export class Lowering {
  readonly kernels: KernelSet
  readonly memory: MemoryMap

  private readonly workload: Workload
  private readonly values: ReadonlyMap<string, Values>
  private readonly consumers = new Map<string, Node[]>()
  private readonly buffers = new Map<string, Buffer>()
  private readonly uses = new Map<string, number>() // nodes that still read it
  private readonly steps: Step[] = []
  private readonly done = new Set<string>() // nodes
  private readonly groups: ReadonlyMap<string, Group> // by node, what it is computed with

  constructor(workload: Workload, { kernels, fusion }: Library, memory: MemoryMap) {
    this.kernels = kernels
    const { network } = workload
    this.workload = workload
    this.memory = memory
    this.values = checkNetwork(network)
    for (const node of network.nodes)
      for (const name of new Set(node.inputs)) this.consumers.set(name, [...this.readers(name), node])
    for (const [name, readers] of this.consumers) this.uses.set(name, readers.length)
    const { scores, bits = scores } = network.decision
    for (const name of [scores, bits]) this.uses.set(name, Infinity)
    this.groups = fusion === 'elementwise' ? groupsOf(network, this) : new Map()
  }

  plan(): Plan {
    const { network, preamble, layers } = this.workload
    const input = this.inputBuffer(network)
    for (const node of preamble) this.addNode(layers[0]?.name ?? node.name, node)
    for (const layer of layers) {
      this.addMac(layer)
      for (const node of layer.post) this.addNode(layer.name, node)
    }
    return { network, memory: this.memory, input, steps: this.steps }
  }

  /** Nodes that read a value. */
  readers(name: string): readonly Node[] {
    return this.consumers.get(name) ?? []
  }

  /** The one node that reads the value, of this kind, if nobody else needs it; else undefined. */
  follower<K extends OpKind>(name: string, kind: K): NodeOf<K> | undefined {
    const [only, ...others] = this.readers(name)
    if (only === undefined || others.length > 0 || this.uses.get(name) === Infinity || only.op.kind !== kind) return
    return only as NodeOf<K>
  }

  /** Whether a value is of reals. */
  isReal(name: string): boolean {
    return this.values.get(name) === 'real'
  }

  /** The value of a node that has been computed. */
  buffer(name: string): Buffer {
    return this.buffers.get(name)!
  }

  /** Room for the value of `node`, with the border that its readers want where `bordered`. */
  output(node: string, storage: Storage, shape: Shape, bordered: boolean): Buffer {
    const border = bordered ? this.borderFor(node, storage) : noBorder
    return this.memory.allocate(storage, shape, pixelBytesOf(storage, shape.channels), border)
  }

  /** Room for the value of `node`: that of one of these values, which it is made of, if nobody reads this any more; else other room. */
  outputOver(names: readonly string[], node: string, shape: Shape): Buffer {
    const border = this.borderFor(node, 'f32')
    const last = names.find((name) => this.uses.get(name) === 1 && isNone(border) && isNone(this.buffer(name).border))
    if (last === undefined) return this.output(node, 'f32', shape, true)
    this.uses.set(last, Infinity) // not to be released
    return this.buffer(last)
  }

  /** The value with at least this border, copied where it has another one, and the call that copies it. */
  padded(name: string, border: Border): { buffer: Buffer; calls: Call[]; free: () => void } {
    const buffer = this.buffer(name)
    const { before, after, word } = buffer.border
    const fits = before >= border.before && after >= border.after && (word === border.word || isNone(border))
    if (fits) return { buffer, calls: [], free: () => {} }
    const { storage, shape, pixelBytes } = buffer
    const copy = this.memory.allocate(storage, shape, pixelBytes, border)
    const bytes = shape.width * pixelBytes
    const params = [shape.height, bytes, buffer.address, buffer.rowBytes, copy.address, copy.rowBytes]
    return { buffer: copy, calls: [{ kernel: 'copy_rows', params }], free: () => this.memory.release(copy) }
  }

  private addMac(layer: Layer): void {
    const { output, calls, absorbed } = macCalls(layer, this)
    for (const { name } of absorbed) this.done.add(name)
    const node = absorbed.at(-1)?.name ?? layer.name
    this.finish(layer.name, [this.made(node, output)], calls, [layer.input])
  }

  private addNode(layer: string, node: Node): void {
    if (this.done.has(node.name)) return
    const group = this.groups.get(node.name)
    if (group === undefined) {
      const { output, calls } = atNode(node.name, () => elementwise(node, this))
      this.finish(layer, [this.made(node.name, output)], calls, [...new Set(node.inputs)])
    } else if (node === group.value) this.addGroup(layer, group, node)
  }

  private addGroup(layer: string, group: Group, node: Node): void {
    const { value, bits, calls } = onePass(group, this)
    const made = [this.made(node.name, value)]
    if (bits !== undefined) made.push(this.made(group.sign!.name, bits))
    const reads = group.adds.flatMap(({ inputs }) => [...new Set(inputs)])
    this.finish(layer, made, calls, group.sign === undefined ? reads : [...reads, node.name])
  }

  private made(node: string, output: Buffer): Made {
    const values = this.values.get(node)!
    return { node, kind: values === 'bit' ? 'bits' : values === 'real' ? 'real' : 'int', output }
  }

  /** `reads`: what has been read, as often as it was counted. */
  private finish(layer: string, made: readonly Made[], calls: readonly Call[], reads: readonly string[]): void {
    for (const { node, output } of made) {
      this.done.add(node)
      this.buffers.set(node, output)
    }
    this.steps.push({ layer, made, calls })
    for (const name of reads) this.use(name)
  }

  private use(name: string): void {
    const left = this.uses.get(name)! - 1
    this.uses.set(name, left)
    if (left === 0 && name !== 'input') this.memory.release(this.buffer(name))
  }

  private inputBuffer({ input, encoding }: Network): Buffer {
    const bits = encoding.kind === 'bit' || encoding.kind === 'thermometer'
    const storage = bits ? 'bits' : this.readersTakeInt8('input') ? 'i8' : 'f32'
    const border = this.borderFor('input', storage)
    const pixelBytes = storage === 'f32' ? 4 * input.channels : pixelBytesOf(storage, input.channels)
    const buffer = this.memory.allocate(storage, input, pixelBytes, border)
    this.buffers.set('input', buffer)
    return buffer
  }

  private readersTakeInt8(name: string): boolean {
    const layers = this.workload.layers.filter(({ input }) => input === name)
    return layers.length === this.readers(name).length && layers.every(takesInt8)
  }

  /** What readers of a value want around it, as far as they agree. */
  private borderFor(name: string, storage: Storage): Border {
    const wanted = this.readers(name).flatMap(({ op }) => {
      if (op.kind !== 'mac' && op.kind !== 'pool') return []
      const border = borderWanted(op, storage, this.channelsOf(name))
      return isNone(border) ? [] : [border]
    })
    const [first] = wanted
    if (first === undefined) return noBorder
    const agreeing = wanted.filter(({ word }) => word === first.word)
    const most = (side: 'before' | 'after'): number => Math.max(...agreeing.map((border) => border[side]))
    return { before: most('before'), after: most('after'), word: first.word }
  }

  private channelsOf(name: string): number {
    const { network } = this.workload
    return (network.nodes.find((node) => node.name === name)?.output ?? network.input).channels
  }
}

const isNone = ({ before, after }: Border): boolean => before === 0 && after === 0

/** Whole words; numbers of 32 bits fill up the last panel of channels. */
export function pixelBytesOf(storage: Storage, channels: number): number {
  if (storage === 'i8') return roundUp(channels, 4)
  return storage === 'bits' ? 4 * Math.ceil(channels / 32) : 4 * roundUp(channels, PANEL)
}

/** What reads windows. */
type Windowed = { readonly kind: 'mac'; readonly shape: MacShape } | Extract<Op, { kind: 'pool' }>

/** What lies around a value that `op` reads. */
export function borderWanted(op: Windowed, storage: Storage, channels: number): Border {
  if (op.kind === 'pool') return borderOf(op.padding, op.pool === 'max' && storage !== 'bits' ? LOWEST : 0)
  const { padding, padValue } = op.shape
  if (storage !== 'bits') {
    if (padValue !== 0 && padding.before + padding.after > 0)
      throw new InputError(`no kernel for numbers padded with ${padValue}: expected padding with 0`)
    return borderOf(padding, 0)
  }
  if (padValue !== 1) return borderOf(padding, 0)
  if (channels % 32 !== 0 && channels > 32)
    throw new InputError(`no kernel for ${channels} channels padded with 1: expected a multiple of 32, or fewer`)
  return borderOf(padding, channels % 32 === 0 ? 0xffff_ffff : 2 ** channels - 1)
}

/** Names the node in an error of `body`. */
function atNode<T>(node: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof InputError) || error.place.key !== undefined) throw error
    throw new InputError(error.message, { ...error.place, key: node })
  }
}
