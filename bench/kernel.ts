// Events a second of the kernel against an object heap on the same load, and values a
// second through a pipeline of channels. Seconds are the process's own (user) time, so
// that neighbours on the machine disturb less. Run: npx tsx bench/kernel.ts

import FlatQueue from 'flatqueue'
import seedrandom from 'seedrandom'
import { Channel, type Reader, type Writer } from '../src/sim/channel.ts'
import { Kernel, type Unit } from '../src/sim/kernel.ts'

const UNITS = 1000
const EVENTS = 10_000_000
const RUNS = 7
const DELAYS = 4096

interface Scheduler {
  schedule(delay: number, unit: Unit, tag: number): void
  /** Fires until no event is left; returns how many fired. */
  drain(): number
}

class RingScheduler implements Scheduler {
  private readonly kernel = new Kernel()
  schedule(delay: number, unit: Unit, tag: number): void {
    this.kernel.schedule(delay, unit, tag)
  }
  drain(): number {
    this.kernel.run()
    return this.kernel.fired
  }
}

/** One object an event, in a binary heap ordered by cycle: the textbook event queue. */
class HeapScheduler implements Scheduler {
  private now = 0
  private readonly queue = new FlatQueue<{ unit: Unit; tag: number }>()
  schedule(delay: number, unit: Unit, tag: number): void {
    this.queue.push({ unit, tag }, this.now + delay)
  }
  drain(): number {
    let fired = 0
    while (this.queue.length > 0) {
      this.now = this.queue.peekValue()!
      const { unit, tag } = this.queue.pop()!
      fired++
      unit.wake(tag)
    }
    return fired
  }
}

/** Schedules itself by a table of delays drawn beforehand, so both schedulers see the same events. */
abstract class Ticker implements Unit {
  abstract readonly name: string
  protected readonly scheduler: Scheduler
  protected readonly delays: Int32Array
  protected left: number
  protected at: number

  constructor(scheduler: Scheduler, delays: Int32Array, at: number, left: number) {
    this.scheduler = scheduler
    this.delays = delays
    this.at = at
    this.left = left
  }

  abstract wake(tag: number): void

  protected again(tag: number): void {
    if (this.left-- === 0) return
    this.at = (this.at + 1) & (DELAYS - 1)
    this.scheduler.schedule(this.delays[this.at]!, this, tag)
  }
}

// Five classes, as a machine has: the call of `wake` must not profit from there being only one.
class Source extends Ticker {
  readonly name = 'source'
  made = 0
  wake(tag: number): void {
    this.made++
    this.again(tag)
  }
}
class Compute extends Ticker {
  readonly name = 'compute'
  sum = 0
  wake(tag: number): void {
    this.sum += tag
    this.again(tag ^ 1)
  }
}
class Memory extends Ticker {
  readonly name = 'memory'
  reads = 0
  writes = 0
  wake(tag: number): void {
    if (tag === 0) this.reads++
    else this.writes++
    this.again(1 - tag)
  }
}
class Router extends Ticker {
  readonly name = 'router'
  port = 0
  wake(tag: number): void {
    this.port = (this.port + 1) & 3
    this.again(tag)
  }
}
class Sink extends Ticker {
  readonly name = 'sink'
  taken = 0
  wake(tag: number): void {
    this.taken++
    this.again(tag)
  }
}
const classes = [Source, Compute, Memory, Router, Sink]

/** Mostly pipeline steps, some memory accesses, few long transfers, and refresh-like far timers. */
function drawDelays(): Int32Array {
  const random = seedrandom('delays')
  return Int32Array.from({ length: DELAYS }, () => {
    const kind = random()
    if (kind < 0.7) return 1 + Math.floor(random() * 8)
    if (kind < 0.95) return 10 + Math.floor(random() * 200)
    if (kind < 0.99) return 210 + Math.floor(random() * 800)
    return 1024 + Math.floor(random() * 20_000)
  })
}

function eventsPerSecond(scheduler: Scheduler, delays: Int32Array): number {
  const each = EVENTS / UNITS - 1
  for (let i = 0; i < UNITS; i++) {
    const unit = new classes[i % classes.length]!(scheduler, delays, (i * 37) & (DELAYS - 1), each)
    scheduler.schedule(i % 16, unit, i & 1)
  }
  const start = process.cpuUsage()
  const fired = scheduler.drain()
  const seconds = process.cpuUsage(start).user / 1e6
  if (fired !== EVENTS) throw new Error(`fired ${fired} events of ${EVENTS}`)
  return fired / seconds
}

/** Passes each value on as soon as both channels let it. */
class Stage implements Unit {
  readonly name = 'stage'
  private readonly kernel: Kernel
  private readonly input: Reader
  private readonly output: Writer
  constructor(kernel: Kernel, input: Channel, output: Channel) {
    this.kernel = kernel
    this.input = input.readBy(this)
    this.output = output.writtenBy(this)
  }
  wake(): void {
    if (!this.output.writable || !this.input.ready) return
    this.output.push(this.input.pop())
    this.kernel.schedule(1, this)
  }
}

function hopsPerSecond(): { hops: number; events: number } {
  const stages = 16
  const values = 200_000
  const kernel = new Kernel()
  const channels = Array.from({ length: stages + 1 }, () => new Channel(kernel, 2))
  for (let i = 0; i < stages; i++) new Stage(kernel, channels[i]!, channels[i + 1]!)
  let left = values
  const source: Unit = {
    name: 'source',
    wake: () => {
      if (left > 0 && channels[0]!.push(left)) {
        left--
        kernel.schedule(1, source)
      }
    },
  }
  const sink: Unit = {
    name: 'sink',
    wake: () => {
      if (!channels[stages]!.ready) return
      channels[stages]!.pop()
      kernel.schedule(1, sink)
    },
  }
  channels[0]!.writtenBy(source)
  channels[stages]!.readBy(sink)
  kernel.schedule(0, source)
  const start = process.cpuUsage()
  kernel.run()
  const seconds = process.cpuUsage(start).user / 1e6
  const hops = channels.reduce((sum, channel) => sum + channel.count.pushed, 0)
  if (hops !== values * channels.length) throw new Error(`${hops} hops of ${values * channels.length}`)
  return { hops: hops / seconds, events: kernel.fired / seconds }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const row = (name: string, values: readonly number[], unit: string): string =>
  `${name.padEnd(10)} ${(median(values) / 1e6).toFixed(1).padStart(6)} M ${unit}/s ` +
  `(median of ${values.length}; ${values.map((v) => (v / 1e6).toFixed(1)).join(' ')})`

const delays = drawDelays()
eventsPerSecond(new RingScheduler(), delays) // one unmeasured run each, to compile
eventsPerSecond(new HeapScheduler(), delays)
hopsPerSecond()
const ring: number[] = []
const heap: number[] = []
const channel: number[] = []
for (let i = 0; i < RUNS; i++) {
  ring.push(eventsPerSecond(new RingScheduler(), delays))
  heap.push(eventsPerSecond(new HeapScheduler(), delays))
  channel.push(hopsPerSecond().hops)
}
console.log(
  `${EVENTS / 1e6} M events of ${UNITS} units in ${classes.length} classes, 1% beyond the ring; node ${process.version}`,
)
console.log(row('kernel', ring, 'events'))
console.log(row('flatqueue', heap, 'events'))
console.log(`ratio      ${(median(ring) / median(heap)).toFixed(1)}`)
console.log(row('channels', channel, 'values'))
