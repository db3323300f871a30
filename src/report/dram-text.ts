// What a memory did with a trace, as text and as the object that is printed as JSON.

import { counted, fixed, number, percent, wrapped } from './table.ts'

/** Stable keys. Energies in pJ; latencies in cycles, from acceptance to answer; commands until `totalCycles`. */
export interface DramReport {
  readonly memory: string
  readonly clockHz: number
  readonly requests: number
  readonly reads: number
  readonly writes: number
  readonly lastReadDoneCycle: number
  readonly totalCycles: number
  readonly meanReadLatencyCycles: number
  readonly maxReadLatencyCycles: number
  readonly readLatencyPercentiles: Readonly<Record<'p50' | 'p90' | 'p99', number>>
  readonly readLatencyHistogram: readonly { readonly from: number; readonly below: number; readonly reads: number }[]
  /** Reads that were not the first access to their row since it was opened; `writeRowHits` likewise. */
  readonly rowHits: number
  readonly writeRowHits: number
  /** Lines read and written; requests served without either are counted below. */
  readonly linesRead: number
  readonly linesWritten: number
  readonly readsForwarded: number
  readonly readsMerged: number
  readonly writesReplaced: number
  /** Writes still in the queue at the end: they took neither time nor energy. */
  readonly writesLeft: number
  readonly activates: number
  readonly precharges: number
  readonly refreshes: number
  readonly wrappedRequests: number
  readonly bytesPerSecond: number
  readonly peakBytesPerSecond: number
  readonly energyPicojoules: Readonly<Record<'activate' | 'read' | 'write' | 'refresh' | 'background', number>>
}

export function dramText(report: DramReport): string {
  const { requests, reads, writes, totalCycles, clockHz, readLatencyPercentiles: percentiles } = report
  const ns = 1e9 / clockHz
  const cyclesAndTime = (cycles: number): string => `${number(cycles)} cycles (${number(cycles * ns)} ns)`
  const lines = [
    `${report.memory} at ${number(clockHz / 1e6)} MHz`,
    '',
    row('requests', `${number(requests)}: ${counted(reads, 'read')}, ${counted(writes, 'write')}`),
    row('last read done', `cycle ${number(report.lastReadDoneCycle)} of ${number(totalCycles)}`),
    row(
      'data',
      `${fixed(report.bytesPerSecond / 1e9, 2)} GB/s of ${fixed(report.peakBytesPerSecond / 1e9, 2)} at the pins`,
    ),
    ...(reads === 0
      ? []
      : [
          row('read latency', `mean ${cyclesAndTime(report.meanReadLatencyCycles)}`),
          row('', `half within ${cyclesAndTime(percentiles.p50)}, 90 % ${number(percentiles.p90)},`),
          row('', `99 % ${number(percentiles.p99)}, all ${number(report.maxReadLatencyCycles)}`),
          row('row hits', `${number(report.rowHits)} of ${counted(report.linesRead, 'line')} read`),
        ]),
    ...(report.writesLeft === 0
      ? []
      : [row('writes left', `${number(report.writesLeft)} still in the queue at the end, at no cost`)]),
    row(
      'commands',
      `${counted(report.activates, 'activate')}, ${counted(report.precharges, 'precharge')}, ${number(report.refreshes)} refreshes`,
    ),
    ...energyLines(report),
    ...histogramLines(report),
  ]
  const { wrappedRequests } = report
  const note =
    wrappedRequests === 0
      ? ''
      : `\n${wrapped(`${counted(wrappedRequests, 'request')} beyond the end of the memory wrapped around to its beginning`)}`
  return `${lines.join('\n')}\n${note}`
}

const row = (label: string, text: string): string => `${label.padEnd(16)}${text}`

function energyLines({ energyPicojoules }: DramReport): string[] {
  const parts = Object.entries(energyPicojoules)
  const total = parts.reduce((sum, [, each]) => sum + each, 0)
  const share = parts.map(([name, each]) => `${name} ${percent(each / total)} %`)
  return [row('energy', `${number(total / 1e6)} uJ: ${share.join(', ')}`)]
}

const widestBar = 40

function histogramLines({ readLatencyHistogram: ranges }: DramReport): string[] {
  const most = Math.max(...ranges.map(({ reads }) => reads))
  return ranges.map(({ from, below, reads }, i) =>
    row(
      i === 0 ? 'latencies' : '',
      `${number(from).padStart(9)} to ${number(below - 1).padStart(9)}  ${number(reads).padStart(11)}  ` +
        '#'.repeat(Math.ceil((widestBar * reads) / most)),
    ),
  )
}
