// The program as it ships, built once for all tests that start it: it starts in half the time that its sources take.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The built src/cli/main.ts. */
    main: string
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** Beside what is built lie, as in the package, the files that it reads. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'bnnsim-built-'))
  // What cannot be built is told on standard error, and fails the tests that start it, no others.
  const build = (): void => {
    const flags = ['--noCheck', '--declaration', 'false', '--outDir', join(folder, 'dist')]
    for (const part of ['machines/arm/kernels', 'report/html/assets'])
      cpSync(join(root, 'src', part), join(folder, 'dist', part), { recursive: true })
    spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...flags], { stdio: ['ignore', 2, 2] })
  }
  for (const name of ['configs', 'models', 'node_modules', 'package.json'])
    symlinkSync(join(root, name), join(folder, name))
  build()
  project.onTestsRerun(build)
  project.provide('main', join(folder, 'dist/cli/main.js'))
  return () => rmSync(folder, { recursive: true })
}
