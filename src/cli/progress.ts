// A line on the terminal that tells how far a long command is. Nothing where output does
// not go to a terminal, or with --quiet.

const INTERVAL = 100 // milliseconds between updates

export class Progress {
  private readonly enabled: boolean
  private shown = false
  private updatedAt = 0

  constructor(quiet: boolean) {
    this.enabled = !quiet && process.stderr.isTTY === true
  }

  update(text: () => string): void {
    if (!this.enabled) return
    const now = performance.now()
    if (now - this.updatedAt < INTERVAL) return
    this.updatedAt = now
    this.shown = true
    process.stderr.write(`\r\x1b[K${text()}`)
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K')
    this.shown = false
  }
}
