// The space of a sweep: axes, each a list of choices, of which a point takes one from every axis.

import seedrandom from 'seedrandom'
import { entryPath } from '../config/load.ts'
import { entryAt, errorIn, isList, isMapping, type Mapping, plain, textOf, type Written } from '../config/written.ts'
import { readQuantity } from '../work/quantity.ts'
import type { Setting } from './request.ts'

/** What a point takes from one axis: settings that belong together. */
type Choice = readonly Setting[]

export interface Space {
  /** What axes set, once for each entry, in their order. */
  readonly settings: readonly Setting[]
  /** Points, before any condition. */
  readonly size: number
  /** Settings of a point; the last axis turns fastest. */
  at(point: number): readonly Setting[]
}

/** The axes that a checked sweep file has, in the order in which it has them. */
export function spaceOf(tree: Mapping, seed: number): Space {
  const axes = [...tree.entries].flatMap(([kind, node]) => readers[kind]?.(node, seed) ?? [])
  const set = axes.map((axis) => firstOfEach(axis.flat()))
  for (const [i, own] of set.entries())
    for (const setting of own) refuseOverlap(setting, set.slice(0, i).flat(), 'is set by two axes: also by')
  const size = axes.reduce((product, axis) => product * axis.length, 1)
  if (!Number.isSafeInteger(size)) throw errorIn(tree.place, 'expected fewer than 2^53 points')
  return { settings: set.flat(), size, at: (point) => pick(axes, point) }
}

/** Throws where `setting` and one of `others` set one entry, or one of them an entry that is part of the other's. */
function refuseOverlap(setting: Setting, others: readonly Setting[], problem: string): void {
  const other = others.find(({ path }) => covers(path, setting.path) || covers(setting.path, path))
  if (other !== undefined) throw errorIn(setting.place, `${setting.path} ${problem} ${other.path}`)
}

/** Throws where one of `later`, which are set after `earlier`, would undo what one of these sets below it. */
export function refuseUndoing(later: readonly Setting[], earlier: readonly Setting[]): void {
  for (const { path, place } of later) {
    const undone = earlier.find((each) => covers(path, each.path) && !covers(each.path, path))
    if (undone !== undefined) throw errorIn(place, `${path} would undo ${undone.path}, which is set before it`)
  }
}

/** Throws where one of `settings` sets what an axis sets: points would no longer differ in it. */
export function refuseCovering(settings: readonly Setting[], axes: readonly Setting[]): void {
  for (const { path, place } of settings) {
    const axis = axes.find((each) => covers(path, each.path))
    if (axis !== undefined) throw errorIn(place, `${path} would undo the axis ${axis.path}`)
  }
}

/** Whether `inner` is the entry `outer` or a part of it. */
export function covers(outer: string, inner: string): boolean {
  const parts = entryPath(inner)
  return entryPath(outer).every((part, i) => part === parts[i])
}

const firstOfEach = (settings: readonly Setting[]): Setting[] =>
  [...new Map(settings.toReversed().map((setting) => [setting.path, setting])).values()].reverse()

function pick(axes: readonly (readonly Choice[])[], point: number): readonly Setting[] {
  const chosen: Choice[] = []
  let rest = point
  for (const axis of axes.toReversed()) {
    chosen.unshift(axis[rest % axis.length]!)
    rest = Math.floor(rest / axis.length)
  }
  return chosen.flat()
}

type Reader = (node: Written, seed: number) => readonly (readonly Choice[])[]

/** Axes of each kind that a file may have. */
const readers: Readonly<Record<string, Reader>> = {
  grid: (node) => entriesOf(node).map(([path, list]) => itemsOf(list).map((item) => [settingOf(path, item)])),
  zip: (node) => (isList(node) ? node.items : [node]).filter((group) => entriesOf(group).length > 0).map(zipped),
  list: (node) => [itemsOf(node).map((item) => settingsOf(item))],
  random: (node, seed) => [drawn(node, seed)],
}

const entriesOf = (node: Written): [string, Written][] => (isMapping(node) ? [...node.entries] : [])
const itemsOf = (node: Written | undefined): readonly Written[] => (isList(node) ? node.items : [])

/** The settings that a mapping of paths to values says. */
export const settingsOf = (node: Written | undefined): Choice =>
  node === undefined ? [] : entriesOf(node).map(([path, value]) => settingOf(path, value))

/** `line` is found now: finding it takes the document. */
function settingOf(path: string, node: Written): Setting {
  const { file, line, key } = node.place
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), key }
  return { path, value: plain(node), place }
}

function zipped(node: Written): readonly Choice[] {
  const columns = entriesOf(node).map(([path, list]) => itemsOf(list).map((item) => settingOf(path, item)))
  const [first = []] = columns
  for (const [i, [path, list]] of entriesOf(node).entries()) {
    const { length } = columns[i]!
    if (length === first.length) continue
    const problem = `${path} has ${length} values, ${entriesOf(node)[0]![0]} has ${first.length}; zipped lists are of one length`
    throw errorIn(list.place, problem)
  }
  return first.map((_, i) => columns.map((column) => column[i]!))
}

/** Tries for each draw that shall differ from all others. */
const TRIES = 20

/** Draws of all random axes together: as many as are asked for, or as differ. */
function drawn(node: Written, seed: number): readonly Choice[] {
  const count = Number((entryAt(node, ['count']) as { value?: unknown }).value)
  const axes = entriesOf(entryAt(node, ['axes'])!).map(([path, axis]) => ({ path, axis, draw: drawOf(axis) }))
  const random = seedrandom(String(seed))
  const choices = new Map<string, Choice>()
  for (let tries = 0; choices.size < count && tries < count * TRIES; tries++) {
    const choice = axes.map(({ path, axis, draw }): Setting => ({ ...settingOf(path, axis), value: draw(random()) }))
    choices.set(JSON.stringify(choice.map(({ value }) => value)), choice)
  }
  return [...choices.values()]
}

/** The value of an axis for a number from 0 to 1. */
function drawOf(axis: Written): (at: number) => unknown {
  if (isList(axis)) return (at) => plain(axis.items[Math.floor(at * axis.items.length)]!)
  const [from, to, step] = (['from', 'to', 'step'] as const).map((key) => measured(entryAt(axis, [key]))) as [
    Measured,
    Measured,
    Measured | undefined,
  ]
  const log = textOf(entryAt(axis, ['scale'])) === 'log'
  if (from.unit !== to.unit || (step !== undefined && step.unit !== from.unit))
    throw errorIn(axis.place, `expected one unit for from, to and step, got '${from.unit}' and '${to.unit}'`)
  if (!(from.number < to.number) || (log && from.number <= 0))
    throw errorIn(axis.place, `expected a range that rises${log ? ' from above 0' : ''}`)
  const by = step?.number ?? 1
  if (!(by > 0 && by <= to.number - from.number))
    throw errorIn(axis.place, `expected a step above 0 that fits between from and to, got ${by}`)
  const steps = Math.floor((to.number - from.number) / by + 1e-9)
  return (at) => {
    const place = log
      ? Math.round((from.number * (to.number / from.number) ** at - from.number) / by)
      : Math.floor(at * (steps + 1))
    const number = Number((from.number + Math.min(steps, place) * by).toPrecision(12))
    return from.unit === '' ? number : `${number} ${from.unit}`
  }
}

interface Measured {
  readonly number: number
  readonly unit: string
}

/** A number, or the number of a quantity and its unit. */
function measured(node: Written | undefined): Measured | undefined {
  if (node === undefined || !('value' in node)) return undefined
  if (typeof node.value === 'number') return { number: node.value, unit: '' }
  const quantity = readQuantity(String(node.value))
  if (quantity === undefined) throw errorIn(node.place, `expected a number or a quantity, got '${node.value}'`)
  return quantity
}
