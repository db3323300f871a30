// A space of designs, searched from a program: the smallest FPGA design that is fast enough.

import { sweep } from 'bnnsim'

const document = await sweep({
  name: 'lfc-folding',
  experiment: 'lfc-z7020',
  grid: {
    'machine.folding[0].pe': [16, 32, 64],
    'machine.folding[1].pe': [8, 16, 32],
    'machine.clock': ['100 MHz', '200 MHz'],
  },
  when: ['machine.folding[0].pe >= machine.folding[1].pe'],
  objectives: { latencySeconds: 'min', 'resources.lut.used': 'min' },
})

const designs = document.points.flatMap(({ settings, variants }) =>
  variants.map(({ imagesPerSecond, resources }) => ({ settings, imagesPerSecond, lut: resources?.lut.used ?? 0 })),
)
const enough = designs.filter(({ imagesPerSecond }) => imagesPerSecond > 20_000).sort((a, b) => a.lut - b.lut)

console.log(`${designs.length} designs, ${document.front.length} on the front, ${enough.length} fast enough`)
console.log('smallest of these:', enough[0])
