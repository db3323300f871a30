// Calls of the kernels: places their data in memory, runs them under our execution or under qemu, and compares all of the
// memory with what is expected, byte by byte: outside of outputs nothing may change.

import { readFileSync } from 'node:fs'
import seedrandom from 'seedrandom'
import { includeBeside } from '../../../../src/isa/assemble/include.ts'
import { assemble } from '../../../../src/isa/assemble.ts'
import { Execution } from '../../../../src/isa/execute.ts'
import type { Program } from '../../../../src/isa/instruction.ts'
import { keptExecuted, kernelUnderQemu } from './registers.ts'

export type Numbers = Uint8Array | Int8Array | Uint16Array | Int16Array | Int32Array | Uint32Array | Float32Array

/** Memory that a kernel writes: what is there before, and what has to be there afterwards. */
export interface Output {
  readonly before: Numbers
  readonly after: Numbers
  /** Largest difference of a float, as part of the largest magnitude in `after`; without it, bits are compared. */
  readonly tolerance?: number
}

/** An address within data, `byte` bytes behind its beginning. */
interface Within {
  readonly of: Numbers | Output
  readonly byte: number
}

/** A word of the parameter block: a number, or data, of which it is the address. */
export type Word = number | bigint | Numbers | Output | Within

export interface Call {
  readonly name: string
  readonly entry: string
  readonly words: readonly Word[]
}

/** Address of the data. Below it lie the code and, in our execution, the stack. */
const DATA = 0x100_0000
const GUARD = 64

interface Piece {
  readonly call: Call
  /** In `image`. */
  readonly offset: number
  readonly output: Output | null
  readonly bytes: number
}

/** All data of some calls. */
export interface Image {
  readonly image: Uint8Array
  /** Entry and address of the parameter block of each call. */
  readonly starts: readonly { readonly entry: string; readonly block: number }[]
  readonly pieces: readonly Piece[]
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
const contentOf = (data: Numbers | Output): Numbers => ('before' in data ? data.before : data)
const dataOf = (word: Word): Numbers | Output | null => {
  if (typeof word !== 'object') return null
  return 'of' in word ? word.of : word
}

/** Data of `calls`, each piece at a multiple of 16 between bytes at random; the image ends with `last`, if it is given. */
function place(calls: readonly Call[], last: Numbers | null = null): Image {
  const pieces: Piece[] = []
  const starts: { entry: string; block: number }[] = []
  const contents: { offset: number; bytes: Uint8Array }[] = []
  let end = GUARD
  const put = (bytes: Uint8Array): number => {
    const offset = end
    contents.push({ offset, bytes })
    end = GUARD + 16 * Math.ceil((end + bytes.length) / 16)
    return offset
  }
  for (const call of calls) {
    const block = put(new Uint8Array(8 * call.words.length))
    const offsets = new Map<Numbers | Output, number>()
    const data = [...new Set(call.words.map(dataOf))].filter((data) => data !== null)
    for (const one of data.sort((a, b) => Number(a === last) - Number(b === last))) {
      const bytes = bytesOf(contentOf(one))
      const offset = put(bytes)
      offsets.set(one, offset)
      pieces.push({ call, offset, output: 'before' in one ? one : null, bytes: bytes.length })
    }
    const words = BigUint64Array.from(call.words, (word) => {
      if (typeof word !== 'object') return BigInt.asUintN(64, BigInt(word))
      return BigInt(DATA + offsets.get(dataOf(word)!)! + ('of' in word ? word.byte : 0))
    })
    contents.push({ offset: block, bytes: new Uint8Array(words.buffer) })
    starts.push({ entry: call.entry, block: DATA + block })
  }
  if (last !== null) end = pieces.at(-1)!.offset + last.byteLength
  const random = seedrandom.alea('guard')
  const image = Uint8Array.from({ length: end }, () => 256 * random())
  for (const { offset, bytes } of contents) image.set(bytes, offset)
  return { image, starts, pieces }
}

const kernelFile = (name: string): string =>
  new URL(`../../../../src/machines/arm/kernels/${name}.s`, import.meta.url).pathname

const programs = new Map<string, Program>()

function programOf(name: string): Program {
  const file = kernelFile(name)
  const program = programs.get(name) ?? assemble(readFileSync(file, 'utf8'), file, { include: includeBeside })
  programs.set(name, program)
  return program
}

/** The image after all calls, under our execution. */
function executed(name: string, { image, starts }: Image): { image: Uint8Array; kept: boolean[] } {
  const execution = new Execution(programOf(name), { memoryBytes: DATA + image.length })
  execution.memory.set(image, DATA)
  const kept = starts.map(({ entry, block }) => keptExecuted(execution, entry, block, DATA))
  return { image: execution.memory.slice(DATA), kept }
}

const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer)

function largestError(output: Output, bytes: Uint8Array): number {
  const after = floatsOf(bytesOf(output.after))
  const found = floatsOf(bytes)
  const largest = after.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return after.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!) / largest), 0)
}

/** What is wrong after the calls of kernels in `name`.s: nothing, if they are right. */
export function problems(name: string, calls: readonly Call[]): string[] {
  const placed = place(calls)
  const { image, kept } = executed(name, placed)
  const wanted = placed.image.slice()
  const found = calls.filter((_, i) => !kept[i]).map((call) => `${call.name}: registers of the caller are not kept`)
  for (const { call, offset, output, bytes } of placed.pieces) {
    if (output === null) continue
    const written = image.subarray(offset, offset + bytes)
    if (output.tolerance === undefined) wanted.set(bytesOf(output.after), offset)
    else {
      const error = largestError(output, written)
      if (!(error <= output.tolerance)) found.push(`${call.name}: error of ${error}`)
      wanted.set(written, offset)
    }
  }
  return [...found, ...differences(placed, image, wanted)]
}

/** Reads behind the end of inputs: memory ends with each of them in turn. */
export function readsBehind(name: string, calls: readonly Call[]): string[] {
  return calls.flatMap((call) =>
    call.words.flatMap((word, i) => {
      const data = dataOf(word)
      if (data === null || 'before' in data) return []
      try {
        executed(name, place([call], data))
        return []
      } catch (error) {
        return [`${call.name}: word ${i}: ${error}`]
      }
    }),
  )
}

/** Where our execution and qemu differ. */
export function differencesFromQemu(name: string, calls: readonly Call[]): string[] {
  const placed = place(calls)
  const theirs = kernelUnderQemu(kernelFile(name), placed, DATA)
  const found = calls.filter((_, i) => !theirs.kept[i]).map((call) => `${call.name}: registers are not kept in qemu`)
  return [...found, ...differences(placed, executed(name, placed).image, theirs.image)]
}

/** First difference behind each beginning of a piece. */
function differences({ pieces }: Image, found: Uint8Array, wanted: Uint8Array): string[] {
  const ends = [...pieces.slice(1).map(({ offset }) => offset), found.length]
  return pieces.flatMap(({ call, offset, bytes, output }, i) => {
    for (let at = i === 0 ? 0 : offset; at < ends[i]!; at++) {
      if (found[at] === wanted[at]) continue
      const place = at < offset || at >= offset + bytes ? 'outside of data' : output === null ? 'in an input' : ''
      return [`${call.name}: byte ${at - offset} is ${found[at]}, not ${wanted[at]} ${place}`.trim()]
    }
    return []
  })
}
