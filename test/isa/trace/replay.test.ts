// A replay takes the cycles of the execution, on every core; and what cores tell of their pipelines can be drawn.

import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { loadCore } from '../../../src/config/core.ts'
import type { BlockStream } from '../../../src/isa/stream.ts'
import type { AsyncBlockStream } from '../../../src/isa/trace/format.ts'
import { TraceReader } from '../../../src/isa/trace/read.ts'
import { FirstLevelCache } from '../../../src/mem/cache/first-level.ts'
import { FixedLatency } from '../../../src/mem/fixed-latency.ts'
import { KonataWriter } from '../../../src/report/konata.ts'
import { Kernel } from '../../../src/sim/kernel.ts'
import { Core, type Observation } from '../../../src/units/core/core.ts'
import { readKonata } from '../../report/konata-log.ts'
import { record, TraceFiles } from './files.ts'
import { RandomWalk, randomProgram } from './walk.ts'
import { execution, samples } from './write-samples.ts'

const files = new TraceFiles()
afterAll(() => files.remove())

const cores = ['cortex-a53', 'cortex-a72', 'neoverse-n1'].map((name) => loadCore(name))
type CoreConfig = (typeof cores)[number]

async function timed(
  { core: spec, l1d, l1i }: CoreConfig,
  fast: boolean,
  stream: BlockStream | AsyncBlockStream,
  observation?: Observation,
) {
  const kernel = new Kernel()
  const memory = new FixedLatency(kernel, { name: 'memory', latency: 60, interval: 4, queue: 8 })
  const cache = (of: typeof l1d): FirstLevelCache => new FirstLevelCache(kernel, of, 1, memory)
  const core = new Core(spec, { kernel, period: 1, l1d: cache(l1d), l1i: cache(l1i) }, { fast })
  if (observation !== undefined) core.observe(observation)
  // The core takes what `run` has left in the stream; it does not run it.
  for (let words = await stream.run(); words > 0; words = await stream.run()) core.time(stream as BlockStream, words)
  core.finish()
  return { cycles: core.cycles, stalls: core.stalls() }
}

describe.each(cores.map((core) => [core.name, core] as const))('%s', (_, core) => {
  it.each(samples)('takes the same cycles for traces/%s.trace.gz as for its program', async (name) => {
    const file = fileURLToPath(new URL(`../../../traces/${name}.trace.gz`, import.meta.url))
    const run = await timed(core, false, execution(name))
    expect(run.cycles).toBeGreaterThan(1000)
    for (const fast of [false, true]) expect(await timed(core, fast, new TraceReader(file))).toEqual(run)
  })

  it('takes the same cycles for what was recorded of random programs', async () => {
    for (let i = 0; i < 8; i++) {
      const program = randomProgram(`replay ${i}`)
      const walk = (): RandomWalk => new RandomWalk(program, `walk ${i}`, 2000)
      const replayed = await timed(core, i % 2 === 0, new TraceReader(files.file(record(walk()))))
      expect(replayed).toEqual(await timed(core, i % 2 === 0, walk()))
    }
  })

  it.each([
    [0, Number.POSITIVE_INFINITY],
    [700, 800],
  ])('is drawn in a Konata log from cycle %d to %d', async (from, to) => {
    const pipes = core.core.pipes.map(({ name }) => name)
    let log = ''
    const observer = new KonataWriter((text) => (log += text), pipes, { from, to })
    await timed(core, false, execution('bit-pack'), { observer, from, to })
    observer.close()
    const shown = readKonata(log)
    expect(shown.length).toBeGreaterThan(10)
    if (from === 0) expect(shown.length).toBe(1926)
    else expect(shown.every(({ begin, retire }) => begin < to && retire! > from)).toBe(true)
  })
})
