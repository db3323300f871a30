import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorAt, keyOf, parseWith, readDocument } from '../../src/work/document.ts'
import { InputError } from '../../src/work/input-error.ts'

function problem(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return 'no error'
}

const read = (text: string) => readDocument(text, 'a.yaml')

describe('readDocument', () => {
  it('gives the same value for YAML and JSON', () => {
    expect(read('a: 1\nb: [x, true, null]').value).toEqual({ a: 1, b: ['x', true, null] })
    expect(read('{"a": 1,\n"b": ["x", true, null]}').value).toEqual({ a: 1, b: ['x', true, null] })
    expect(read('').value).toBeNull()
  })

  it('locates keys, items, and the nearest enclosing entry of what is absent', () => {
    const document = read('a:\n  - x\n  - b: 1\n    c: 2\nd:\n  e: 3\n')
    expect(document.locate([])).toBe(1)
    expect(document.locate(['a'])).toBe(1)
    expect(document.locate(['a', 0])).toBe(2)
    expect(document.locate(['a', 1, 'c'])).toBe(4)
    expect(document.locate(['a', 1, 'absent', 'x'])).toBe(3)
    expect(document.locate(['d', 'e'])).toBe(6)
  })

  it.each([
    ['a: 1\nb: 2\na: 3', 'a.yaml:3: a: duplicate key, first given on line 1'],
    ['{"x": {"a": 1,\n"a": 2}}', 'a.yaml:2: a: duplicate key, first given on line 1'],
    ['a:\n  - [1, 2', /^a\.yaml:2: /],
    ['a: !secret 1', /^a\.yaml:1: Unresolved tag/],
    ['a: 1\n---\nb: 2', 'a.yaml:2: expected one document'],
    ['a: *gone', /^a\.yaml: Unresolved alias/],
    ['['.repeat(50_000), 'a.yaml: nested too deeply'],
    [`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'a.yaml: nested too deeply'],
    [`a: ${'{b: '.repeat(50_000)}`, 'a.yaml: nested too deeply'],
    ['- '.repeat(50_000), 'a.yaml: nested too deeply'],
    ['? '.repeat(50_000), 'a.yaml: nested too deeply'],
    [Array.from({ length: 1001 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n'), 'a.yaml: nested too deeply'],
    [`a:\n  ${'['.repeat(100)}${']'.repeat(100)}`, 'a.yaml:2: nested too deeply'],
    ['x'.repeat(5 << 20), /^a\.yaml: expected at most/],
  ])('refuses %#', (text, expected) => {
    const message = problem(() => read(text))
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('reads what is nested a hundred deep', () => {
    expect(problem(() => read(`${'['.repeat(100)}${']'.repeat(100)}`))).toBe('no error')
  })
})

const shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cache'), ways: z.int().min(1), 'line-bytes': z.int().optional() }),
  z.strictObject({ kind: z.literal('dram'), banks: z.int() }),
])
const schema = z.strictObject({
  name: z.string(),
  clock: z.union([z.number(), z.string()]).default('1 GHz'),
  memory: z.array(shape).optional(),
  mode: z.enum(['fast', 'plain']).optional(),
  table: z.record(z.string(), z.strictObject({ latency: z.int() })).optional(),
  loose: z.union([z.strictObject({ a: z.int() }), z.strictObject({ b: z.int(), c: z.int() })]).optional(),
  label: z.string().min(1).max(9).optional(),
  pair: z.array(z.int()).min(2).max(2).optional(),
  share: z.number().gt(0).lt(1).optional(),
  grid: z.number().multipleOf(4).optional(),
  code: z
    .string()
    .regex(/^[a-z]+$/)
    .optional(),
  rate: z.union([z.literal('max'), z.strictObject({ fps: z.int() }), z.array(z.int())]).optional(),
  even: z
    .int()
    .refine((x) => x % 2 === 0, 'expected an even number')
    .optional(),
})

describe('parseWith', () => {
  it('gives the parsed value with defaults', () => {
    expect(parseWith(schema, read('name: x\nmemory:\n  - {kind: dram, banks: 8}'))).toEqual({
      name: 'x',
      clock: '1 GHz',
      memory: [{ kind: 'dram', banks: 8 }],
    })
  })

  it.each([
    ['clock: 3', 'a.yaml:1: name: missing; expected a string'],
    ['nmae: x', "a.yaml:1: nmae: unknown key 'nmae'; did you mean 'name'?"],
    ['name: x\nzzzzzzzzz: 1', /^a\.yaml:2: zzzzzzzzz: unknown key 'zzzzzzzzz'; expected one of name, clock, memory/],
    ['name: 3', 'a.yaml:1: name: expected a string, got 3'],
    ['name: x\nclock: []', 'a.yaml:2: clock: expected a number or a string, got a list of 0'],
    ['name: x\nmode: fsat', 'a.yaml:2: mode: expected one of fast, plain, got "fsat"; did you mean \'fast\'?'],
    [
      'name: x\nmemory:\n- kind: cahce\n',
      /^a\.yaml:3: memory\[0\]\.kind: expected one of cache, dram, got "cahce"; did/,
    ],
    ['name: x\nmemory:\n- banks: 1\n', 'a.yaml:3: memory[0].kind: missing; expected one of cache, dram'],
    ['name: x\nmemory:\n- kind: cache\n  way: 2', "a.yaml:4: memory[0].way: unknown key 'way'; did you mean 'ways'?"],
    ['name: x\nmemory:\n- kind: cache\n  ways: 0', 'a.yaml:4: memory[0].ways: expected a number of at least 1, got 0'],
    ['name: x\nmemory:\n- kind: cache\n  ways: 1.5', 'a.yaml:4: memory[0].ways: expected an integer, got 1.5'],
    [
      'name: x\ntable:\n  mul: {latncy: 1}',
      "a.yaml:3: table.mul.latncy: unknown key 'latncy'; did you mean 'latency'?",
    ],
    ['name: x\nloose:\n  b: 1\n  c: q', 'a.yaml:4: loose.c: expected a number, got "q"'],
    ['name: x\nlabel: ""', 'a.yaml:2: label: expected a string of at least 1 character, got ""'],
    ['name: x\nlabel: abcdefghij', 'a.yaml:2: label: expected a string of at most 9 characters, got "abcdefghij"'],
    ['name: x\npair: [1]', 'a.yaml:2: pair: expected a list of at least 2 items, got a list of 1'],
    ['name: x\npair: [1, 2, 3]', 'a.yaml:2: pair: expected a list of at most 2 items, got a list of 3'],
    ['name: x\npair: [1, 1e30]', /^a\.yaml:2: pair\[1\]: expected an integer of at most [\d,]+, got 1e\+30$/],
    ['name: x\nshare: 0', 'a.yaml:2: share: expected a number of more than 0, got 0'],
    ['name: x\nshare: 1', 'a.yaml:2: share: expected a number of less than 1, got 1'],
    ['name: x\nshare: .nan', 'a.yaml:2: share: expected a number, got .nan'],
    ['name: x\nshare: -.inf', 'a.yaml:2: share: expected a number, got -.inf'],
    ['name: x\ngrid: 6', 'a.yaml:2: grid: expected a multiple of 4, got 6'],
    ['name: x\ncode: A', 'a.yaml:2: code: expected a string that matches /^[a-z]+$/, got "A"'],
    ['name: x\nrate: foo', 'a.yaml:2: rate: expected max, a mapping such as { fps: N }, or a list, got "foo"'],
    ['name: x\nrate: 3', 'a.yaml:2: rate: expected max, a mapping such as { fps: N }, or a list, got 3'],
    ['name: x\nrate: {fps: a}', 'a.yaml:2: rate.fps: expected a number, got "a"'],
    ['name: x\neven: 3', 'a.yaml:2: even: expected an even number, got 3'],
    ['', 'a.yaml:1: expected a mapping, got null'],
  ])('explains %#', (text, expected) => {
    const message = problem(() => parseWith(schema, read(text)))
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })
})

it('errorAt names file, line and key', () => {
  expect(errorAt(read('a:\n  b: [1, 2]'), ['a', 'b', 1], 'too far').message).toBe('a.yaml:2: a.b[1]: too far')
  expect(keyOf(['layers', 2, 'weights'])).toBe('layers[2].weights')
})
