// What commands about a network have in common: which one, and its weights.

import { networkNames } from '../model/load.ts'

export const networkArgument = {
  name: 'network',
  describe: "name, as 'bnnsim list networks' prints them, or model file (JSON manifest)",
  names: () => networkNames,
} as const

export const weightsOption = {
  weights: {
    describe: 'model file with weights for the network named; its own, or random, without',
    requiresArg: true,
  },
} as const

export const seedOption = { seed: { describe: 'seed of random weights', default: 1, requiresArg: true } } as const
