// What follows a multiply-accumulate that its kernel does along: ReLU, scale and offset.

import type { Node, Op } from '../../work/network.ts'
import type { Layer } from '../../work/workload.ts'
import { LOWEST } from './border.ts'
import type { Lowering } from './lower.ts'
import type { Readers } from './readers.ts'
import { perChannel } from './weights.ts'

/** What is done to a sum before it is stored. */
export interface Chain {
  readonly absorbed: readonly Node[]
  readonly relu: boolean
  readonly affine: Extract<Op, { kind: 'affine' }> | undefined
}

/** `relu first`: sum, ReLU, affine, as binary kernels have it; else sum, affine, ReLU. */
export function chainOf(name: string, order: 'relu first' | 'affine first', readers: Readers): Chain {
  const affine = (from: string) => readers.follower(from, 'affine')
  if (order === 'affine first') {
    const first = affine(name)
    const relu = reluAfter(first?.name ?? name, readers)
    const absorbed = [first, relu].filter((node) => node !== undefined)
    return { absorbed, relu: relu !== undefined, affine: first?.op }
  }
  const relu = reluAfter(name, readers)
  const last = affine(relu?.name ?? name)
  if (last === undefined) return { absorbed: [], relu: false, affine: undefined }
  return { absorbed: relu === undefined ? [last] : [relu, last], relu: relu !== undefined, affine: last.op }
}

function reluAfter(name: string, readers: Readers): Node | undefined {
  const node = readers.follower(name, 'rprelu')
  if (node === undefined) return
  const { shiftX, slope, shiftY } = node.op
  return [shiftX, slope, shiftY].every((values) => values.every((value) => value === 0)) ? node : undefined
}

/** What a kernel does to the sums of a layer of numbers: addresses of scale and offset, and the lowest value. */
export interface RealEnd {
  readonly scale: number
  readonly offset: number
  readonly lower: number
  /** Whose value comes of it, and the nodes that are computed along. */
  readonly node: string
  readonly absorbed: readonly Node[]
}

export function realEnd({ name, shape, bias }: Layer, { memory, readers }: Lowering): RealEnd {
  const chain: Chain =
    bias === undefined ? chainOf(name, 'affine first', readers) : { absorbed: [], relu: false, affine: undefined }
  const node = chain.absorbed.at(-1)?.name ?? name
  const channels = shape.output.channels
  const scale = memory.place(perChannel(chain.affine?.scale ?? new Float32Array(channels).fill(1)))
  const offset = memory.place(perChannel(chain.affine?.offset ?? bias ?? new Float32Array(channels)))
  return { scale, offset, lower: chain.relu ? 0 : LOWEST, node, absorbed: chain.absorbed }
}
