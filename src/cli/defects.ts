// Defects of the simulator that showed in points or variants: the others went on, and the stack is told at the end.

import { hasFailed, type Outcome } from '../sweep/request.ts'

export class Defects {
  private readonly stacks = new Set<string>()

  hear(outcome: Outcome): void {
    if (hasFailed(outcome) && outcome.stack !== undefined) this.stacks.add(outcome.stack)
  }

  /** Prints each stack once. */
  tell(): void {
    for (const stack of this.stacks) process.stderr.write(`bnnsim: defect of the simulator: ${stack}\n`)
  }
}
