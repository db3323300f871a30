// Pictures that the project draws itself, for runs without a data set: a ship, a frog or
// a car in colour, a digit in grey. Coordinates run from 0 to 1, x to the right and y down.

import seedrandom, { type PRNG } from 'seedrandom'
import { InputError } from '../work/input-error.ts'
import type { Shape } from '../work/tensor.ts'
import type { Picture, Pictures } from './images.ts'
import { cifarClasses } from './networks/classes.ts'

type Colour = readonly [number, number, number]
type Paint = (x: number, y: number) => Colour

/** Points per pixel and direction that are averaged, against jagged edges. */
const samples = 3

/**
 * `count` drawn pictures of `shape` (1 or 3 channels), the same for equal seeds. A digit is labelled as itself, a
 * scene by its CIFAR-10 class at 32x32 and not at all at other sizes.
 */
export function drawnPictures(shape: Shape, count: number, seed: string | number = 1): Pictures {
  if (shape.channels !== 1 && shape.channels !== 3) {
    throw new InputError(`pictures are drawn with 1 or 3 channels, not ${shape.channels}`, { key: 'images' })
  }
  const draw = shape.channels === 1 ? drawDigit : drawScene
  const pictures = Array.from({ length: count }, (_, i) => draw(shape, i, seedrandom.alea(`${seed}/${i}`)))
  return { shape, pictures }
}

function drawScene(shape: Shape, index: number, random: PRNG): Picture {
  const [name, scene] = scenes[index % scenes.length]!
  const small = shape.height === 32 && shape.width === 32
  return { pixels: render(shape, scene(random)), label: small ? cifarClasses.indexOf(name) : null }
}

function drawDigit(shape: Shape, index: number, random: PRNG): Picture {
  const label = index % digits.length
  return { pixels: render(shape, strokes(digits[label]!, random)), label }
}

/** Planes of `paint`, each pixel the mean of its sample points. */
function render({ channels, height, width }: Shape, paint: Paint): Uint8Array {
  const pixels = new Uint8Array(channels * height * width)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum = [0, 0, 0]
      for (let i = 0; i < samples * samples; i++) {
        const dx = ((i % samples) + 0.5) / samples
        const dy = (Math.floor(i / samples) + 0.5) / samples
        paint((x + dx) / width, (y + dy) / height).forEach((value, c) => {
          sum[c]! += value
        })
      }
      for (let c = 0; c < channels; c++) {
        const mean = Math.round(sum[c]! / samples ** 2)
        pixels[(c * height + y) * width + x] = Math.min(255, Math.max(0, mean))
      }
    }
  }
  return pixels
}

const between = (random: PRNG, low: number, high: number) => low + (high - low) * random()
const shade = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by]
const ellipse = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1
const box = (x: number, y: number, left: number, top: number, right: number, bottom: number) =>
  x > left && x < right && y > top && y < bottom

/** Centres a scene's drawing at a seeded place and size; light falls from above. */
function placed(random: PRNG): (x: number, y: number) => readonly [number, number] {
  const [dx, dy] = [between(random, -0.06, 0.06), between(random, -0.05, 0.05)]
  const scale = between(random, 0.9, 1.1)
  return (x, y) => [(x - 0.5 - dx) / scale + 0.5, (y - 0.5 - dy) / scale + 0.5]
}

function ship(random: PRNG): Paint {
  const place = placed(random)
  const hull: Colour = [between(random, 60, 120), between(random, 20, 40), between(random, 30, 60)]
  const wave = between(random, 0, 6)
  return (x, y) => {
    const [u, v] = place(x, y)
    const slope = (v - 0.56) * 0.5
    if (v > 0.56 && v < 0.72 && u > 0.1 + slope && u < 0.92 - slope) return shade(hull, 1.3 - (v - 0.56) * 3)
    if (box(u, v, 0.3, 0.44, 0.72, 0.56))
      return v > 0.49 && v < 0.52 && (u * 20) % 1 < 0.5 ? [60, 70, 90] : [235, 235, 230]
    if (box(u, v, 0.4, 0.36, 0.6, 0.44)) return [220, 222, 225]
    if (box(u, v, 0.5, 0.22, 0.57, 0.36)) return v < 0.26 ? [40, 40, 45] : [200, 60, 50]
    if (v > 0.66) return shade([50, 95, 140], 1 + 0.18 * Math.sin(40 * v + 9 * u + wave) * Math.sin(23 * u + wave))
    return [150 + 70 * v, 190 + 40 * v, 235]
  }
}

function frog(random: PRNG): Paint {
  const place = placed(random)
  const skin: Colour = [between(random, 70, 110), between(random, 130, 165), between(random, 40, 60)]
  const grain = between(random, 0, 6)
  return (x, y) => {
    const [u, v] = place(x, y)
    const lit = 1.35 - 0.8 * v
    for (const eye of [0.36, 0.64]) {
      if (ellipse(u, v, eye, 0.3, 0.035, 0.04)) return [15, 15, 10]
      if (ellipse(u, v, eye, 0.3, 0.085, 0.085)) return shade([200, 180, 70], lit)
    }
    if (Math.abs(v - 0.47 - 0.4 * (u - 0.5) ** 2) < 0.012 && Math.abs(u - 0.5) < 0.2) return shade(skin, 0.45)
    if (ellipse(u, v, 0.5, 0.42, 0.26, 0.17)) return shade(skin, lit)
    if (ellipse(u, v, 0.5, 0.64, 0.16, 0.17)) return shade([205, 205, 150], lit)
    if (ellipse(u, v, 0.5, 0.62, 0.29, 0.23)) return shade(skin, lit * (0.95 + 0.1 * Math.sin(31 * u + grain)))
    for (const leg of [0.2, 0.8]) if (ellipse(u, v, leg, 0.76, 0.17, 0.09)) return shade(skin, lit * 0.85)
    return shade([125, 100, 70], 1 + 0.15 * Math.sin(37 * u + grain) * Math.cos(29 * v + 2 * grain))
  }
}

function car(random: PRNG): Paint {
  const place = placed(random)
  const body: Colour = [between(random, 170, 220), between(random, 25, 60), between(random, 25, 50)]
  return (x, y) => {
    const [u, v] = place(x, y)
    for (const wheel of [0.28, 0.74]) {
      if (ellipse(u, v, wheel, 0.7, 0.045, 0.045)) return [170, 170, 175]
      if (ellipse(u, v, wheel, 0.7, 0.1, 0.1)) return [25, 25, 28]
    }
    const lean = (0.5 - v) * 0.6
    if (box(u, v, 0.31 + lean, 0.35, 0.47, 0.47) || box(u, v, 0.5, 0.35, 0.7 - lean, 0.47)) return [150, 185, 205]
    if (v > 0.31 && v < 0.5 && u > 0.26 + lean && u < 0.75 - lean) return shade(body, 1.1)
    if (ellipse(u, v, 0.93, 0.56, 0.03, 0.03)) return [250, 240, 180]
    if (box(u, v, 0.07, 0.48, 0.95, 0.7)) return shade(body, 1.35 - (v - 0.48) * 2.4)
    if (v > 0.66) return v < 0.8 ? shade([110, 110, 112], u > 0.08 && u < 0.94 && v < 0.8 ? 0.6 : 1) : [128, 127, 124]
    return v > 0.45 ? [120, 150, 100] : [185, 205, 225]
  }
}

const scenes: readonly (readonly [string, (random: PRNG) => Paint])[] = [
  ['ship', ship],
  ['frog', frog],
  ['automobile', car],
]

type Point = readonly [number, number]

const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number): Point[] =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)]
  })

/** Pen strokes of the digits 0 to 9; angles in degrees, clockwise from the right. */
const digits: readonly (readonly Point[])[][] = [
  [arc(0.5, 0.5, 0.18, 0.27, 0, 360)],
  [
    [
      [0.42, 0.32],
      [0.53, 0.22],
      [0.5, 0.78],
    ],
  ],
  [[...arc(0.5, 0.37, 0.16, 0.15, 190, 390), [0.33, 0.77], [0.7, 0.76]]],
  [[...arc(0.48, 0.36, 0.16, 0.14, 200, 450), ...arc(0.48, 0.64, 0.18, 0.15, 270, 520)]],
  [
    [
      [0.38, 0.22],
      [0.34, 0.53],
      [0.68, 0.5],
    ],
    [
      [0.65, 0.24],
      [0.6, 0.8],
    ],
  ],
  [[[0.67, 0.23], [0.41, 0.24], [0.38, 0.47], ...arc(0.48, 0.61, 0.18, 0.16, 240, 510)]],
  [[[0.6, 0.2], [0.42, 0.42], ...arc(0.5, 0.63, 0.16, 0.15, 190, 550)]],
  [
    [
      [0.32, 0.26],
      [0.68, 0.25],
      [0.46, 0.8],
    ],
  ],
  [arc(0.5, 0.36, 0.14, 0.13, 90, 450), arc(0.5, 0.64, 0.17, 0.15, 270, 630)],
  [[...arc(0.49, 0.37, 0.15, 0.15, 0, 360), [0.62, 0.42], [0.57, 0.8]]],
]

/** White strokes on black, slanted, moved and thickened by the seed. */
function strokes(lines: readonly (readonly Point[])[], random: PRNG): Paint {
  const slant = between(random, -0.12, 0.2)
  const [dx, dy] = [between(random, -0.03, 0.03), between(random, -0.03, 0.03)]
  const width = between(random, 0.035, 0.05)
  return (x, y) => {
    const at: Point = [x - dx + slant * (y - 0.5), y - dy]
    const away = Math.min(...lines.map((line) => distanceToLine(at, line)))
    const ink = 255 * Math.min(1, Math.max(0, (width - away) / 0.02 + 0.5))
    return [ink, ink, ink]
  }
}

function distanceToLine([x, y]: Point, line: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!
    const [bx, by] = [line[i]![0] - ax, line[i]![1] - ay]
    const along = Math.min(1, Math.max(0, ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by || 1)))
    least = Math.min(least, Math.hypot(x - ax - along * bx, y - ay - along * by))
  }
  return least
}
