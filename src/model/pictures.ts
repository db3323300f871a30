// Pictures by name or by file.

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
