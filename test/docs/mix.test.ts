import { expect, it } from 'vitest'
import { executed, table, written } from './mix.ts'

it('docs/arm.md has the mix of instructions that is executed', { timeout: 30_000 }, () => {
  expect(written()).toBe(table())
})

it('every binary multiply-accumulate is executed once', () => {
  expect(executed('direct').slice(0, 2)).toEqual([903_168, 903_168])
})
