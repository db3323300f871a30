// A sweep as files that run again, wherever they lie.

import { stringify } from 'yaml'
import { experimentTree, withAbsolutePaths } from '../config/experiment.ts'
import { isPath, pathFrom } from '../config/load.ts'
import { isList, isMapping, plain, textOf, type Written } from '../config/written.ts'
import type { Sweep } from './definition.ts'

const yaml = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })

/** The experiment as its files say it, inheritance resolved: `sweepYaml` names it. */
export const experimentYaml = ({ experiment }: Sweep): string =>
  yaml(plain(withAbsolutePaths(experimentTree(experiment))))

/** The sweep, of the experiment in `experiment.yaml` beside it. */
export const sweepYaml = ({ tree }: Sweep): string =>
  yaml({ ...(plain(absolute(tree, '')) as object), experiment: './experiment.yaml' })

/** Paths of files made absolute, in settings of entries that name files; `key` is the entry that `node` is set in. */
function absolute(node: Written, key: string): Written {
  if (isList(node)) return { ...node, items: node.items.map((item) => absolute(item, key)) }
  if (isMapping(node)) {
    return { ...node, entries: new Map([...node.entries].map(([inner, child]) => [inner, absolute(child, inner)])) }
  }
  const text = textOf(node)
  return text !== undefined && namesFile(key, text) ? { ...node, value: pathFrom(node.place, text) } : node
}

const namesFile = (key: string, text: string): boolean =>
  /(^|\.)(weights|images\.file|file)$/.test(key) ||
  (/(^|\.)(network|energy|machine|device|core|memory|extends)$/.test(key) && (isPath(text) || text.endsWith('.json')))
