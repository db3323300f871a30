// What a unit did, as the energy tables and reports see it. Units keep plain number
// fields beside the code that increments them; a machine collects them into these rows.

export interface Count {
  /** Layer the work belongs to. */
  readonly layer: string
  /** Kind of hardware, a component of the energy table: `lut`, `ramb18`, `dram`, ... */
  readonly component: string
  /** Action of that component in the energy table: `active`, `read`, ... */
  readonly action: string
  readonly count: number
}

/** Traffic of one memory level. */
export interface Traffic {
  reads: number
  writes: number
  bytesRead: number
  bytesWritten: number
}
