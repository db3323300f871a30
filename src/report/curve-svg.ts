// Two quantities over a third as an SVG picture: one axis of values at the left, one at the right.

export interface Series {
  /** What the axis says. */
  readonly label: string
  /** One for each place; null where it is not known. */
  readonly values: readonly (number | null)[]
}

const WIDTH = 640
const HEIGHT = 400
const LEFT = 64
const RIGHT = 64
const TOP = 40
const BOTTOM = 56
const TICKS = 5
const colours = ['#1f5fa8', '#b3471d'] as const

/** Points lie side by side, at equal distances, in the order of `places`. */
export function curveSvg(
  title: string,
  across: string,
  places: readonly string[],
  series: readonly [Series, Series],
): string {
  const x = (i: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (i + 0.5)) / places.length
  const parts = [
    text(WIDTH / 2, 22, title, 'middle', 16),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across, 'middle'),
    ...places.map((place, i) => text(x(i), HEIGHT - BOTTOM + 18, place, 'middle')),
    `<rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}" fill="none" stroke="#888"/>`,
    ...series.flatMap((one, i) => line(one, i as 0 | 1, x)),
  ]
  const style = 'font-family="sans-serif" font-size="12"'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ${style}>\n${parts.join('\n')}\n</svg>\n`
}

/** A series with its axis: the first at the left, the second at the right. */
function line({ label, values }: Series, which: 0 | 1, x: (i: number) => number): string[] {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return []
  const step = niceStep(Math.min(...known), Math.max(...known))
  const low = Math.floor(Math.min(...known) / step) * step
  const high = Math.max(Math.ceil(Math.max(...known) / step) * step, low + step)
  const y = (value: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low)
  const colour = colours[which]
  const edge = which === 0 ? LEFT - 6 : WIDTH - RIGHT + 6
  const anchor = which === 0 ? 'end' : 'start'
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step)
  const points = values.flatMap((value, i) => (value === null ? [] : [`${place(x(i))},${place(y(value))}`]))
  const middle = which === 0 ? 14 : WIDTH - 14
  return [
    ...ticks.map((tick) => text(edge, y(tick) + 4, String(Number(tick.toPrecision(6))), anchor, 12, colour)),
    `<text transform="translate(${middle} ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="${colour}">${escaped(label)}</text>`,
    `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map((point) => {
      const [cx, cy] = point.split(',')
      return `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`
    }),
  ]
}

/** 1, 2 or 5 times a power of ten, for about TICKS ticks. */
function niceStep(low: number, high: number): number {
  const rough = (high - low || Math.abs(high) || 1) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
}

const place = (value: number): string => String(Number(value.toFixed(1)))

function text(x: number, y: number, content: string, anchor: string, size = 12, colour = '#222'): string {
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" font-size="${size}" fill="${colour}">${escaped(content)}</text>`
}

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
