// The files of ../shared/reference/arm, where there are any.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../shared/reference/arm/', import.meta.url))

/** False, with a notice, where the reference is absent: what needs it is skipped. */
export const present = existsSync(folder)
if (!present) console.warn('skipped: no ../shared/reference/arm')

export type Row = Readonly<Record<string, string>>

export function readCsv(name: string): Row[] {
  const [head = [], ...lines] = readFileSync(`${folder}${name}`, 'utf8').trim().split(/\r?\n/).map(fieldsOf)
  return lines.map((fields) => Object.fromEntries(head.map((key, at) => [key, fields[at] ?? ''])))
}

const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

/** A loop of the reference. */
export interface Kernel {
  readonly name: string
  readonly label: string
  readonly text: string
}

/** Label of the loop in each kernel. */
const labels = {
  k1_xnor_acc8: '.Lk1',
  k1o_xnor_acc8_ldr: '.Lk1o',
  k2_xnor_uadalp: '.Lk2',
  k2o_xnor_uadalp_ldr: '.Lk2o',
  k4_bgemm4x4: '.Lk4',
  k4o_bgemm4x4_ldr: '.Lk4o',
}

export const kernels = (): Kernel[] =>
  Object.entries(labels).map(([name, label]) => ({
    name,
    label,
    text: readFileSync(`${folder}kernels/${name}.s`, 'utf8'),
  }))
