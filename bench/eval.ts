// Speed of golden evaluation on one core: `npx tsx bench/eval.ts`.
// A CNV-shaped and a ReActNet-A-shaped network with random weights, each through
// the plain and the WebAssembly popcount, which must agree.

import { encode, golden } from '../src/work/evaluate.ts'
import { layerCounts, workload } from '../src/work/lower.ts'
import type { Network } from '../src/work/network.ts'
import { type PopcountBackend, plainBackend, withBackend } from '../src/work/popcount.ts'
import { wasmBackend } from '../src/work/popcount-wasm.ts'
import { cnvShaped, reactNetShaped } from '../test/work/shaped-networks.ts'

/** Seconds an image takes, the fastest of `runs`, after one run to warm up. */
function secondsPerImage(network: Network, pixels: Uint8Array, runs: number): { seconds: number; scores: string } {
  let seconds = Infinity
  let scores = ''
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    scores = golden(network, encode(network, pixels)).scores.join()
    if (run > 0) seconds = Math.min(seconds, (performance.now() - start) / 1000)
  }
  return { seconds, scores }
}

const backends: readonly (readonly [string, PopcountBackend | undefined])[] = [
  ['plain', plainBackend],
  ['wasm', wasmBackend()],
]

for (const { network, pixels } of [cnvShaped(), reactNetShaped()]) {
  const counts = workload(network).layers.map(layerCounts)
  const binary = counts.reduce((sum, layer) => sum + layer.binaryMacs, 0)
  const real = counts.reduce((sum, layer) => sum + layer.integerMacs + layer.realMacs, 0)
  console.log(
    `${network.name}: ${(binary / 1e6).toFixed(1)} M binary, ${(real / 1e6).toFixed(2)} M other MACs an image`,
  )
  const runs = Math.max(3, Math.round(2e9 / binary))
  const results = backends.flatMap(([name, backend]) => {
    if (backend === undefined) return []
    const result = withBackend(backend, () => secondsPerImage(network, pixels, runs))
    const rate = (binary + real) / result.seconds / 1e9
    console.log(
      `  ${name.padEnd(6)} ${(1 / result.seconds).toFixed(2).padStart(8)} images/s  ` +
        `${(result.seconds * 1000).toFixed(2).padStart(8)} ms an image  ${rate.toFixed(1).padStart(6)} G MACs/s`,
    )
    return [result]
  })
  const [plain, wasm] = results
  if (plain === undefined || wasm === undefined) continue
  if (plain.scores !== wasm.scores) throw new Error(`${network.name}: the backends differ`)
  console.log(`  ratio  ${(plain.seconds / wasm.seconds).toFixed(1)}`)
}
