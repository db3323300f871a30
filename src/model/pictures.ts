// Pictures by name or by file.

import { InputError } from '../work/input-error.ts'
import type { Network } from '../work/network.ts'
import type { Shape } from '../work/tensor.ts'
import { drawnPictures } from './drawn.ts'
import { type Pictures, readPictures } from './images.ts'

export interface PictureOptions {
  /** Pictures to draw or to take from the start of a file; 12 drawn, or the whole file, by default. */
  readonly count?: number
  /** Of drawn pictures. */
  readonly seed?: string | number
}

/** `drawn` gives pictures of `shape` that the project draws itself; anything else names a file. Throws InputError. */
export function loadPictures(nameOrFile: string, shape: Shape, { count, seed }: PictureOptions = {}): Pictures {
  if (nameOrFile === 'drawn') return drawnPictures(shape, count ?? 12, seed)
  const set = readPictures(nameOrFile)
  return count === undefined ? set : { ...set, pictures: set.pictures.slice(0, count) }
}

/** Throws InputError, keyed by `key`, when pictures are not of the network's shape, or a label has no class. */
export function mustFit(network: Network, { shape, pictures }: Pictures, key: string, file?: string): void {
  const place = { key, ...(file === undefined ? {} : { file }) }
  const text = ({ channels, height, width }: Shape) => `${channels} x ${height} x ${width}`
  if (text(shape) !== text(network.picture))
    throw new InputError(`${network.name} takes pictures of ${text(network.picture)}, got ${text(shape)}`, place)
  const odd = pictures.findIndex(({ label }) => label !== null && label >= network.classes.length)
  if (odd < 0) return
  const problem = `expected labels below ${network.classes.length}, picture ${odd} has ${pictures[odd]!.label}`
  throw new InputError(problem, place)
}
