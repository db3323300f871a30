// Runs the command line as a user does, in a process of its own.

import { execFile } from 'node:child_process'
import { inject } from 'vitest'

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Arguments of Node that run `bnnsim` with `args`. */
export const command = (...args: readonly string[]): string[] => [inject('main'), ...args]

export const bnnsim = (...args: readonly string[]): Promise<Finished> =>
  new Promise((resolve) => {
    execFile(process.execPath, command(...args), { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
