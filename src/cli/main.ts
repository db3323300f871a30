#!/usr/bin/env node

// The command line. What a user has wrong is one line and exit code 2; a defect of the
// simulator is a stack trace and exit code 1.

import { InputError } from '../work/input-error.ts'
import { completing, completions } from './complete.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0) // the reader, such as head, has seen enough
  process.stderr.write(`bnnsim: standard output: ${error.message}\n`)
  process.exit(1)
})

const words = process.argv.slice(2)
try {
  if (words[0] === completing) {
    for (const completion of await completions(words.slice(2))) process.stdout.write(`${completion}\n`)
  } else {
    const { commandLine } = await import('./command-line.ts')
    await commandLine(words)
  }
} catch (error) {
  if (!(error instanceof InputError)) throw error
  process.stderr.write(`bnnsim: ${error.message}\n`)
  process.exitCode = 2
}
