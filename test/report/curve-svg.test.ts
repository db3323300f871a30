// The picture of a curve: where points and ticks lie, what is left out, what must be escaped.

import { expect, it } from 'vitest'
import { curveSvg } from '../../src/report/curve-svg.ts'

const svg = curveSvg(
  'a < b & "c"',
  'kept',
  ['512', '64', '8'],
  [
    { label: 'accuracy, %', values: [80, null, 60] },
    { label: 'bits', values: [8.5, 6, 3.5] },
  ],
)

it('draws a point for each value, the higher the value the higher', () => {
  const lines = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  )
  expect(lines.map((points) => points.length)).toEqual([2, 3])
  expect(lines[1]!.map(([x]) => x)).toEqual(lines[1]!.map(([x]) => x).toSorted((a, b) => a! - b!))
  expect(lines[1]!.map(([, y]) => y)).toEqual(lines[1]!.map(([, y]) => y).toSorted((a, b) => a! - b!))
  expect(lines[0]!.map(([x]) => x)).toEqual([lines[1]![0]![0], lines[1]![2]![0]])
  for (const [x, y] of lines.flat()) expect(x! > 64 && x! < 576 && y! >= 40 && y! <= 344, `${x}, ${y}`).toBe(true)
})

it('has round ticks that span the values', () => {
  const ticks = [...svg.matchAll(/text-anchor="end"[^>]*>([\d.]+)</g)].map(([, tick]) => Number(tick))
  expect(ticks).toEqual([60, 65, 70, 75, 80])
})

it('escapes what XML would read, and leaves out a series of nothing', () => {
  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
  const none = curveSvg(
    't',
    'x',
    ['1'],
    [
      { label: 'accuracy', values: [null] },
      { label: 'bits', values: [1] },
    ],
  )
  expect(none.match(/<polyline/g)).toHaveLength(1)
  expect(none).not.toContain('accuracy')
  expect(none).not.toContain('NaN')
})
