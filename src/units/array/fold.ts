// What an array of PEs does for one group of pixels: folds, one kernel a row and fold, each fold in steps of so many bits.

/**
 * Terms of a kernel, step by step. A piece is part of a 32-bit word of the window: step s has the pieces start[s] to
 * start[s + 1] - 1.
 */
export interface Steps {
  readonly start: Int32Array
  readonly word: Int32Array
  readonly mask: Int32Array
  /** Terms left after each step. */
  readonly left: Int32Array
  /** Of the first s steps, those that have terms. */
  readonly filled: Int32Array
  /** Terms of all steps. */
  readonly terms: number
}

/** The part of one row in a fold, with as many steps as the fold. */
export interface KernelFold {
  readonly kernel: number
  /** Word of the kernel's first weight. */
  readonly weights: number
  readonly steps: Steps
  /** Kernel of the same row whose sum this one starts from; -1: from 0. */
  readonly parent: number
  /** Starts from what the parent's complement would sum to. */
  readonly inverse: boolean
  readonly distance: number
  /** Whether another kernel starts from its sum: it is then finished whatever happens. */
  readonly keep: boolean
}

export interface Fold {
  readonly steps: number
  /** By row; null where a row has no kernel left. */
  readonly rows: readonly (KernelFold | null)[]
}
