import { describe, expect, it } from 'vitest'
import { resultDocument, variantResult } from '../../src/report/result.ts'
import { evalText, resultText } from '../../src/report/text.ts'
import { sampleDocument, tenImages, variantRun } from './samples.ts'

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length))

function textOf(change: Partial<ReturnType<typeof variantRun>>): string {
  const document = sampleDocument()
  return resultText({ ...document, variants: [variantResult({ ...variantRun(tenImages), ...change })] })
}

describe('resultText', () => {
  it('reads like this', () => {
    expect(resultText(sampleDocument())).toMatchInlineSnapshot(`
      "Two layers of nothing
      toy-net on toy-machine (toy-device) at 100 MHz, 10 images, 4 of them value by value, the rest by
        repeated timing
      style plain
      experiment sample, weights toy.json, pictures drawn, energy table toy, seed 7, bnnsim 1.2.3

      variant   clock  LUT  BRAM36  DSP     cycles  interval  latency       rate    energy  accuracy
                  MHz                    per image    cycles       µs   images/s  µJ/image   correct
      ----------------------------------------------------------------------------------------------
      baseline    100  201       3    0        100        90    1.900  1,000,000     0.625    3 of 4
      fast        200    -       -    -        100        90    0.950  2,000,000     0.375    3 of 4

      variant   speedup
                      x
      -----------------
      baseline     1.00
      fast         2.00
      Each row is one variant. Interval: between results once the stream flows. Latency: time to the first
        result, from a cold start. Rate: images over the time to the last result.

      Variant baseline
      layer    busy  busy  main stall  binary  binary  of peak  weights  DRAM  energy
             cycles     %                MACs  /cycle        %       kB    kB      µJ
      -------------------------------------------------------------------------------
      conv0      90    90    idle 7 %   5,760    57.6       45      0.7   0.0   0.094
      fc1        30    30   fill 60 %   1,920    19.2       15      0.2   0.0   0.031
      Each row is one layer, for one image: cycles its unit worked, why it mostly did not, bytes it moved,
        its dynamic energy. All stalls, reads and writes, and energy by component: --format csv or json.
      Stalls: fill = nothing has arrived yet, idle = all its work is done.
      Peak: 128.0 binary MACs a cycle is the most that the machine could do.
      Bottleneck: conv0, busy for 90 of the 100 cycles per image.
      Left to a host, and in none of these figures: 1 layer, 25 % of the multiply-accumulates, and 5 other
        steps.
      Images differ: cycles 90 to 190, deviation 30; needed MACs 60 to 80, deviation 6.
      Energy: 0.625 µJ/image, 0.125 dynamic, in the layers, and 0.500 static, drawn all the time. Mostly
        toy 80 %, lut 19 %.
      Resources of the toy-device: 201 of 1,000 LUT (20 %), 20 of 400 LUTRAM (5 %), 100 of 2,000 FF (5 %),
        3 of 4 BRAM36 (75 %), 0 of 5 DSP (0 %).
      Values: 8 tensors, 1,234 values, all equal to the golden evaluation.

      Variant fast: toy-pass {}
      layer    busy  busy  main stall  binary  binary  of peak  weights  DRAM  energy
             cycles     %                MACs  /cycle        %       kB    kB      µJ
      -------------------------------------------------------------------------------
      conv0      90    90    idle 7 %   5,760    57.6       45      0.7   0.0   0.094
      fc1        30    30   fill 60 %   1,920    19.2       15      0.2   0.0   0.031
      Each row is one layer, for one image: cycles its unit worked, why it mostly did not, bytes it moved,
        its dynamic energy. All stalls, reads and writes, and energy by component: --format csv or json.
      Stalls: fill = nothing has arrived yet, idle = all its work is done.
      Peak: 128.0 binary MACs a cycle is the most that the machine could do.
      Bottleneck: conv0, busy for 90 of the 100 cycles per image.
      Left to a host, and in none of these figures: 1 layer, 25 % of the multiply-accumulates, and 5 other
        steps.
      Images differ: cycles 90 to 190, deviation 30; needed MACs 60 to 80, deviation 6.
      Energy: 0.375 µJ/image, 0.125 dynamic, in the layers, and 0.250 static, drawn all the time. Mostly
        toy 67 %, lut 32 %, ramb18 1 %.
      Values: 8 tensors, 1,234 values, all equal to the golden evaluation.
      "
    `)
  })

  it('stays within the page, whatever is long or large', () => {
    const layers = tenImages.layers.map((layer, i) => ({
      ...layer,
      name: `stage${i}.block0.convolution.with.a.very.long.name`,
      busy: layer.busy * 1e9,
      cycles: layer.cycles * 1e9,
      memory: Object.fromEntries(
        ['one', 'two', 'three', 'four'].map((level) => [
          level,
          { reads: 0, writes: 0, bytesRead: 1e13, bytesWritten: 0 },
        ]),
      ),
    }))
    const text = textOf({ run: { ...tenImages, peak: {}, layers }, name: 'a variant with a long name '.repeat(4) })
    expect(widest(text)).toBeLessThanOrEqual(100)
    for (const level of ['one', 'two', 'three', 'four']) expect(text).toMatch(new RegExp(` ${level}\\b`))
    expect(text.match(/^layer /gm)).toHaveLength(2)
  })

  it('says how many values are not as they should be', () => {
    expect(textOf({ checked: { tensors: 1, values: 1000, mismatches: 2 } })).toContain(
      'Values: 1 tensor, 1,000 values, 2 NOT equal to the golden evaluation.',
    )
  })

  it('claims nothing where nothing was compared', () => {
    const text = textOf({ checked: { tensors: 0, values: 0 } })
    expect(text).toContain('Values: none was compared')
    expect(text).not.toContain('all equal')
  })

  it('names every layer that is as busy as the busiest', () => {
    const layers = tenImages.layers.map((layer) => ({ ...layer, busy: 900 }))
    expect(textOf({ run: { ...tenImages, layers } })).toContain(
      'Bottleneck: conv0 and fc1, each busy for 90 of the 100 cycles',
    )
  })

  it('shows cycles where layers take turns', () => {
    const layers = tenImages.layers.map((layer, i) => ({ ...layer, cycles: [350, 650][i]!, busy: 300 }))
    const text = textOf({ run: { ...tenImages, layers } })
    expect(text).toMatch(/^layer +cycles +busy/m)
    expect(text).toMatch(/^fc1 +65 +46 /m)
    expect(text).toContain('Bottleneck: fc1, 65 of the 100 cycles per image.')
  })

  it('names machine and energy table of each variant where they differ', () => {
    const document = sampleDocument()
    const [baseline, fast] = document.variants
    const headings = (other: object) => resultText({ ...document, variants: [baseline!, { ...fast!, ...other }] })
    expect(headings({})).not.toMatch(/^variant .*(machine|table)/m)
    expect(headings({ machine: 'toy-two' })).toMatch(/^variant +machine +clock/m)
    expect(headings({ machine: 'toy-two' })).toMatch(/^fast +toy-two +200/m)
    expect(headings({ energyTable: 'toy-7nm' })).toMatch(/^variant +energy table +clock/m)
  })

  it('shows an operation, a level and a reason that nobody has named by its key', () => {
    const layers = tenImages.layers.map((layer) => ({
      ...layer,
      operations: { shifts: 40_000 },
      memory: { scratchpad: { reads: 1, writes: 0, bytesRead: 50_000, bytesWritten: 0 } },
      stalls: { bubble: 1000 - layer.busy },
    }))
    const text = textOf({ run: { ...tenImages, layers } })
    expect(text).toMatch(/main stall +shifts +scratchpad/)
    expect(text).toMatch(/^conv0 +90 +90 +bubble 10 % +4,000 +5\.0/m)
  })

  it('gives accuracy only with labels', () => {
    expect(textOf({ accuracy: { images: 0, pictures: 0, correct: null } })).toMatch(/Accuracy\s+needs labels/)
    expect(textOf({})).not.toContain('needs images')
  })
})

describe('evalText', () => {
  const prediction = (index: number, label: number | null) => ({ index, label, class: 1, scores: [3, 12.5] })

  it('reads like this', () => {
    const predictions = [prediction(0, 1), prediction(1, 0)]
    const result = { images: 2, correct: 1, accuracy: 0.5, imagesPerSecond: 812.4, predictions }
    expect(evalText(result, 'toy-net', ['cat', 'dog'])).toMatchInlineSnapshot(`
      "image  class  label   score
      ----------------------------------
          0  1 dog  1 dog  12.500
          1  1 dog  0 cat  12.500  wrong
      Class is what the network says, label what the file says, score that of the class.
      toy-net: 2 images, 1 correct (50.00 %), 812.40 images/s
      "
    `)
  })

  it('shows the first of many, and does without labels', () => {
    const predictions = Array.from({ length: 1030 }, (_, i) => prediction(i, null))
    const text = evalText({ images: 1030, correct: null, accuracy: null, imagesPerSecond: 1, predictions }, 'toy-net')
    expect(text).toContain('... 1,010 more')
    expect(text).toContain('toy-net: 1,030 images, no labels, 1 images/s')
    expect(text.split('\n').length).toBeLessThan(30)
  })
})

describe('resultDocument without a title', () => {
  it('starts with what ran', () => {
    const { variants } = sampleDocument()
    const parts = {
      network: { name: 'n', weights: 'seeded' } as const,
      machine: { name: 'm' },
      energy: 'e',
      version: '0',
      variants,
    }
    const document = resultDocument({ experiment: { name: 'x', seed: 1, images: {} }, ...parts })
    expect(document).not.toHaveProperty('title')
    expect(resultText(document)).toMatch(/^n on m \(toy-device\) at 100 MHz, 10 images/)
  })
})
