// A network by name or by file.

import { existsSync } from 'node:fs'
import { z } from 'zod'
import { parseWith, readDocument } from '../work/document.ts'
import { didYouMean, InputError } from '../work/input-error.ts'
import type { GatedMacOp, MacOp } from '../work/mac.ts'
import type { MacShape, Network } from '../work/network.ts'
import { importBnnref } from './bnnref.ts'
import { readText, shippedFile } from './files.ts'
import { importFracBnn } from './fracbnn.ts'
import { topologies } from './networks/index.ts'
import { seededParameters } from './seeded.ts'
import type { SequenceChoice } from './sequences.ts'

/** Trained networks that ship with the package, and their files under models/. */
const trained: ReadonlyMap<string, string> = new Map([['cnv-cifar10', 'cnv-cifar10.json']])

const importers = { 'bnnref-1': importBnnref, 'bnnref-fracbnn-1': importFracBnn } as const

/** Every name that `loadNetwork` takes: trained networks first, then topologies. */
export const networkNames: readonly string[] = [...trained.keys(), ...topologies.keys()]

export interface LoadOptions {
  /** Of seeded weights; `1` by default. Trained weights have none. */
  readonly seed?: string | number
  /** A model file with trained weights for the topology named. */
  readonly weightsFile?: string
  /** Distribution of seeded 3x3 kernel slices. */
  readonly sequences?: SequenceChoice
}

/** The built-in topology `name` with seeded weights. Throws InputError for an unknown name. */
export function network(name: string, seed: string | number = 1, sequences?: SequenceChoice): Network {
  const topology = topologies.get(name)
  if (topology === undefined) {
    throw new InputError(`no topology named '${name}'${didYouMean(name, topologies.keys())}`, { key: 'network' })
  }
  return topology(seededParameters(`${seed}/${name}`, sequences))
}

/**
 * A network by name (trained where one ships, else seeded), or a model file's when given a path: anything with a
 * folder or ending in `.json` (or, by a slip, `.bin`). Throws InputError for unknown names, damaged files, and weights that do not fit.
 */
export function loadNetwork(nameOrFile: string, options: LoadOptions = {}): Network {
  const { seed, weightsFile, sequences } = options
  const shipped = trained.get(nameOrFile)
  const isFile = /[/\\]|\.(json|bin)$/.test(nameOrFile)
  if (sequences !== undefined && (isFile || shipped !== undefined || weightsFile !== undefined))
    throw new InputError('only seeded weights are drawn from a histogram; these are given', { key: 'sequences' })
  if (isFile) {
    if (weightsFile === undefined) return importNetwork(nameOrFile)
    throw new InputError(`${nameOrFile} has its own weights; a weights file goes with a network's name`, {
      file: weightsFile,
    })
  }
  if (shipped !== undefined) {
    const own = importNetwork(shippedFile(shipped))
    return weightsFile === undefined ? own : fitted(weightsFile, own)
  }
  if (!topologies.has(nameOrFile)) {
    const hint = didYouMean(nameOrFile, networkNames) || `; expected one of ${networkNames.join(', ')}, or a model file`
    throw new InputError(`no network named '${nameOrFile}'${hint}`, { key: 'network' })
  }
  const seeded = network(nameOrFile, seed, sequences)
  if (weightsFile === undefined) return seeded
  return fitted(weightsFile, seeded)
}

/** The network in `file`, under the name of `topology`, whose shapes it must have. */
function fitted(file: string, topology: Network): Network {
  const imported = importNetwork(file)
  mustFit(imported, topology, file)
  return { ...imported, name: topology.name }
}

/** The network in a model file: a JSON manifest beside its binary file. Throws InputError naming file, line and key. */
export function importNetwork(file: string): Network {
  const text = readText(file)
  if (text.includes('\0') || file.endsWith('.bin')) throw notManifest(file)
  const document = readDocument(text, file)
  const formats = Object.keys(importers) as (keyof typeof importers)[]
  const { format } = parseWith(z.looseObject({ format: z.enum(formats) }), document)
  return importers[format](document)
}

function notManifest(file: string): InputError {
  const manifest = file.replace(/\.[^./\\]*$/, '.json')
  const hint = manifest !== file && existsSync(manifest) ? `; did you mean ${manifest}?` : ''
  return new InputError(`a model file is a JSON manifest${hint}`, { file })
}

/** Throws InputError at the first layer where `imported` is not shaped as `topology`; the number of classes may differ. */
function mustFit(imported: Network, topology: Network, file: string): void {
  const got = layerTexts(imported)
  const wanted = layerTexts(topology)
  wanted.forEach((expected, i) => {
    if (got[i] !== expected) {
      const problem = `layer ${i} of ${topology.name} is ${expected}; the file has ${got[i] ?? 'no such layer'}`
      throw new InputError(problem, { file, key: 'layers' })
    }
  })
  const extra = got[wanted.length]
  if (extra !== undefined) {
    throw new InputError(`${topology.name} has fewer layers; the file goes on with ${extra}`, { file, key: 'layers' })
  }
}

function layerTexts({ nodes }: Network): string[] {
  const macs = nodes.filter(({ op }) => op.kind === 'mac' || op.kind === 'gated-mac')
  return macs.map(({ op }, i) => layerText(op as MacOp | GatedMacOp, i === macs.length - 1))
}

function layerText({ kind, shape }: MacOp | GatedMacOp, last: boolean): string {
  const size = ({ height, width }: MacShape['input']) => `${height}x${width}`
  const { input, output, kernel, stride, padding } = shape
  const to = `${last ? 'classes' : output.channels}x${size(output)}`
  return `${kind} ${kernel}x${kernel}/${stride} pad ${padding.before},${padding.after} from ${input.channels}x${size(input)} to ${to}`
}
