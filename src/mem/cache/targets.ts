// Who waits for a pending line: for each handle a list of clients and tags, in the order they asked.
//
//   first, last          by handle: places of its list, NONE when empty
//   client, tag, next    by place; places not in use are chained from `free`

import type { MemoryClient } from '../memory.ts'

const NONE = -1

export class Targets {
  private readonly first: number[] = []
  private readonly last: number[] = []
  private readonly client: MemoryClient[] = []
  private readonly tag: number[] = []
  private readonly next: number[] = []
  private free = NONE

  add(handle: number, client: MemoryClient, tag: number): void {
    const place = this.place()
    this.client[place] = client
    this.tag[place] = tag
    this.next[place] = NONE
    const last = this.last[handle] ?? NONE
    if (last === NONE) this.first[handle] = place
    else this.next[last] = place
    this.last[handle] = place
  }

  /** Answers all that wait for `handle`, and forgets them. */
  answer(handle: number, depth: number): void {
    let place = this.first[handle] ?? NONE
    this.first[handle] = NONE
    this.last[handle] = NONE
    while (place !== NONE) {
      const next = this.next[place]!
      this.next[place] = this.free
      this.free = place
      this.client[place]!.done(this.tag[place]!, depth)
      place = next
    }
  }

  private place(): number {
    if (this.free === NONE) return this.next.length
    const place = this.free
    this.free = this.next[place]!
    return place
  }
}
