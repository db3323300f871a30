// A quantity: figures that are counted in a network or measured on pictures, without a machine.

import { basename } from 'node:path'
import { z } from 'zod'
import { loadNetwork } from '../model/load.ts'
import type { Network } from '../work/network.ts'
import { count } from '../work/quantity.ts'

export interface Counted {
  readonly network: string
  /** As the entry of that name in a result. */
  readonly weights: string
  readonly pictures: string
  /** By name; null where the pictures do not tell. */
  readonly figures: Readonly<Record<string, number | null>>
}

export interface Quantity {
  readonly summary: string
  /** Its options; `weights` and `images` are paths of files. */
  readonly schema: z.ZodType
  /** Names of its figures. */
  readonly figures: readonly string[]
  /** Throws InputError for what options or files have wrong. */
  count(options: never): Counted | Promise<Counted>
}

/** Options of any quantity that counts in a network. */
export const networkOptions = {
  network: z.string(),
  /** Model file with weights for the network named. */
  weights: z.string().exactOptional(),
  seed: count().default(1),
}

export interface NetworkOptions {
  readonly network: string
  readonly weights?: string
  readonly seed: number
}

export const networkOf = ({ network, weights, seed }: NetworkOptions): Network =>
  loadNetwork(network, { seed, ...(weights === undefined ? {} : { weightsFile: weights }) })

/** What a quantity says of the network it counted in; `images` is the file of pictures, if it looked at any. */
export const about = ({ name, weights }: Network, options: NetworkOptions, pictures = 'none') => ({
  network: name,
  weights: options.weights === undefined ? weights : basename(options.weights),
  pictures,
})
