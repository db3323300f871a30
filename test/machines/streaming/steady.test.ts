// Fast-forwarding over a steady state gives exactly what the plain run gives.

import { describe, expect, it } from 'vitest'
import { streaming } from '../../../src/machines/streaming/index.ts'
import { type Choices, smallMachine } from './small-machine.ts'

const kinds: readonly Choices[] = (['rtl', 'hls'] as const).flatMap((style) =>
  (['bits', 'int8'] as const).map((input) => ({ style, input, output: 'scores', size: 8 }) as const),
)

/** Twice the period and more, which is of 16 to 64 images mostly. */
const batches = [129, 136, 188, 239]

describe.each(kinds)('fast-forward, $style units, $input in', (choices) => {
  it.each(batches)('is exact over %d images', (images) => {
    let skipped = 0
    for (let i = 0; i < 4; i++) {
      const { workload, spec, inputs } = smallMachine(`steady ${images} ${i}`, choices)
      const lowered = streaming.lower(workload, spec)
      if (lowered.run({ inputs, images: 33 }).cyclesPerImage > 1000) continue
      const { outputs: all, simulatedImages, ...plain } = lowered.run({ inputs, images, fastForward: false })
      const { outputs, simulatedImages: few, ...fast } = lowered.run({ inputs, images })
      expect(simulatedImages).toBe(images)
      expect(fast).toEqual(plain)
      expect(outputs.length).toBe(few)
      for (const output of outputs) expect(output).toEqual(all[output.image])
      if (few < images / 2) skipped++
    }
    expect(skipped).toBeGreaterThan(0)
  })
})

describe('fast-forward', () => {
  it('reports every image as finished', () => {
    const { workload, spec, inputs } = smallMachine('progress', {
      style: 'hls',
      input: 'bits',
      output: 'bits',
      size: 4,
    })
    const finished: number[] = []
    streaming.lower(workload, spec).run({ inputs, images: 1000, progress: (count) => finished.push(count) })
    expect(finished.at(-1)).toBe(1000)
    expect(finished).toEqual(finished.toSorted((a, b) => a - b))
  })

  it('numbers the images that it simulated by their place in the batch', () => {
    const { workload, spec, inputs } = smallMachine('places', {
      style: 'rtl',
      input: 'bits',
      output: 'scores',
      size: 4,
    })
    const { outputs, simulatedImages } = streaming.lower(workload, spec).run({ inputs, images: 1003 })
    expect(simulatedImages).toBeLessThan(1003)
    expect(outputs.at(-1)!.image).toBe(1002)
    const images = outputs.map(({ image }) => image)
    expect(images).toEqual(images.toSorted((a, b) => a - b))
    expect(new Set(images).size).toBe(simulatedImages)
  })
})

describe('what a machine reports', () => {
  it.each(kinds)('adds up, $style units, $input in', (choices) => {
    for (let i = 0; i < 8; i++) {
      const { workload, spec, inputs } = smallMachine(`sums ${i}`, choices)
      const run = streaming.lower(workload, spec).run({ inputs, images: 20 })
      for (const { cycles, busy, stalls } of run.layers) {
        expect(busy + Object.values(stalls).reduce((sum, part) => sum + part, 0)).toBe(cycles)
        expect(cycles).toBe(run.totalCycles)
      }
      // The last layer's rows, and the first layer's columns where it is dense, are padded to the memory port.
      const padded = new Set([workload.layers[0]!.name, workload.layers.at(-1)!.name])
      for (const { name, shape } of workload.layers) {
        const { binaryMacs, integerMacs } = run.layers.find((layer) => layer.name === name)!.operations
        const macs = (binaryMacs! + integerMacs!) / 20
        const wanted = shape.output.width ** 2 * shape.output.channels * shape.kernel ** 2 * shape.input.channels
        if (padded.has(name)) expect(macs).toBeGreaterThanOrEqual(wanted)
        else expect(macs).toBe(wanted)
      }
      const { reads, bytesRead } = run.layers[0]!.memory.dram!
      expect(bytesRead).toBe(reads * 8)
      expect(run.totalCycles).toBeGreaterThanOrEqual(run.latencyCycles)
    }
  })
})
