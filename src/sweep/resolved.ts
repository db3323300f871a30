// A sweep as files that run again, wherever they lie.

import { stringify } from 'yaml'
import { experimentTree, namesFile, withAbsolutePaths } from '../config/experiment.ts'
import { entryPath, pathFrom } from '../config/load.ts'
import { isList, isMapping, plain, textOf, type Written } from '../config/written.ts'
import type { Sweep } from './definition.ts'

const yaml = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })

/** The experiment as its files say it, inheritance resolved: `sweepYaml` names it. */
export const experimentYaml = ({ experiment }: Sweep): string =>
  yaml(plain(withAbsolutePaths(experimentTree(experiment))))

/** The sweep, of the experiment in `experiment.yaml` beside it. */
export function sweepYaml({ tree }: Sweep): string {
  const entries = [...tree.entries].map(([key, node]): [string, Written] => [key, absolute(node, sections[key])])
  const sweep = plain({ ...tree, entries: new Map(entries) }) as Record<string, unknown>
  return yaml({ ...sweep, experiment: './experiment.yaml' })
}

/** What lies below each entry of a sweep: settings, or mappings in which they lie. */
type Section = 'settings' | { readonly [key: string]: Section }

const sections: Readonly<Record<string, Section>> = {
  set: 'settings',
  grid: 'settings',
  zip: 'settings',
  list: 'settings',
  random: { axes: 'settings' },
  explore: { fidelity: 'settings' },
}

/** `node` with paths of files that settings name made absolute. */
function absolute(node: Written, section: Section | undefined): Written {
  if (section === undefined) return node
  if (isList(node)) return { ...node, items: node.items.map((item) => absolute(item, section)) }
  if (!isMapping(node)) return node
  const entries = [...node.entries].map(([key, child]): [string, Written] => [
    key,
    section === 'settings' ? absoluteValue(child, entryPath(key)) : absolute(child, section[key]),
  ])
  return { ...node, entries: new Map(entries) }
}

/** The value, or the list of values, that an entry is set to. */
function absoluteValue(node: Written, path: readonly string[]): Written {
  if (isList(node)) return { ...node, items: node.items.map((item) => absoluteValue(item, path)) }
  if (isMapping(node)) {
    const entries = [...node.entries].map(([key, child]): [string, Written] => [
      key,
      absoluteValue(child, [...path, key]),
    ])
    return { ...node, entries: new Map(entries) }
  }
  const text = textOf(node)
  return text !== undefined && namesFile(path, text) ? { ...node, value: pathFrom(node.place, text) } : node
}
