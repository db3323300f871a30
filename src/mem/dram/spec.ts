// What a memory is, as data: configs/memories/*.yaml after validation. Cycles are the memory's own.

/** Parts of a line's address. */
export const addressFields = ['channel', 'rank', 'bankGroup', 'bank', 'row', 'column'] as const
export type AddressField = (typeof addressFields)[number]

/** All sizes are powers of two. */
export interface Organization {
  readonly channels: number
  /** Of a channel, as the further counts are of the part before. */
  readonly ranks: number
  readonly bankGroups: number
  readonly banks: number
  readonly rows: number
  /** Columns of a row, each as wide as the channel. */
  readonly columns: number
  /** Data bits of a channel. */
  readonly width: number
  /** Devices that share a rank of one channel. */
  readonly devices: number
  /** Transfers of a burst, two a cycle. */
  readonly burstLength: number
}

/** As data sheets name them, in cycles. `_L`: within one bank group. */
export interface DramTiming {
  readonly CL: number
  readonly CWL: number
  readonly tRCD: number
  readonly tRP: number
  readonly tRAS: number
  readonly tRC: number
  readonly tRRD: number
  readonly tRRD_L: number
  readonly tFAW: number
  readonly tCCD: number
  readonly tCCD_L: number
  readonly tWTR: number
  readonly tWTR_L: number
  readonly tWR: number
  readonly tRTP: number
  /** Cycles without data when another rank, or the other direction, takes the bus. */
  readonly tRTRS: number
  readonly tRFC: number
  /** Between refreshes of one rank; the ranks take turns. */
  readonly tREFI: number
}

/** Currents of one device from one supply, in mA. */
export interface Supply {
  readonly volts: number
  readonly IDD0: number
  readonly IDD2N: number
  readonly IDD3N: number
  readonly IDD4R: number
  readonly IDD4W: number
  readonly IDD5: number
}

export interface ControllerSpec {
  /** Requests that have not reached a bank's queue. */
  readonly readQueue: number
  readonly writeQueue: number
  /** Requests of one bank that compete for its row. */
  readonly bankQueue: number
  /** Writes that may wait for ever; with more and nothing else to do, all are drained. */
  readonly idleWrites: number
  /** Accesses to an open row after which an older request of another row closes it as soon as timing allows; until then hits go on. */
  readonly rowHitLimit: number
  /** Cycles that the way there and back adds to every read, beyond the queues: front end, PHY, interconnect. */
  readonly latency: number
}

export interface DramSpec {
  readonly name: string
  readonly clockHz: number
  /** Bytes of a request. */
  readonly line: number
  readonly organization: Organization
  /** From the most significant field of an address to the least. */
  readonly mapping: readonly AddressField[]
  readonly timing: DramTiming
  readonly supplies: readonly Supply[]
  readonly controller: ControllerSpec
}

/** Bursts that carry one line. */
export const burstsOf = ({ line, organization: { width, burstLength } }: DramSpec): number =>
  (line * 8) / (width * burstLength)

/** Bytes of the whole memory. */
export function capacityOf({ organization }: DramSpec): number {
  const { channels, ranks, bankGroups, banks, rows, columns, width } = organization
  return (channels * ranks * bankGroups * banks * rows * columns * width) / 8
}

/** Bytes a second that the data pins can carry. */
export const peakBandwidth = ({ clockHz, organization: { channels, width } }: DramSpec): number =>
  (channels * width * clockHz * 2) / 8
