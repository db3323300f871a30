// What units did when, for people to look at. A unit holds a `Tracer | null` and asks
// it only where it is not null, so a run without a trace pays nothing.

export interface Tracer {
  /** `track` was at `name` from cycle `start` until cycle `end`. Spans of a track nest or do not overlap. */
  span(track: string, name: string, start: number, end: number): void
  /** From cycle `at` on, the quantity `name` of `track` is `value`. */
  value?(track: string, name: string, at: number, value: number): void
}

const CHUNK = 1 << 16

/**
 * Chrome's trace-event format (JSON), which Perfetto and chrome://tracing open: a thread for each track, in
 * order of first appearance. The format's microseconds stand for cycles.
 * Source: "Trace Event Format", Google, 2016; complete events ('X'), counters ('C') and metadata ('M').
 */
export class ChromeTracer implements Tracer {
  private readonly write: (text: string) => void
  private readonly thread = new Map<string, number>()
  private text = ''
  private separator = '{"traceEvents":[\n'

  /** `write` receives the file in pieces, the last one from `close`. */
  constructor(write: (text: string) => void) {
    this.write = write
  }

  /** `args` are shown with the span. */
  span(track: string, name: string, start: number, end: number, args?: object): void {
    this.event({ ph: 'X', pid: 0, tid: this.threadOf(track), name, ts: start, dur: end - start, ...(args && { args }) })
  }

  /** Makes a track, if there is none of this name, that is shown after those of lower `order`. */
  track(track: string, order: number): void {
    this.threadOf(track, order)
  }

  value(track: string, name: string, at: number, value: number): void {
    this.event({ ph: 'C', pid: 0, name: `${track} ${name}`, ts: at, args: { [name]: value } })
  }

  /** Ends the file. */
  close(): void {
    if (this.thread.size === 0 && this.text === '') this.text = this.separator
    this.write(`${this.text}\n],"otherData":{"1 us":"1 cycle"}}\n`)
    this.text = ''
  }

  private threadOf(track: string, order?: number): number {
    const known = this.thread.get(track)
    if (known !== undefined) return known
    const tid = this.thread.size + 1
    this.thread.set(track, tid)
    this.event({ ph: 'M', pid: 0, tid, name: 'thread_name', args: { name: track } })
    this.event({ ph: 'M', pid: 0, tid, name: 'thread_sort_index', args: { sort_index: order ?? tid } })
    return tid
  }

  private event(event: object): void {
    this.text += this.separator + JSON.stringify(event)
    this.separator = ',\n'
    if (this.text.length < CHUNK) return
    this.write(this.text)
    this.text = ''
  }
}
