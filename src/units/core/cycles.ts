// Cycles as columns of a pipeline hold them: 32-bit integers, relative to a base that moves on now and then.

/** Later than any cycle. */
export const UNKNOWN = 0x7fff_ffff

/** Cycles after which they are counted from a later base: twelfths of them fit 32 bits. */
export const NEAR = 1 << 24

/** The cycle as counted from a base that is `by` later; what is long past stays so. */
export const rebased = (cycle: number, by: number): number => (cycle === UNKNOWN ? cycle : Math.max(-NEAR, cycle - by))
