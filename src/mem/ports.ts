// Requests that wait at a level of memory, in one queue for each client. What arrives in one tick can be
// served in a later one, and a place that becomes free can be used in a later one: whether a request
// is taken, and when, does not depend on the order of events within a tick.

import type { Kernel } from '../sim/kernel.ts'
import type { MemoryClient } from './memory.ts'
import { Ring } from './ring.ts'

/** The queue of one client; its first request is at `head`, which may be read by who serves it. */
export class Port {
  readonly client: MemoryClient
  readonly queue: Ring
  readonly address: Float64Array
  readonly write: Uint8Array
  readonly tag: Int32Array
  readonly arrivedAt: Float64Array
  leftAt = -1 // tick in which a request last left
  refused = false
  retryAt = Infinity

  constructor(client: MemoryClient, depth: number) {
    this.client = client
    this.queue = new Ring(depth)
    this.address = new Float64Array(this.queue.length)
    this.write = new Uint8Array(this.queue.length)
    this.tag = new Int32Array(this.queue.length)
    this.arrivedAt = new Float64Array(this.queue.length)
  }

  get head(): number {
    return this.queue.first
  }

  /** Tick in which the first request came, Infinity without one. */
  get waitsSince(): number {
    return this.queue.size > 0 ? this.arrivedAt[this.queue.first]! : Infinity
  }
}

export class Ports {
  private readonly kernel: Kernel
  private readonly depth: number
  private readonly serveHead: (port: Port) => boolean
  private readonly ports: Port[] = [] // by name of client
  private waiting = 0
  /** Tick of the next retry(), Infinity when none is due. */
  retryAt = Infinity

  /** `depth` requests of a client wait at most. `serveHead` serves a port's first request, or returns false. */
  constructor(kernel: Kernel, depth: number, serveHead: (port: Port) => boolean) {
    this.kernel = kernel
    this.depth = depth
    this.serveHead = serveHead
  }

  /** True while no request waits. */
  get empty(): boolean {
    return this.waiting === 0
  }

  /** Takes the request, or returns false and calls the client's retry() once there is room. */
  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean {
    const { now } = this.kernel
    const port = this.portOf(client)
    if (port.queue.size + (port.leftAt === now ? 1 : 0) >= this.depth) {
      if (port.leftAt === now) this.expectRetry(port)
      else port.refused = true
      return false
    }
    const at = port.queue.push()
    port.address[at] = address
    port.write[at] = write ? 1 : 0
    port.tag[at] = tag
    port.arrivedAt[at] = now
    this.waiting++
    return true
  }

  /** Serves one of the first requests: that which came first and can be served, of those of one tick by name of client. */
  serve(): boolean {
    let tried: Port | null = null
    for (;;) {
      const port = this.next(tried)
      if (port === null) return false
      if (this.serveHead(port)) {
        port.queue.shift()
        port.leftAt = this.kernel.now
        this.waiting--
        if (port.refused) this.expectRetry(port)
        return true
      }
      tried = port
    }
  }

  /** Calls retry() where it is due. */
  retry(): void {
    if (this.retryAt > this.kernel.now) return
    this.retryAt = Infinity
    for (let i = 0; i < this.ports.length; i++) {
      const port = this.ports[i]!
      if (port.retryAt <= this.kernel.now) {
        port.retryAt = Infinity
        port.client.retry()
      } else this.retryAt = Math.min(this.retryAt, port.retryAt)
    }
  }

  /** True when a first request came in this tick: it can be served from the next one on. */
  get anew(): boolean {
    for (let i = 0; i < this.ports.length; i++) if (this.ports[i]!.waitsSince === this.kernel.now) return true
    return false
  }

  private expectRetry(port: Port): void {
    port.refused = false
    port.retryAt = this.kernel.now + 1
    this.retryAt = Math.min(this.retryAt, port.retryAt)
  }

  // The port whose first request is the oldest, after that of `tried`.
  private next(tried: Port | null): Port | null {
    const { ports } = this
    const from = tried === null ? -1 : tried.waitsSince
    const place = tried === null ? -1 : ports.indexOf(tried)
    let found: Port | null = null
    for (let i = 0; i < ports.length; i++) {
      const since = ports[i]!.waitsSince
      if (since >= this.kernel.now || since < from || (since === from && i <= place)) continue
      if (found === null || since < found.waitsSince) found = ports[i]!
    }
    return found
  }

  private portOf(client: MemoryClient): Port {
    for (let i = 0; i < this.ports.length; i++) if (this.ports[i]!.client === client) return this.ports[i]!
    if (this.ports.some((port) => port.client.name === client.name))
      throw new Error(`two clients of one memory are named ${client.name}`)
    const port = new Port(client, this.depth)
    this.ports.push(port)
    this.ports.sort((a, b) => (a.client.name < b.client.name ? -1 : 1))
    return port
  }
}
