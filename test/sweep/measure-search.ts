// How much of the true front a search finds for the points that it spends: the table of docs/sweeps.md.
// Run: npx tsx test/sweep/measure-search.ts STORE-FOLDER

import { loadSweep } from '../../src/sweep/definition.ts'
import { besideGrid, explore } from '../../src/sweep/explore.ts'
import { runSweep } from '../../src/sweep/sweep.ts'

const [store] = process.argv.slice(2)
const options = { jobs: 2, ...(store === undefined ? {} : { store }) }
const sweep = loadSweep('cnv-explore')
const grid = await runSweep(sweep, options)
console.log(`whole space: ${grid.points.length} points, ${grid.front.length} on the front`)
console.log('| points drawn | run in full | found of the front, by seed 1 to 5 | mean |')
console.log('| --- | --- | --- | --- |')
for (const [points, keep] of [
  [192, 0.1],
  [192, 0.25],
  [192, 0.5],
  [96, 0.25],
  [96, 0.5],
  [48, 0.5],
] as const) {
  const found: number[] = []
  let full = 0
  // Where the whole space is drawn the seed makes no difference.
  for (const seed of points === 192 ? [1] : [1, 2, 3, 4, 5]) {
    const searched = await explore({ ...sweep, seed, explore: { ...sweep.explore!, points, keep } }, options)
    found.push(besideGrid(searched, grid).search!.grid!.found)
    full = searched.points.length
  }
  const mean = found.reduce((sum, each) => sum + each, 0) / found.length / grid.front.length
  console.log(`| ${points} | ${full} | ${found.join(', ')} | ${(100 * mean).toFixed(0)} % |`)
}
