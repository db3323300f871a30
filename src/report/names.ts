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
    realMacs: {
      meaning: 'Multiply-accumulates with real weights.',
      label: 'real',
      unit: 'MACs',
    },
    instructions: { meaning: 'Instructions that a core executed.', label: 'instructions' },
    multiplications: {
      meaning:
        'Products that the machine executes: on an ARM core, lanes of vector and float instructions that multiply, fused or not; on an FPGA, products of multiplier and PReLU units.',
      label: 'multiplications',
    },
    shifts: {
      meaning:
        'Shifts of post-processing lanes and units, of values that fixed-point steps scale without a multiplier.',
      label: 'shifts',
    },
    integerMultiplications: {
      meaning:
        'Products of general registers that the executed instructions computed; in the kernels of bnnsim, for addresses and counts.',
    },
    decodedSequences: {
      meaning: 'Sequences of coded kernels that a decode unit decoded and a core read.',
      label: 'decoded',
      unit: 'sequences',
    },
    decodedLines: {
      meaning: 'Lines of coded kernels, and of what describes them, that a decode unit asked level 2 for.',
    },
    symbolLoads: { meaning: 'Loads of lines of the indirection table by a decode unit, through L1D.' },
    decodedRegisters: { meaning: 'Registers of 128 bits that a core read from a decode unit.' },
    neededMacs: {
      meaning:
        'Multiply-accumulates that the results needed: all those that are computed, or those up to the very bit that decides where sums stop early.',
      label: 'needed',
      unit: 'MACs',
    },
    idleSteps: {
      meaning:
        'Steps of PEs that had nothing to count: no kernel or pixel, no term in the step, or a sum that was decided. Load imbalance.',
    },
    decided: { meaning: 'Sums that were decided before their last step.', label: 'decided', unit: 'sums' },
    slices: {
      meaning: 'Results of 2-D slices of kernels, computed by themselves; of integers, one for each bit plane.',
      label: '2-D',
      unit: 'results',
    },
    sliceReads: { meaning: 'Reads of these results from their buffer.' },
    additions: { meaning: 'Additions of these results to sums.', label: 'additions' },
    compares: { meaning: 'Comparisons of sums with thresholds.' },
    poolCompares: { meaning: 'Comparisons in max pools: an OR for each bit that enters.' },
  },
  level: {
    weights: { meaning: 'Weight memories on the chip.', label: 'weights' },
    index: {
      meaning: 'Memories on the chip of what is computed: lists of differing bits, and which slices kernels use.',
      label: 'index',
    },
    activations: { meaning: 'Memory on the chip of what layers pass on.', label: 'activations' },
    sums: { meaning: 'Sums that are kept: of kernels that others start from, and parts of sums.', label: 'sums' },
    results: {
      meaning: 'Buffers of results: those of 2-D slices that output channels share, and those that leave.',
      label: 'results',
    },
    window: { meaning: 'Buffers on the chip from which sliding windows are read.', label: 'window' },
    l1d: { meaning: 'First-level data cache, as instructions access it.', label: 'L1D' },
    l2: { meaning: 'Second-level cache, in lines.', label: 'L2' },
    dram: { meaning: 'Memory outside the chip.', label: 'DRAM' },
  },
  reason: {
    fill: { meaning: 'nothing has arrived yet' },
    input: { meaning: 'waits for its input' },
    output: { meaning: 'what follows takes no more' },
    idle: { meaning: 'all its work is done' },
    weights: { meaning: 'weights have not come yet' },
    host: { meaning: 'values move from or to the host' },
    frontEnd: { meaning: 'fetch: taken branch, or width' },
    mispredict: { meaning: 'fetch after a misprediction' },
    instructionMiss: { meaning: 'instructions not in L1' },
    operand: { meaning: 'a result that is not there yet' },
    l1Miss: { meaning: 'data from L2' },
    l2Miss: { meaning: 'data from memory' },
    pipe: { meaning: 'a pipe' },
    writeBack: { meaning: 'an older write-back' },
    missQueue: { meaning: 'a miss status register' },
    storeBuffer: { meaning: 'room in the store buffer' },
    decode: { meaning: 'weights from the decode unit' },
  },
}
