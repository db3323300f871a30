// What a core does in each cycle: it is busy, or it stalls for one of these reasons.

/** Reasons in the order in which a cycle is charged: to the first that still holds. */
export const stallReasons = [
  'frontEnd', // nothing fetched: a taken branch, or the width of fetch
  'mispredict', // fetched again after a mispredicted branch
  'instructionMiss', // the instruction is not in L1I
  'operand', // a result of an instruction that is executing
  'l1Miss', // data from L2
  'l2Miss', // data from memory
  'pipe', // every pipe that could execute it is busy
  'writeBack', // an older instruction must write back first (llvm-mca compatibility)
  'missQueue', // no miss status register is free
  'storeBuffer', // the store buffer is full
  'decode', // the decode unit has not decoded it yet
] as const

export type StallReason = (typeof stallReasons)[number]

/** Index of each reason among a core's counts; 0 counts busy cycles. */
export const reasonAt = Object.fromEntries(stallReasons.map((reason, i) => [reason, i + 1])) as Readonly<
  Record<StallReason, number>
>
export const BUSY = 0
export const COUNTS = stallReasons.length + 1
