// Which lines a cache asks for before they are needed.

import type { PrefetcherSpec } from './spec.ts'

const PAGE = 4096

export interface Prefetcher {
  /** An access missed, or (`missed` false) was the first to a prefetched line. */
  train(line: number, missed: boolean): void
}

/** Fetches a line unless it is here or on its way; false when no more prefetches may be in flight. */
type Issue = (line: number) => boolean

type Of<Type> = Extract<PrefetcherSpec, { readonly type: Type }>

const none: Prefetcher = { train: () => {} }

class NextLine implements Prefetcher {
  private readonly degree: number
  private readonly issue: Issue
  private readonly linesOfPage: number

  constructor(spec: Of<'next-line'>, lineBytes: number, issue: Issue) {
    this.degree = spec.degree
    this.issue = issue
    this.linesOfPage = PAGE / lineBytes
  }

  train(line: number, missed: boolean): void {
    if (!missed) return
    const most = Math.min(this.degree, this.linesOfPage - 1 - (line % this.linesOfPage))
    for (let i = 1; i <= most; i++) if (!this.issue(line + i)) return
  }
}

/**
 * Streams, by index: the last line seen, the stride to it (0: not yet known), how many lines in a row had that
 * stride, the furthest line asked for, and when it was last used.
 */
class Stride implements Prefetcher {
  private readonly spec: Of<'stride'>
  private readonly issue: Issue
  private readonly linesOfPage: number
  private readonly last: Float64Array
  private readonly stride: Float64Array
  private readonly seen: Float64Array
  private readonly furthest: Float64Array
  private readonly usedAt: Float64Array
  private uses = 0

  constructor(spec: Of<'stride'>, lineBytes: number, issue: Issue) {
    this.spec = spec
    this.issue = issue
    this.linesOfPage = PAGE / lineBytes
    this.last = new Float64Array(spec.streams).fill(-Infinity)
    this.stride = new Float64Array(spec.streams)
    this.seen = new Float64Array(spec.streams)
    this.furthest = new Float64Array(spec.streams)
    this.usedAt = new Float64Array(spec.streams)
  }

  train(line: number): void {
    const stream = this.streamOf(line)
    const stride = line - this.last[stream]!
    if (stride !== 0) {
      this.seen[stream] = stride === this.stride[stream] ? this.seen[stream]! + 1 : 2
      if (stride !== this.stride[stream]) this.furthest[stream] = line
      this.stride[stream] = stride
      this.last[stream] = line
    }
    this.usedAt[stream] = ++this.uses
    if (this.seen[stream]! >= this.spec.threshold) this.run(stream)
  }

  /** The stream that `line` continues; else one that it is near to; else the one unused longest, which it begins anew. */
  private streamOf(line: number): number {
    const { streams, reach } = this.spec
    let near = -1
    let oldest = 0
    for (let i = 0; i < streams; i++) {
      const stride = line - this.last[i]!
      if (stride === this.stride[i]) return i
      if (Math.abs(stride) <= reach && near < 0) near = i
      if (this.usedAt[i]! < this.usedAt[oldest]!) oldest = i
    }
    if (near >= 0) return near
    this.last[oldest] = line
    this.furthest[oldest] = line
    this.stride[oldest] = 0
    this.seen[oldest] = 1
    return oldest
  }

  private run(stream: number): void {
    const { distance, degree } = this.spec
    const line = this.last[stream]!
    const stride = this.stride[stream]!
    const page = Math.floor(line / this.linesOfPage)
    const asked = (this.furthest[stream]! - line) / stride
    let ahead = Math.max(0, asked)
    for (let i = 0; i < degree && ahead < distance; i++) {
      const next = line + (ahead + 1) * stride
      if (Math.floor(next / this.linesOfPage) !== page || !this.issue(next)) return
      this.furthest[stream] = next
      ahead++
    }
  }
}

const prefetchers: {
  readonly [Type in PrefetcherSpec['type']]: (spec: Of<Type>, lineBytes: number, issue: Issue) => Prefetcher
} = {
  none: () => none,
  'next-line': (spec, lineBytes, issue) => new NextLine(spec, lineBytes, issue),
  stride: (spec, lineBytes, issue) => new Stride(spec, lineBytes, issue),
}

export const prefetcherOf = <Type extends PrefetcherSpec['type']>(
  spec: Of<Type> & { readonly type: Type },
  lineBytes: number,
  issue: Issue,
): Prefetcher => prefetchers[spec.type](spec, lineBytes, issue)

/** Prefetches that may be in flight at once. */
export const outstandingOf = (spec: PrefetcherSpec): number => (spec.type === 'none' ? 0 : spec.outstanding)
