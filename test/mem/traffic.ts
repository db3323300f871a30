// Who asks a memory in tests: a client that follows a script, and a memory that obeys one.

import type { Memory, MemoryClient } from '../../src/mem/memory.ts'
import type { Kernel, Unit } from '../../src/sim/kernel.ts'

export interface Step {
  /** First tick in which to ask. */
  readonly at: number
  readonly address: number
  readonly write?: boolean
}

/** Makes its requests in order, each as soon as its tick has come; after a refusal it is silent until retry(). */
export class ScriptedClient implements MemoryClient, Unit {
  readonly name: string
  /** By step: ticks in which the request was taken and answered, and the depth; -1 while not known. */
  readonly takenAt: number[]
  readonly doneAt: number[]
  readonly depth: number[]
  refusals = 0
  retries = 0

  private readonly kernel: Kernel
  private readonly memory: Memory
  private readonly steps: readonly Step[]
  private next = 0
  private refused = false

  constructor(name: string, kernel: Kernel, memory: Memory, steps: readonly Step[]) {
    this.name = name
    this.kernel = kernel
    this.memory = memory
    this.steps = steps
    this.takenAt = steps.map(() => -1)
    this.doneAt = steps.map(() => -1)
    this.depth = steps.map(() => -1)
    for (const at of new Set(steps.map((step) => step.at))) kernel.schedule(at - kernel.now, this)
  }

  wake(): void {
    while (this.next < this.steps.length && !this.refused) {
      const { at, address, write = false } = this.steps[this.next]!
      if (at > this.kernel.now) return
      if (this.memory.request(address, write, this, this.next)) {
        this.takenAt[this.next++] = this.kernel.now
        if (!write && this.memory.settled) throw new Error(`${this.memory.name} is settled, with a read in flight`)
      } else {
        this.refused = true
        this.refusals++
      }
    }
  }

  done(tag: number, depth: number): void {
    const step = this.steps[tag]
    if (step === undefined || step.write === true || this.takenAt[tag] === -1 || this.doneAt[tag] !== -1)
      throw new Error(`${this.memory.name} answers ${tag}, which is no read, was not taken or is answered already`)
    this.doneAt[tag] = this.kernel.now
    this.depth[tag] = depth
  }

  retry(): void {
    if (!this.refused) throw new Error(`${this.memory.name} calls retry() without a refusal`)
    this.refused = false
    this.retries++
    this.wake()
  }
}

export interface ProbeSpec {
  /** Ticks from a read to its answer. */
  readonly latency: number
  /** Before this tick everything is refused, or all writes. */
  readonly opensAt?: number
  readonly writesFrom?: number
}

/** Answers reads after a fixed time, and notes what it takes as `tick r|w line`, of 64 bytes. */
export class Probe implements Memory, Unit {
  readonly name = 'probe'
  readonly log: string[] = []
  /** Reads in flight, and the most there were. */
  inFlight = 0
  most = 0

  private readonly kernel: Kernel
  private readonly spec: ProbeSpec
  private readonly waiting = new Set<MemoryClient>()
  private readonly answers: (readonly [MemoryClient, number])[] = []

  constructor(kernel: Kernel, spec: ProbeSpec) {
    this.kernel = kernel
    this.spec = spec
  }

  request(address: number, write: boolean, client: MemoryClient, tag: number): boolean {
    const { latency, opensAt = 0, writesFrom = 0 } = this.spec
    const from = write ? Math.max(opensAt, writesFrom) : opensAt
    if (this.kernel.now < from) {
      if (this.waiting.size === 0) this.kernel.schedule(from - this.kernel.now, this, -1)
      this.waiting.add(client)
      return false
    }
    this.log.push(`${this.kernel.now} ${write ? 'w' : 'r'} ${address / 64}`)
    if (write) return true
    this.most = Math.max(this.most, ++this.inFlight)
    this.kernel.schedule(latency, this, this.answers.push([client, tag]) - 1)
    return true
  }

  get settled(): boolean {
    return this.inFlight === 0
  }

  wake(answer: number): void {
    if (answer >= 0) {
      this.inFlight--
      const [client, tag] = this.answers[answer]!
      client.done(tag, 0)
      return
    }
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const client of waiting) client.retry()
  }
}
