// A data sheet with eyes: every constraint between the commands of one channel, pair by pair, and the state
// that each command needs. Written apart from the controller's own table of rules.

import type { MemoryConfig } from '../../../src/config/memory.ts'
import type { Issued } from './rig.ts'

/** Complaints about `issued`, none when every constraint of `spec` is met. */
export function violations(spec: MemoryConfig, issued: readonly Issued[]): string[] {
  const { timing: t, organization } = spec
  const { banks, bankGroups, burstLength, width } = organization
  const group = (bank: number): number => Math.floor(bank / banks)
  const rank = (bank: number): number => Math.floor(bank / (banks * bankGroups))
  const burst = burstLength / 2
  const bursts = (spec.line * 8) / (width * burstLength)
  const lastBurst = (bursts - 1) * Math.max(t.tCCD_L, burst)
  const data = lastBurst + burst
  const longest = Math.max(t.tRFC, t.tRC, t.tFAW, t.CL + t.CWL + 2 * data + t.tWR + t.tRTRS)
  const found: string[] = []
  const open = new Map<number, number>()

  const isAccess = ({ command }: Issued): boolean => command === 'read' || command === 'write'
  const dataStart = ({ cycle, command }: Issued): number => cycle + (command === 'read' ? t.CL : t.CWL)

  const pair = (before: Issued, after: Issued): void => {
    const gap = after.cycle - before.cycle
    const least = (cycles: number, name: string): void => {
      if (gap < cycles)
        found.push(
          `${name}: ${before.command} ${before.bank} at ${before.cycle}, ${after.command} ${after.bank} at ${after.cycle}`,
        )
    }
    const kinds = `${before.command} ${after.command}`
    least(1, 'one command a cycle')
    if (before.bank === after.bank) {
      if (before.command === 'activate' && isAccess(after)) least(t.tRCD, 'tRCD')
      if (kinds === 'activate precharge') least(t.tRAS, 'tRAS')
      if (kinds === 'activate activate') least(t.tRC, 'tRC')
      if (kinds === 'precharge activate') least(t.tRP, 'tRP')
      if (kinds === 'read precharge') least(lastBurst + t.tRTP, 'tRTP')
      if (kinds === 'write precharge') least(t.CWL + data + t.tWR, 'tWR')
    }
    const sameGroup = group(before.bank) === group(after.bank)
    if (rank(before.bank) === rank(after.bank)) {
      if (kinds === 'activate activate') least(sameGroup ? t.tRRD_L : t.tRRD, 'tRRD')
      if (kinds === 'precharge refresh') least(t.tRP, 'tRP before refresh')
      if (kinds === 'activate refresh') least(t.tRC, 'tRC before refresh')
      if (kinds === 'refresh activate' || kinds === 'refresh refresh') least(t.tRFC, 'tRFC')
      if (kinds === 'write read') least(t.CWL + data + (sameGroup ? t.tWTR_L : t.tWTR), 'tWTR')
      if (isAccess(before) && before.command === after.command)
        least(lastBurst + (sameGroup ? t.tCCD_L : t.tCCD), 'tCCD')
    }
    if (!isAccess(before) || !isAccess(after)) return
    const turns = before.command !== after.command
    const otherRank = rank(before.bank) !== rank(after.bank)
    const pause = turns || (otherRank && after.command === 'read') ? t.tRTRS : 0
    if (dataStart(after) < dataStart(before) + data + pause) least(Infinity, 'data bus')
  }

  const state = (each: Issued): void => {
    const isOpen = open.has(each.bank)
    if (each.command === 'activate' && isOpen) found.push(`activate of open bank ${each.bank} at ${each.cycle}`)
    if (each.command === 'precharge' && !isOpen) found.push(`precharge of closed bank ${each.bank} at ${each.cycle}`)
    if (isAccess(each) && open.get(each.bank) !== each.row)
      found.push(
        `${each.command} of row ${each.row} of bank ${each.bank} at ${each.cycle}, open: ${open.get(each.bank)}`,
      )
    if (each.command === 'refresh' && [...open.keys()].some((bank) => rank(bank) === rank(each.bank)))
      found.push(`refresh of rank ${rank(each.bank)} with an open bank at ${each.cycle}`)
    if (each.command === 'activate') open.set(each.bank, each.row)
    if (each.command === 'precharge') open.delete(each.bank)
  }

  const activates = new Map<number, number[]>()
  for (const [i, each] of issued.entries()) {
    state(each)
    for (let k = i - 1; k >= 0 && each.cycle - issued[k]!.cycle <= longest; k--) pair(issued[k]!, each)
    if (each.command !== 'activate') continue
    const recent = activates.get(rank(each.bank)) ?? []
    const fourAgo = recent.at(-4)
    if (fourAgo !== undefined && each.cycle - fourAgo < t.tFAW) found.push(`tFAW: five activates from ${fourAgo}`)
    activates.set(rank(each.bank), [...recent.slice(-3), each.cycle])
  }
  return found
}
