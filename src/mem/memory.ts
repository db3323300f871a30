// The one contract between levels of memory: caches, DRAM controllers and who asks them.

/** A level of memory, or something that stands for one. */
export interface Memory {
  readonly name: string
  /**
   * Asks for the aligned line of this level that holds `address`, or with `write` hands over such a line.
   * False when the level cannot take it in this cycle: `client.retry()` is then called, once, when it may.
   * A read that was taken is answered by `client.done(tag, depth)`; a write is not answered.
   */
  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean
  /** True while nothing is in flight here or below: without a further request, nothing will change. */
  readonly settled: boolean
}

export interface MemoryClient {
  readonly name: string
  /** The read asked for with `tag` is served: at `depth` 0 by the level that was asked, 1 by the one below it, and so on. */
  done(tag: number, depth: number): void
  /** A request that was refused may be taken now. */
  retry(): void
}
