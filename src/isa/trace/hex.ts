// Hexadecimal digits of text that is held as bytes.

/** Value of the digit with this character code, -1 of all other codes; digits are in lower case. */
export const DIGIT = new Int8Array(256).fill(-1)
for (let i = 0; i < 16; i++) DIGIT[i.toString(16).charCodeAt(0)] = i

/** A number that begins at a place of the text; asked twice a line, so it is one object. */
export class HexReader {
  /** The low 32 bits, as a signed number. */
  value = 0
  digits = 0

  /** Reads the digits from `at` on; returns where they end. */
  read(text: Uint8Array, at: number): number {
    let value = 0
    let to = at
    for (let digit = DIGIT[text[to]!]!; digit >= 0; digit = DIGIT[text[++to]!]!) value = (value << 4) | digit
    this.value = value
    this.digits = to - at
    return to
  }
}
