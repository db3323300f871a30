// One experiment, and what it says: cycles of each layer, energy by component, and the class of the picture.

import { loadNetwork, simulate } from 'bnnsim'

const network = loadNetwork('cnv-cifar10')
console.log(`${network.name}: ${network.nodes.length} nodes, ${network.weights} weights`)

const { variants } = simulate('cnv-z7020', { set: { 'machine.clock': '150 MHz' } })
const { cyclesPerImage, latencySeconds, layers, energy, checked } = variants[0]
console.log(`${cyclesPerImage} cycles, ${(latencySeconds * 1e6).toFixed(1)} µs, ${checked.mismatches} wrong values`)

const [slowest] = [...layers].sort((a, b) => b.busy - a.busy)
console.log(`slowest layer: ${slowest.name}, ${slowest.busy} cycles`)

for (const [component, joules] of Object.entries(energy)) {
  if (joules > 100e-6) console.log(`${component}: ${(joules * 1e6).toFixed(0)} µJ`)
}
