// Pictures of random networks, and how they are encoded.

import seedrandom from 'seedrandom'
import type { Encoding, Network } from '../../../src/work/network.ts'
import { elements, type Shape } from '../../../src/work/tensor.ts'

/** A flattened picture of more pixels than 16 bits count. */
const wide: Shape = { channels: 1, height: 182, width: 182 }

export class Dice {
  private readonly random: () => number

  constructor(seed: string) {
    this.random = seedrandom(seed)
  }

  below(n: number): number {
    return Math.floor(this.random() * n)
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  chance(part: number): boolean {
    return this.random() < part
  }

  channels(): number {
    return this.chance(0.7) ? this.pick([8, 32, 32, 64]) : 1 + this.below(70)
  }
}

export function randomInput(dice: Dice): Pick<Network, 'picture' | 'encoding' | 'input'> {
  const height = 1 + dice.below(7)
  const width = dice.chance(0.8) ? height : 1 + dice.below(7)
  const drawn = { channels: dice.chance(0.9) ? dice.pick([1, 3]) : dice.channels(), height, width }
  const each = (value: number): number[] => Array.from({ length: drawn.channels }, () => value)
  const encoding = dice.pick<Encoding>([
    { kind: 'int8' },
    { kind: 'int8' },
    { kind: 'bit' },
    { kind: 'thermometer', levels: dice.pick([1, 8, 11, 32]) },
    { kind: 'real', mean: each(0.5), deviation: each(0.25) },
    { kind: 'real', mean: each(0.25), deviation: each(0.5) },
  ])
  if (encoding.kind === 'bit') {
    const picture = dice.chance(0.1) ? wide : drawn
    return { picture, encoding, input: { channels: elements(picture), height: 1, width: 1 } }
  }
  const planes = encoding.kind === 'thermometer' ? encoding.levels : 1
  return { picture: drawn, encoding, input: { ...drawn, channels: drawn.channels * planes } }
}
