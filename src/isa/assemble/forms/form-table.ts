// Every mnemonic with its forms. What they make, the canonical operands of an operation, is ordered so:
//  - computing: the destination, then the sources as written; what is accumulated into is the destination itself
//    (mla, uadalp, fmla, usra), or the last operand (madd, smaddl, fmadd);
//  - subs, adds and ands stand for cmp, cmn and tst with the zero register as destination; ccmp, fcmp and fccmp have
//    none;
//  - ubfm, sbfm, bfm: destination, source, immr, imms; extr: destination, high, low, lowest bit;
//  - movk: destination, the field in place, its lowest bit; mov: destination, the whole constant;
//  - conditional: csel, ccmp, fcsel, fccmp have the condition last; b.cond has it first, then the label;
//  - tbz: register, bit, label; cbz: register, label; b, bl: label; br, blr, ret: register;
//  - loads and stores: the registers or the list, then the address or the label; prfm: the address alone;
//  - decstart: the address; decread: the destination;
//  - tbl, tbx: destination, list, indices; ins: element, then element or general register;
//  - the immediate of a shift, of ext and of fraction bits comes last.

import { decode } from './decode.ts'
import { float } from './float.ts'
import { type Form, formsOf, type Row } from './form.ts'
import { integer } from './integer.ts'
import { memory } from './memory.ts'
import { vector } from './vector.ts'

const rows = new Map<string, Row[]>()
for (const row of [...integer, ...memory, ...vector, ...float, ...decode]) {
  for (const mnemonic of row[0].split(' ')) rows.set(mnemonic, [...(rows.get(mnemonic) ?? []), row])
}

const compiled = new Map<string, readonly Form[]>()

/** Forms of a mnemonic in lower case, in the order they are tried; null for an unknown one. */
export function formsFor(mnemonic: string): readonly Form[] | null {
  const known = compiled.get(mnemonic)
  if (known !== undefined) return known
  const found = rows.get(mnemonic)
  if (found === undefined) return null
  const forms = found.flatMap((row) => formsOf(row, mnemonic))
  compiled.set(mnemonic, forms)
  return forms
}

export const mnemonics: readonly string[] = [...rows.keys()]

/** Those that the architecture has. */
export const architectural = mnemonics.filter((mnemonic) => !decode.some(([own]) => own === mnemonic))
