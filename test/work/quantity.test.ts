import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { parseWith, readDocument } from '../../src/work/document.ts'
import {
  area,
  bytes,
  count,
  dataRate,
  duration,
  energy,
  frequency,
  power,
  ratio,
  transferRate,
} from '../../src/work/quantity.ts'
import { problem } from '../config/files.ts'

describe('quantities', () => {
  it.each<[z.ZodType<number>, string, number]>([
    [frequency(), '200 MHz', 200_000_000],
    [frequency(), '0.3 GHz', 300_000_000],
    [frequency(), '33.333333 MHz', 33_333_333],
    [frequency(), '1066MHz', 1_066_000_000],
    [frequency(), '50 Hz', 50],
    [bytes(), '64 KiB', 65_536],
    [bytes(), '4.5 KiB', 4608],
    [bytes(), '1.1 kB', 1100],
    [bytes(), '2 GiB', 2_147_483_648],
    [duration(), '14 ns', 14e-9],
    [duration(), '13.75 ns', 13.75e-9],
    [duration(), '3 µs', 3e-6],
    [duration(), '3 us', 3e-6],
    [energy(), '0.4 pJ', 0.4e-12],
    [energy(), '6 fJ', 6e-15],
    [power(), '1.6 W', 1.6],
    [power(), '70 mW', 0.07],
    [area(), '430 um2', 430e-6],
    [ratio(), '10 %', 0.1],
    [ratio(), '7%', 0.07],
    [ratio(), '100 %', 1],
    [dataRate(), '2.1 GB/s', 2_100_000_000],
    [dataRate(), '1.5 GiB/s', 1_610_612_736],
    [transferRate(), '1066 MT/s', 1_066_000_000],
  ])('%# reads %s as the nearest number', (schema, text, value) => {
    expect(schema.parse(text)).toBe(value)
  })

  it.each<[z.ZodType, string, string]>([
    [frequency(), '200', "expected a frequency such as '200 MHz', got 200"],
    [frequency(), '200 mhz', 'expected a frequency such as \'200 MHz\', got "200 mhz"'],
    [frequency(), '-5 MHz', 'expected a frequency such as \'200 MHz\', got "-5 MHz"'],
    [frequency(), '1e3 MHz', 'expected a frequency such as \'200 MHz\', got "1e3 MHz"'],
    [frequency(), '5 ns', 'expected a frequency such as \'200 MHz\', got "5 ns"'],
    [frequency(), '0 MHz', 'expected a frequency above 0, got "0 MHz"'],
    [frequency(), '[1]', "expected a frequency such as '200 MHz', got [1]"],
    [frequency(), 'null', "expected a frequency such as '200 MHz', got null"],
    [bytes(), '64 Kib', 'expected a size such as \'64 KiB\', got "64 Kib"'],
    [bytes(), '0.3 B', 'expected a whole number of bytes, got "0.3 B"'],
    [bytes(), '999999999 GiB', 'expected a whole number of bytes, got "999999999 GiB"'],
    [duration(), '3 min', 'expected a duration such as \'14 ns\', got "3 min"'],
    [energy(), '0.4', "expected an energy such as '0.4 pJ', got 0.4"],
    [power(), '1 Watt', 'expected a power such as \'1.6 W\', got "1 Watt"'],
    [ratio(), '0.1', "expected a ratio such as '10 %', got 0.1"],
    [ratio(), '101 %', 'expected a ratio of at most 100 %, got "101 %"'],
    [dataRate(), '2 GB', 'expected a data rate such as \'2.1 GB/s\', got "2 GB"'],
    [count(), '1.5', 'expected a whole number of at least 0, got 1.5'],
    [count(), '"3"', 'expected a whole number of at least 0, got "3"'],
    [count(2), '1', 'expected a whole number of at least 2, got 1'],
  ])('%# refuses %s', (schema, text, message) => {
    expect(problem(() => parseWith(schema, readDocument(text, 'a')))).toBe(`a:1: ${message}`)
  })
})
