// Readers of pictures: CIFAR-10 binary, MNIST's IDX, and single PPM or PGM files,
// told apart by content.

import { existsSync } from 'node:fs'
import { InputError } from '../work/input-error.ts'
import { elements, type Shape } from '../work/tensor.ts'
import { readBytes } from './files.ts'

export interface Picture {
  /** Planes (R, G, B or one grey), each row by row from the top. */
  readonly pixels: Uint8Array
  /** Class index, where the file tells. */
  readonly label: number | null
}

export interface Pictures {
  readonly shape: Shape
  readonly pictures: readonly Picture[]
}

const cifarShape: Shape = { channels: 3, height: 32, width: 32 }
const cifarRecord = 1 + elements(cifarShape)

/** All pictures of a file, in order. Throws InputError when it is none of the formats, or damaged. */
export function readPictures(file: string): Pictures {
  const bytes = readBytes(file)
  if (bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36)) return readPnm(bytes, file)
  const cifar = bytes.length > 0 && bytes.length % cifarRecord === 0
  // A CIFAR-10 file may begin like an IDX header (label 0, red 0, 8, 3): sizes decide.
  if (isIdx(bytes) && !(cifar && !idxFits(bytes))) return readIdx(bytes, file)
  if (cifar) return readCifar(bytes)
  throw new InputError(
    `expected pictures: CIFAR-10 binary (a multiple of ${cifarRecord} bytes), IDX, or PPM or PGM (P6, P5); ` +
      `got ${bytes.length} bytes of something else`,
    { file },
  )
}

/** Records of one label byte and 3072 bytes of R, G and B planes. */
function readCifar(bytes: Uint8Array): Pictures {
  const pictures = Array.from({ length: bytes.length / cifarRecord }, (_, i) => ({
    pixels: bytes.subarray(i * cifarRecord + 1, (i + 1) * cifarRecord),
    label: bytes[i * cifarRecord]!,
  }))
  return { shape: cifarShape, pictures }
}

/** IDX header: two zero bytes, type 8 (unsigned byte), number of dimensions, then each dimension as uint32, big-endian. */
const isIdx = (bytes: Uint8Array) => bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8

function idxDimensions(bytes: Uint8Array): readonly number[] | undefined {
  const count = bytes[3]!
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 4 + 4 * count) return undefined
  return Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i))
}

const idxBytes = (dimensions: readonly number[]) => 4 + 4 * dimensions.length + dimensions.reduce((a, b) => a * b, 1)

function idxFits(bytes: Uint8Array): boolean {
  const dimensions = idxDimensions(bytes)
  return dimensions !== undefined && bytes.length === idxBytes(dimensions)
}

function readIdx(bytes: Uint8Array, file: string): Pictures {
  const [count, height, width] = idxOf(bytes, file, 3)
  const shape = { channels: 1, height: height!, width: width! }
  const size = elements(shape)
  if (size === 0) throw new InputError(`expected pictures of at least 1x1 pixels, got ${height}x${width}`, { file })
  const labels = idxLabels(file, count!)
  const pictures = Array.from({ length: count! }, (_, i) => ({
    pixels: bytes.subarray(16 + i * size, 16 + (i + 1) * size),
    label: labels?.[i] ?? null,
  }))
  return { shape, pictures }
}

/** Dimensions of an IDX file of unsigned bytes that must have `rank` of them. */
function idxOf(bytes: Uint8Array, file: string, rank: number): readonly number[] {
  if (!isIdx(bytes)) throw new InputError('expected an IDX file of unsigned bytes', { file })
  if (bytes[3] !== rank) {
    const what = rank === 3 ? 'pictures' : 'labels'
    throw new InputError(`expected ${rank} dimensions for ${what}, the IDX header has ${bytes[3]}`, { file })
  }
  const dimensions = idxDimensions(bytes)
  if (dimensions === undefined) throw new InputError('the IDX header is cut off', { file })
  if (bytes.length !== idxBytes(dimensions)) {
    const problem = `expected ${idxBytes(dimensions)} bytes for ${dimensions.join(' x ')} values, got ${bytes.length}`
    throw new InputError(problem, { file })
  }
  return dimensions
}

/** Labels beside the pictures by MNIST's naming, `x-images.idx3-ubyte` and `x-labels.idx1-ubyte`, if there. */
function idxLabels(file: string, count: number): Uint8Array | undefined {
  const labels = file.replace(/images([.-])idx3-ubyte$/, 'labels$1idx1-ubyte')
  if (labels === file || !existsSync(labels)) return undefined
  const bytes = readBytes(labels)
  const [held] = idxOf(bytes, labels, 1)
  if (held !== count)
    throw new InputError(`expected ${count} labels, one for each picture, got ${held}`, { file: labels })
  return bytes.subarray(8)
}

/** Binary PPM (P6) or PGM (P5) with 8-bit samples: magic, width, height, 255, one white space, samples by pixel. */
function readPnm(bytes: Uint8Array, file: string): Pictures {
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 1024))
  const gap = String.raw`(?:\s+(?:#[^\n]*\n\s*)*)`
  const match = new RegExp(String.raw`^P([56])${gap}(\d{1,6})${gap}(\d{1,6})${gap}(\d{1,6})\s`).exec(header)
  if (match === null) throw new InputError('expected a PPM or PGM header: P6 or P5, width, height, 255', { file })
  const [magic, width, height, most] = match.slice(1).map(Number)
  if (most !== 255)
    throw new InputError(`expected samples of 0 to 255, the header says ${most}`, { file, key: 'maxval' })
  const shape = { channels: magic === 6 ? 3 : 1, height: height!, width: width! }
  const samples = bytes.subarray(match[0].length)
  if (elements(shape) === 0 || samples.length !== elements(shape)) {
    const wanted = `${width} x ${height} x ${shape.channels}`
    throw new InputError(`expected ${wanted} = ${elements(shape)} samples after the header, got ${samples.length}`, {
      file,
    })
  }
  const { channels } = shape
  const area = shape.height * shape.width
  const pixels = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) pixels[(i % channels) * area + Math.floor(i / channels)] = samples[i]!
  return { shape, pictures: [{ pixels, label: null }] }
}
