// Runs of bits inside 32-bit words, least significant first: how hardware words
// of any width are cut and joined.

/** Copies `count` bits of `source` from bit `from` to bit `to` of `target`, replacing what is there. */
export function copyBits(source: Uint32Array, from: number, target: Uint32Array, to: number, count: number): void {
  if (((from | to | count) & 31) === 0) {
    for (let word = 0; word < count >>> 5; word++) target[(to >>> 5) + word] = source[(from >>> 5) + word]!
    return
  }
  let left = count
  while (left > 0) {
    const shiftFrom = from & 31
    const shiftTo = to & 31
    const run = Math.min(left, 32 - shiftFrom, 32 - shiftTo)
    const mask = run === 32 ? 0xffffffff : (1 << run) - 1
    const bits = (source[from >>> 5]! >>> shiftFrom) & mask
    const word = to >>> 5
    target[word] = (target[word]! & ~(mask << shiftTo)) | (bits << shiftTo)
    from += run
    to += run
    left -= run
  }
}
