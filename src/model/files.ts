// Reading of files that people name, and of those that ship with the package.

import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InputError } from '../work/input-error.ts'

/** Largest file read, in bytes: the whole CIFAR-10 or MNIST set fits many times over. */
const largest = 1 << 30

/** The whole file. Throws InputError when it cannot be read. */
export function readBytes(file: string): Uint8Array {
  try {
    const about = statSync(file)
    if (about.isDirectory()) throw new InputError('is a folder; expected a file', { file })
    if (!about.isFile()) throw new InputError('expected a regular file', { file })
    const { size } = about
    if (size > largest) throw new InputError(`expected at most ${largest} bytes, got ${size}`, { file })
    return readFileSync(file)
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = codeOf(error)
    throw new InputError(code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`, { file })
  }
}

export const readText = (file: string): string => new TextDecoder().decode(readBytes(file))

/** Path of a file under the package's models/ folder; the same from src/ and from dist/. */
export const shippedFile = (name: string): string => fileURLToPath(new URL(`../../models/${name}`, import.meta.url))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
