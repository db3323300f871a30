// GNU tools for AArch64 and qemu: builds programs and runs them.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const GCC = 'aarch64-linux-gnu-gcc'
const QEMU = 'qemu-aarch64'

/** Prints a notice when they are not there. */
export function qemuAbsent(): boolean {
  try {
    for (const tool of [GCC, QEMU]) execFileSync(tool, ['--version'], { stdio: 'pipe' })
    return false
  } catch {
    console.warn(`skipped: no ${GCC} or no ${QEMU} here (apt install gcc-aarch64-linux-gnu qemu-user)`)
    return true
  }
}

const ARCHITECTURE = '-march=armv8.2-a+dotprod'

/** Calls `use` with a folder of its own that is removed afterwards. */
function inFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-isa-'))
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents)
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Standard output of the static program without a C library that `files` make; `sources` of them are compiled. */
export function runUnderQemu(
  files: Readonly<Record<string, string | Uint8Array>>,
  sources: readonly string[],
  flags: readonly string[],
): Uint8Array {
  return inFolder(files, (folder) => {
    const options = ['-nostdlib', '-static', '-O2', ARCHITECTURE, ...flags]
    execFileSync(GCC, [...options, ...sources, '-o', 'program'], { cwd: folder, stdio: 'pipe' })
    return execFileSync(QEMU, ['-cpu', 'neoverse-n1', 'program'], { cwd: folder, maxBuffer: 2 ** 30 })
  })
}

/** The assembly text that gcc makes of C. */
export function compiled(text: string, flags: readonly string[]): string {
  return inFolder({ 'program.c': text }, (folder) => {
    execFileSync(GCC, ['-S', ARCHITECTURE, ...flags, 'program.c', '-o', 'program.s'], { cwd: folder, stdio: 'pipe' })
    return readFileSync(join(folder, 'program.s'), 'utf8')
  })
}
