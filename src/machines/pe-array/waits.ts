// Cycles in which an array waits for what comes over the memory port.

export class Waits {
  /** For a picture; and after the last layer for the last results to leave. */
  input = 0
  output = 0
  /** By layer. */
  readonly weights = new Map<string, number>()
  readonly host = new Map<string, number>()

  add(of: 'weights' | 'host', layer: string, cycles: number): void {
    this[of].set(layer, (this[of].get(layer) ?? 0) + cycles)
  }

  copy(): Waits {
    const copy = new Waits()
    copy.input = this.input
    copy.output = this.output
    for (const of of ['weights', 'host'] as const) for (const [layer, cycles] of this[of]) copy.add(of, layer, cycles)
    return copy
  }
}
