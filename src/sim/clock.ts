// Clock domains. The kernel counts ticks of a base clock; a cycle of a domain is a
// whole number of ticks, and every domain has an edge at tick 0.

import { InputError } from '../work/input-error.ts'
import type { Kernel, Unit } from './kernel.ts'

/** Hertz: a positive integer, or an exact ratio of two, e.g. [3200e6, 3] for 1066.67 MHz. */
export type Frequency = number | readonly [numerator: number, denominator: number]

/** Ticks that a period may take: more means frequencies that were rounded and should be given as ratios. */
const LONGEST_PERIOD = 1000

/** The first multiple of `period` at or after `tick`. */
export const edge = (tick: number, period: number): number => (period === 1 ? tick : Math.ceil(tick / period) * period)

export class ClockDomain {
  readonly name: string
  /** Base ticks in one cycle of this domain. */
  readonly period: number

  constructor(name: string, period: number) {
    if (!Number.isSafeInteger(period) || period < 1) throw new RangeError(`${name}: not a period in ticks: ${period}`)
    this.name = name
    this.period = period
  }

  toTicks(cycles: number): number {
    return cycles * this.period
  }

  /** The cycle that `tick` falls into. */
  cycleOf(tick: number): number {
    return Math.floor(tick / this.period)
  }

  /** The first edge at or after `tick`. */
  edge(tick: number): number {
    return edge(tick, this.period)
  }

  /** Wakes `unit` at the first edge that is at least `cycles` of this domain from now. */
  schedule(kernel: Kernel, cycles: number, unit: Unit, tag = 0): void {
    kernel.schedule(this.edge(kernel.now) - kernel.now + cycles * this.period, unit, tag)
  }
}

export interface Clocks<Name extends string> {
  /** Frequency of the base clock, in ticks a second. */
  readonly baseHz: number
  readonly domains: Readonly<Record<Name, ClockDomain>>
}

/**
 * The domains with the shortest periods whose frequencies are in exactly the given ratios.
 * Throws InputError, keyed by clock name, for what is no frequency and for ratios that need a period of over 1000 ticks.
 */
export function clockDomains<Name extends string>(frequencies: Readonly<Record<Name, Frequency>>): Clocks<Name> {
  const names = Object.keys(frequencies) as Name[]
  const ratios = names.map((name) => ratioOf(name, frequencies[name]))
  // The least common multiple of fractions in lowest terms: lcm of numerators over gcd of denominators.
  const numerator = ratios.reduce((lcm, [n]) => (lcm / gcd(lcm, n)) * n, 1n)
  const denominator = ratios.reduce((common, [, d]) => gcd(common, d), 0n)
  const periods = ratios.map(([n, d]) => Number((numerator * d) / (denominator * n)))
  const longest = periods.indexOf(Math.max(...periods))
  if (periods[longest]! > LONGEST_PERIOD)
    throw new InputError(
      `a cycle takes ${periods[longest]} ticks of the base clock shared with ${others(names, longest)}, ` +
        `expected at most ${LONGEST_PERIOD}; give frequencies in simpler ratios, or exactly as a fraction`,
      { key: names[longest]! },
    )
  const domains = names.map((name, i) => [name, new ClockDomain(name, periods[i]!)])
  return { baseHz: Number(numerator) / Number(denominator), domains: Object.fromEntries(domains) }
}

function ratioOf(name: string, frequency: Frequency): [bigint, bigint] {
  const [numerator, denominator] = typeof frequency === 'number' ? [frequency, 1] : frequency
  for (const part of [numerator, denominator])
    if (!Number.isSafeInteger(part) || part < 1)
      throw new InputError(`expected a frequency as a positive integer of Hz or a ratio of two, found ${part}`, {
        key: name,
      })
  const [n, d] = [BigInt(numerator), BigInt(denominator)]
  const common = gcd(n, d)
  return [n / common, d / common]
}

const others = (names: readonly string[], except: number): string => names.filter((_, i) => i !== except).join(', ')

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
