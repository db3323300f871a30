import { TraceReader } from '../isa/trace/read.ts'
import { resultOf } from '../program.ts'
import { asmText } from '../report/asm-text.ts'
import { wrapped } from '../report/table.ts'
import { coreOptions, inputFile, targetOf } from './asm.ts'
import { type Command, printJson } from './command.ts'
import { choice, textOrJson } from './options.ts'
import { pipelineTraceOptions, tracePipeline } from './pipeline-trace.ts'
import { Progress } from './progress.ts'

const unknowns = ['error', 'nop'] as const

export const replayCommand: Command = {
  name: 'replay',
  argument: { name: 'file', describe: 'trace that asm --record wrote, or a log of QEMU execlog; plain or gzip' },
  describe: 'Time a recorded instruction trace on an ARM core',
  options: {
    ...coreOptions,
    ...pipelineTraceOptions,
    unknown: {
      describe: "instructions of QEMU's log that are not known: error, or nop to time them as one",
      default: 'error',
      requiresArg: true,
      names: () => unknowns,
    },
    ...textOrJson,
  },
  examples: [
    { line: 'traces/binary-dot.trace.gz --core cortex-a72', meaning: 'times a trace that bnnsim asm --record wrote' },
    {
      line: 'traces/bit-pack.trace.gz --set clock.value="1 GHz"',
      meaning: 'on a Cortex-A53 with another clock',
    },
  ],
  handler: async (args) => {
    const format = choice('format', ['text', 'json'], args.format)
    const stream = new TraceReader(inputFile(args.file), { unknown: choice('unknown', unknowns, args.unknown) })
    const target = targetOf(args)
    const { core, config } = target.system
    const finish = tracePipeline(core, config.core, args)
    const progress = new Progress(false)
    let words = await stream.run()
    for (const { cache, address, bytes } of stream.resident) target.system.warm(cache, address, bytes)
    for (; words > 0; words = await stream.run()) {
      core.time(stream, words)
      progress.update(() => `${core.cycles.toLocaleString('en')} cycles`)
    }
    target.system.finish()
    progress.clear()
    finish()
    const result = resultOf(target)
    const { executed, texts } = stream.replaced
    if (format === 'json') return printJson({ ...result, replaced: executed })
    process.stdout.write(asmText(result))
    if (executed > 0)
      process.stdout.write(
        wrapped(`\n${executed.toLocaleString('en')} instructions timed as a nop: ${texts.join('; ')}.`),
      )
  },
}
