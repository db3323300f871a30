// Ctrl-C while something long is under way.

import type { Progress } from './progress.ts'

/** The first Ctrl-C asks to stop after the image at hand; a second ends the process. */
export function stopOnInterrupt() {
  let asked = false
  const listener = (): void => {
    asked = true
  }
  process.once('SIGINT', listener)
  return { requested: () => asked, release: () => process.removeListener('SIGINT', listener) }
}

/**
 * Ctrl-C ends at once, and tells where finished work is kept. Work in this thread, that of one job, would keep it from
 * being heard: there the process just ends. Call what it gives when all is done.
 */
export function endOnInterrupt(jobs: number, progress: Progress, kept: string | undefined): () => void {
  if (jobs === 1) return () => {}
  const listener = (): void => {
    progress.clear()
    const where = kept === undefined ? '' : `; what is finished is kept in ${kept}, the same command goes on from there`
    process.stderr.write(`bnnsim: stopped${where}\n`)
    process.exit(130)
  }
  process.once('SIGINT', listener)
  return () => process.removeListener('SIGINT', listener)
}
