// Small units to exercise kernel and channels with, and seeded random networks of them.

import seedrandom from 'seedrandom'
import { Channel, type Reader, type Writer } from '../../src/sim/channel.ts'
import { ClockDomain } from '../../src/sim/clock.ts'
import { Kernel, type Order, type Unit } from '../../src/sim/kernel.ts'

export const orders: readonly Order[] = ['forward', 'backward', { shuffle: 'a' }, { shuffle: 'b' }, { shuffle: 'c' }]

export const unit = (wake: (tag: number) => void, name = 'unit'): Unit => ({ name, wake })

/** Pushes 0, 1, ... `values` - 1, one a cycle where the channel takes them, asleep where not. */
export class Source implements Unit {
  readonly name = 'source'
  private next = 0
  private readonly kernel: Kernel
  private readonly output: Writer
  private readonly values: number
  private pushedAt = -1

  constructor(kernel: Kernel, output: Channel, values: number) {
    this.kernel = kernel
    this.output = output.writtenBy(this)
    this.values = values
    kernel.schedule(0, this)
  }

  wake(): void {
    if (this.next === this.values || this.pushedAt === this.kernel.now || !this.output.push(this.next)) return
    this.pushedAt = this.kernel.now
    this.next++
    this.kernel.schedule(1, this)
  }
}

/** Pops one value a cycle where there is one and notes when; asleep where not. */
export class Sink implements Unit {
  readonly name = 'sink'
  readonly values: number[] = []
  readonly cycles: number[] = []
  private readonly kernel: Kernel
  private readonly input: Reader

  constructor(kernel: Kernel, input: Channel) {
    this.kernel = kernel
    this.input = input.readBy(this)
  }

  wake(): void {
    if (this.cycles.at(-1) === this.kernel.now || !this.input.ready) return
    this.values.push(this.input.pop())
    this.cycles.push(this.kernel.now)
    this.kernel.schedule(1, this)
  }
}

/** Takes a value from every input, once all have one. */
const join = (inputs: readonly Reader[]) => () =>
  inputs.every((input) => input.ready) ? inputs.reduce((sum, input) => (sum * 31 + input.pop()) | 0, 0) : null

/** Takes a value from one input, in turn among those that have one. */
const arbiter = (inputs: readonly Reader[]) => {
  let turn = 0
  return () => {
    for (let i = 0; i < inputs.length; i++) {
      const port = (turn + i) % inputs.length
      if (!inputs[port]!.ready) continue
      turn = port + 1
      return inputs[port]!.pop()
    }
    return null
  }
}

/** Gives the value to every output, once all have space. */
const fork = (outputs: readonly Writer[]) => (value: number) =>
  outputs.every((output) => output.writable) && outputs.every((output) => output.push(value))

/** Gives the value to the output that it names. */
const router = (outputs: readonly Writer[]) => (value: number) => outputs[Math.abs(value) % outputs.length]!.push(value)

/** Takes one value at a time and gives it away 1 to 4 cycles of its clock later, depending on the value. */
class Server implements Unit {
  readonly name: string
  /** Tick and value of everything taken. */
  readonly log: number[] = []
  private readonly kernel: Kernel
  private readonly clock: ClockDomain
  private readonly take: () => number | null
  private readonly give: (value: number) => boolean
  private value: number | null = null
  private doneAt = 0

  constructor(name: string, kernel: Kernel, clock: ClockDomain, take: Server['take'], give: Server['give']) {
    this.name = name
    this.kernel = kernel
    this.clock = clock
    this.take = take
    this.give = give
    kernel.schedule(0, this)
  }

  wake(): void {
    const { now } = this.kernel
    if (now % this.clock.period !== 0) throw new Error(`${this.name} woken in tick ${now}, off its clock's edges`)
    if (now < this.doneAt || (this.value !== null && !this.give(this.value))) return
    this.value = this.take()
    if (this.value === null) return
    this.log.push(now, this.value)
    const cycles = 1 + (Math.imul(this.value, 0x9e3779b1) >>> 30)
    this.doneAt = now + this.clock.toTicks(cycles)
    this.clock.schedule(this.kernel, cycles, this)
  }
}

/** What a network did: everything that each unit took, and when. */
export interface Outcome {
  readonly now: number
  readonly fired: number
  readonly logs: Readonly<Record<string, readonly number[]>>
}

/**
 * Builds the random network that `seed` names (pipelines, forks, joins, arbiters and routers on clocks of
 * the given periods), and runs it in `order` until nothing happens any more.
 */
export function runNetwork(seed: string, order: Order, periods: readonly number[] = [1], values = 60): Outcome {
  const random = seedrandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const kernel = new Kernel(order)
  const clocks = periods.map((period) => new ClockDomain(`/${period}`, period))
  const servers: Server[] = []
  const unread: { channel: Channel; reader: ClockDomain }[] = []

  /** Up to `most` channels without a reader, all read by the same clock. */
  const pick = (most: number) => {
    const { reader } = unread[below(unread.length)]!
    const wires = unread.filter((wire) => wire.reader === reader).slice(0, most)
    for (const wire of wires) unread.splice(unread.indexOf(wire), 1)
    return { channels: wires.map((wire) => wire.channel), clock: reader }
  }
  const add = (kind: string, clock: ClockDomain, take: Server['take'], inputs: Channel[], outputs: number) => {
    const wires = Array.from({ length: outputs }, () => {
      const reader = clocks[below(clocks.length)]!
      return { channel: new Channel(kernel, 1 + below(4), 1 + below(3), { writer: clock, reader }), reader }
    })
    const to = wires.map((wire) => wire.channel)
    const server = new Server(`${kind} ${servers.length}`, kernel, clock, take, (below(3) ? fork : router)(to))
    for (const channel of inputs) channel.readBy(server)
    for (const channel of to) channel.writtenBy(server)
    unread.push(...wires)
    servers.push(server)
  }

  for (let i = 0; i < 2; i++) {
    let left = values
    add('source', clocks[below(clocks.length)]!, () => (left > 0 ? left-- : null), [], 1)
  }
  for (let i = 0; i < 14; i++) {
    const { channels, clock } = pick(1 + below(2))
    add('unit', clock, (below(3) ? arbiter : join)(channels), channels, 1 + below(2))
  }
  while (unread.length > 0) {
    const { channels, clock } = pick(1)
    const sink = new Server(`sink ${servers.length}`, kernel, clock, join(channels), () => true)
    channels[0]!.readBy(sink)
    servers.push(sink)
  }
  kernel.run()
  const logs = Object.fromEntries(servers.map((server) => [server.name, server.log]))
  return { now: kernel.now, fired: kernel.fired, logs }
}
