// Names that stand in the places in braces of figure keys: kinds of operations, memory levels,
// and why a unit did not work. Components are those of the energy table. Reports show a name
// that has no entry here as it is.

export interface Named {
  readonly meaning: string
  /** Heading of its column in tables for people; operations that matter less have no column. */
  readonly label?: string
  readonly unit?: string
}

export const names: Readonly<Record<'operation' | 'level' | 'reason', Readonly<Record<string, Named>>>> = {
  operation: {
    binaryMacs: {
      meaning: 'Multiply-accumulates of one-bit activations and one-bit weights (XNOR and popcount).',
      label: 'binary',
      unit: 'MACs',
    },
    integerMacs: {
      meaning: 'Multiply-accumulates of integer activations and one-bit weights.',
      label: 'integer',
      unit: 'MACs',
    },
    compares: { meaning: 'Comparisons of sums with thresholds.' },
    poolCompares: { meaning: 'Comparisons in max pools: an OR for each bit that enters.' },
  },
  level: {
    weights: { meaning: 'Weight memories on the chip.', label: 'weights' },
    window: { meaning: 'Buffers on the chip from which sliding windows are read.', label: 'window' },
    dram: { meaning: 'Memory outside the chip, for images and results.', label: 'DRAM' },
  },
  reason: {
    fill: { meaning: 'nothing has arrived yet' },
    input: { meaning: 'waits for its input' },
    output: { meaning: 'what follows takes no more' },
    idle: { meaning: 'all its work is done' },
  },
}
