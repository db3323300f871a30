// How often each latency occurred.

export class Latencies {
  number = 0
  max = 0

  private sum = 0
  private times = new Uint32Array(1024) // by latency

  add(latency: number): void {
    if (latency >= this.times.length) this.grow(latency)
    this.times[latency]!++
    this.number++
    this.sum += latency
    if (latency > this.max) this.max = latency
  }

  /** 0 when there were none. */
  get mean(): number {
    return this.number === 0 ? 0 : this.sum / this.number
  }

  /** The least latency that at least `part` of all did not exceed; 0 when there were none. */
  percentile(part: number): number {
    let left = part * this.number
    for (let latency = 0; latency <= this.max; latency++) {
      left -= this.times[latency]!
      if (left <= 0 && this.number > 0) return latency
    }
    return this.max
  }

  /** Occurrences from one power of two to below the next, of those ranges that hold any. */
  get histogram(): { readonly from: number; readonly below: number; readonly reads: number }[] {
    const ranges = []
    for (let from = 0, below = 1; from <= this.max; from = below, below *= 2) {
      const reads = this.times.subarray(from, below).reduce((sum, each) => sum + each, 0)
      if (reads > 0) ranges.push({ from, below, reads })
    }
    return ranges
  }

  private grow(latency: number): void {
    const times = new Uint32Array(2 ** Math.ceil(Math.log2(latency + 1)))
    times.set(this.times)
    this.times = times
  }
}
