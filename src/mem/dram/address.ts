// Where a line lies: fields of its number, by shifts and masks.

import { type AddressField, capacityOf, type DramSpec } from './spec.ts'

interface Field {
  readonly shift: number
  readonly mask: number
}

/** Lines are numbered from 0, by address; at most 2^31 of them. */
export class AddressMap {
  readonly lines: number

  private readonly lineBytes: number
  private readonly channelField: Field
  private readonly rowField: Field
  private readonly rank: Field
  private readonly group: Field
  private readonly bankField: Field
  private readonly groups: number
  private readonly banks: number

  constructor(spec: DramSpec) {
    const { organization, line, mapping } = spec
    const sizes: Readonly<Record<AddressField, number>> = {
      channel: organization.channels,
      rank: organization.ranks,
      bankGroup: organization.bankGroups,
      bank: organization.banks,
      row: organization.rows,
      column: (organization.columns * organization.width) / 8 / line,
    }
    let shift = 0
    const fields = new Map<AddressField, Field>()
    for (const name of mapping.toReversed()) {
      fields.set(name, { shift, mask: sizes[name] - 1 })
      shift += Math.log2(sizes[name])
    }
    const field = (name: AddressField): Field => fields.get(name)!
    this.lines = capacityOf(spec) / line
    this.lineBytes = line
    this.channelField = field('channel')
    this.rowField = field('row')
    this.rank = field('rank')
    this.group = field('bankGroup')
    this.bankField = field('bank')
    this.groups = organization.bankGroups
    this.banks = organization.banks
  }

  /** The line that holds `address`; what lies beyond the memory wraps around. */
  lineOf(address: number): number {
    const line = Math.floor(address / this.lineBytes)
    return line < this.lines ? line : line % this.lines
  }

  channel(line: number): number {
    return (line >>> this.channelField.shift) & this.channelField.mask
  }

  row(line: number): number {
    return (line >>> this.rowField.shift) & this.rowField.mask
  }

  /** Number of the bank within its channel: rank by rank, and group by group in a rank. */
  bank(line: number): number {
    const rank = (line >>> this.rank.shift) & this.rank.mask
    const group = (line >>> this.group.shift) & this.group.mask
    const bank = (line >>> this.bankField.shift) & this.bankField.mask
    return (rank * this.groups + group) * this.banks + bank
  }
}
