// Colours of what charts show. Each stands out by at least 3 to 1 from a white page and from a dark one, and
// neighbours differ in lightness or along blue and yellow, which colour-blind people tell apart.

/** Hues of Okabe and Ito (jfly.uni-koeln.de/color), set to such a lightness. */
const hues = [
  '#0072b2',
  '#b97f00',
  '#009e73',
  '#d55e00',
  '#3f8fc9',
  '#b0568c',
  '#8a8a20',
  '#7b62c9',
  '#a85f3c',
  '#2b8f9b',
  '#c4485b',
  '#5f8a3a',
] as const

export const grey = '#808a94'
export const accent = hues[0]
export const highlight = hues[3]

/** Reasons that stand for nothing to do, rather than for something in short supply, are grey. */
const reasons: Readonly<Record<string, string>> = {
  busy: hues[2],
  idle: '#848e97',
  fill: hues[7],
  input: hues[1],
  output: hues[3],
  weights: hues[5],
  host: hues[4],
  frontEnd: hues[8],
  mispredict: hues[10],
  instructionMiss: hues[7],
  operand: hues[1],
  l1Miss: hues[4],
  l2Miss: hues[0],
  pipe: hues[3],
  writeBack: hues[6],
  missQueue: hues[9],
  storeBuffer: hues[5],
  decode: hues[11],
}

/** The same name has the same colour wherever `names` are the same. */
export type Colours = (name: string) => string

/** Colours for `names` in their order. */
export const coloursOf = (names: readonly string[]): Colours => {
  const places = new Map([...new Set(names)].map((name, place) => [name, place]))
  return (name) => hues[(places.get(name) ?? 0) % hues.length]!
}

export const reasonColour: Colours = (reason) => reasons[reason] ?? grey
