// npx tsx test/validation/write-data-flow.ts [layers|networks]: writes the tables of docs/reproduction.md anew; minutes.

import { readFileSync, writeFileSync } from 'node:fs'
import {
  blocks,
  boards,
  layerCycles,
  layerPattern,
  layerTable,
  networkFigures,
  networkPattern,
  networks,
  networkTable,
  page,
} from './data-flow.ts'

const which = process.argv[2]

function replace(table: RegExp, text: string): void {
  writeFileSync(page, readFileSync(page, 'utf8').replace(table, text))
  process.stdout.write(text)
}

if (which !== 'networks') {
  const figures = blocks.flatMap((block) =>
    boards.map((board) => ({ block, board, cycles: layerCycles(block, board) })),
  )
  replace(layerPattern, layerTable(figures))
}
if (which !== 'layers') {
  const figures = networks.flatMap((network) =>
    boards.map((board) => ({ network, board, figures: networkFigures(network, board) })),
  )
  replace(networkPattern, networkTable(figures))
}
