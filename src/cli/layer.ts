import { checkLayer, simulateLayer } from '../machines/streaming/layer.ts'
import { styleNames } from '../machines/streaming/styles.ts'
import { always, blocks, every, type Pattern } from '../units/test-pattern.ts'
import { InputError } from '../work/input-error.ts'
import type { Command } from './command.ts'
import { printJson } from './command.ts'
import { choice, textOrJson, whole } from './options.ts'

/** Flags that are whole numbers: least and default value, and meaning. */
const numbers = {
  kernel: [0, 3, 'kernel width and height, in pixels; 0 is a dense layer'],
  input: [1, 12, 'width and height of the input, in pixels'],
  in: [1, 128, 'input channels'],
  out: [1, 128, 'output channels'],
  stride: [1, 1, 'stride, in pixels'],
  pe: [1, 16, 'processing elements: output channels at a time'],
  simd: [1, 32, 'input channels of each at a time'],
  frames: [1, 3, 'frames to stream'],
} as const

const numberOptions = Object.fromEntries(
  Object.entries(numbers).map(([name, [, value, describe]]) => [name, { describe, default: value, requiresArg: true }]),
)

export const layerCommand: Command = {
  name: 'layer',
  describe: 'Time one streaming layer alone, optionally stalled',
  options: {
    style: { describe: 'timing of the units: rtl or hls', default: 'rtl', requiresArg: true, names: () => styleNames },
    ...numberOptions,
    stall: {
      describe: 'none; outI:N or inI:N: ready one cycle in N; outB:N or inB:N: N cycles on, N off',
      default: 'none',
      requiresArg: true,
    },
    seed: { describe: 'seed of the random weights and inputs', default: 1, requiresArg: true },
    ...textOrJson,
  },
  examples: [
    {
      line: '--kernel 3 --input 12 --in 128 --out 128 --pe 16 --simd 32',
      meaning: 'cycles of a convolution that nothing keeps waiting',
    },
    { line: '--pe 16 --simd 32 --stall outB:64', meaning: 'whose reader takes 64 cycles and then pauses 64' },
    { line: '--kernel 0 --in 512 --out 64 --pe 8 --simd 64 --frames 10', meaning: 'a dense layer, ten frames' },
  ],
  handler: (args) => {
    const size = Object.fromEntries(
      Object.entries(numbers).map(([name, [least]]) => [name, whole(name, least, args[name])]),
    ) as Record<keyof typeof numbers, number>
    const style = choice('style', styleNames, args.style)
    const format = choice('format', ['text', 'json'], args.format)
    checkLayer(size)
    const timing = simulateLayer({ ...size, ...stall(String(args.stall)), style, seed: String(args.seed) })
    const { firstOutputCycle, firstFrameCycles, intervalMean, intervalLast } = timing
    if (format === 'json') return printJson({ firstOutputCycle, firstFrameCycles, intervalMean, intervalLast })
    const lines = [
      `first output   cycle ${firstOutputCycle.toLocaleString('en')}`,
      `first frame    ${firstFrameCycles.toLocaleString('en')} cycles`,
    ]
    if (intervalMean !== null && intervalLast !== null)
      lines.push(
        `interval       ${intervalMean.toLocaleString('en')} cycles a frame on average, ${intervalLast.toLocaleString('en')} the last`,
      )
    process.stdout.write(`${lines.join('\n')}\n`)
  },
}

function stall(text: string): { readonly offered: Pattern; readonly accepted: Pattern } {
  const [, end, how, period] = /^(in|out)([IB]):([1-9]\d{0,8})$/.exec(text) ?? []
  if (text === 'none') return { offered: always, accepted: always }
  if (end === undefined)
    throw new InputError(`expected none, outI:N, outB:N, inI:N or inB:N with N of 1 to 999,999,999, got '${text}'`, {
      key: '--stall',
    })
  const pattern = how === 'I' ? every(Number(period)) : blocks(Number(period))
  return end === 'in' ? { offered: pattern, accepted: always } : { offered: always, accepted: pattern }
}
