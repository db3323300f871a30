import { loadMemory } from '../config/memory.ts'
import { Replay, type ReplayResult } from '../mem/dram/replay.ts'
import { type DramSpec, peakBandwidth } from '../mem/dram/spec.ts'
import { readTrace } from '../mem/dram/trace.ts'
import { type DramReport, dramText } from '../report/dram-text.ts'
import { type Command, printJson } from './command.ts'
import { configNames } from './names.ts'
import { choice, single, textOrJson, whole } from './options.ts'

export const dramCommand: Command = {
  name: 'dram',
  argument: {
    name: 'trace',
    describe: 'lines of `0xADDRESS READ|WRITE CYCLE`, or # and a comment; may be gzipped (.gz)',
  },
  describe: 'Time a trace of memory requests: latencies, row hits, energy',
  options: {
    memory: {
      describe: "name, as 'bnnsim list memories' prints them, or YAML file",
      demandOption: true,
      requiresArg: true,
      names: configNames('memories'),
    },
    set: { describe: 'PATH=VALUE over what the memory says, such as timing.CL.value=8; repeatable', requiresArg: true },
    until: {
      describe: 'cycle of the memory clock to run on to, for its refreshes and standby energy',
      default: 0,
      requiresArg: true,
    },
    ...textOrJson,
  },
  examples: [
    {
      line: 'requests.trace --memory lpddr4-3200',
      meaning: 'latencies, row hits and energy of the requests in a file',
    },
    { line: 'requests.trace --memory ddr3-1066 --set timing.CL.value=8', meaning: 'with a column latency of 8 cycles' },
  ],
  handler: async (args) => {
    const format = choice('format', ['text', 'json'], args.format)
    const until = whole('until', 0, args.until)
    const set = [args.set ?? []].flat().map(String)
    const spec = loadMemory(single('memory', args.memory), set)
    const replay = new Replay(spec)
    for await (const block of readTrace(single('trace', args.trace))) replay.play(block)
    const report = reportOf(spec, replay.finish(until))
    if (format === 'json') printJson(report)
    else process.stdout.write(dramText(report))
  },
}

function reportOf(spec: DramSpec, result: ReplayResult): DramReport {
  const { latencies, counts, energy, totalCycles } = result
  const seconds = totalCycles / spec.clockHz
  return {
    memory: spec.name,
    clockHz: spec.clockHz,
    requests: result.requests,
    reads: result.reads,
    writes: result.writes,
    lastReadDoneCycle: result.lastReadDoneCycle,
    totalCycles,
    meanReadLatencyCycles: latencies.mean,
    maxReadLatencyCycles: latencies.max,
    readLatencyPercentiles: {
      p50: latencies.percentile(0.5),
      p90: latencies.percentile(0.9),
      p99: latencies.percentile(0.99),
    },
    readLatencyHistogram: latencies.histogram,
    rowHits: counts.rowHits,
    writeRowHits: counts.writeRowHits,
    linesRead: counts.reads,
    linesWritten: counts.writes,
    readsForwarded: result.forwarded,
    readsMerged: result.merged,
    writesReplaced: result.replaced,
    writesLeft: result.writes - counts.writes - result.replaced,
    activates: counts.activates,
    precharges: counts.precharges,
    refreshes: counts.refreshes,
    wrappedRequests: result.wrapped,
    bytesPerSecond: seconds === 0 ? 0 : ((counts.reads + counts.writes) * spec.line) / seconds,
    peakBytesPerSecond: peakBandwidth(spec),
    energyPicojoules: energy,
  }
}
