// Hands results on, a group of pixels at a time and in order, once all rows have theirs.

/** Takes the results of a group; calls `done` when there is room for others. */
export type Write = (group: number, done: () => void) => void

export class Writer {
  /** Groups whose results have been taken. */
  written = 0
  /** Groups whose results can wait. */
  readonly room: number

  private readonly groups: number
  private readonly sources: number
  private readonly arrived: Int32Array // by group: rows whose results are there
  private readonly write: Write
  private readonly progress: () => void
  private complete = 0 // groups whose results are all there

  /** Each of `sources` brings its part of each group; `progress` is called when a group has been taken. */
  constructor(groups: number, sources: number, room: number, write: Write, progress: () => void) {
    this.groups = groups
    this.room = room
    this.sources = sources
    this.write = write
    this.progress = progress
    this.arrived = new Int32Array(groups)
  }

  get done(): boolean {
    return this.written === this.groups
  }

  /** Part of a group's results is there in this cycle. */
  take(group: number): void {
    this.arrived[group]!++
    while (this.complete < this.groups && this.arrived[this.complete] === this.sources)
      this.write(this.complete++, () => {
        this.written++
        this.progress()
      })
  }
}
