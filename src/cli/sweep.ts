import { runSweep } from '../sweep/sweep.ts'
import type { Command } from './command.ts'
import { sweepArgument, sweepOptions, sweepWith } from './sweep-files.ts'

export const sweepCommand: Command = {
  name: 'sweep',
  argument: sweepArgument,
  describe: 'Run an experiment at many points, over any entries of it',
  options: sweepOptions,
  examples: [
    { line: 'cnv-folding', meaning: 'PE and SIMD of CNV on an FPGA: latency, area, energy, and their front' },
    { line: 'my-sweep.yaml --jobs 4 --out results/mine', meaning: 'a sweep of your own; run again, it goes on' },
    { line: 'cnv-folding --format csv', meaning: 'a line for each point and variant' },
  ],
  handler: (args) => sweepWith(args, runSweep),
}
