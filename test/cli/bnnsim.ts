// Runs the command line as a user does, from the sources.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Arguments of Node that run `bnnsim` with `args`. */
export const command = (...args: readonly string[]): string[] => ['--import', 'tsx', main, ...args]

export const bnnsim = (...args: readonly string[]): Promise<Finished> =>
  new Promise((resolve) => {
    execFile(process.execPath, command(...args), { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
