// Every built-in topology by name. A new network is one file and one line here.

import type { Network } from '../../work/network.ts'
import { chainNetwork } from '../chain.ts'
import type { Parameters } from '../parameters.ts'
import { chains } from './chains.ts'
import { cnvReact } from './cnv-react.ts'
import { fracBnnResnet20 } from './fracbnn.ts'
import { quickNet, quickNets } from './quicknet.ts'
import { reactNetA, reactNetsA } from './reactnet-a.ts'
import { residualBlock, residualBlocks } from './residual-block.ts'
import { resNet18, resNets18 } from './resnet18.ts'
import { reactnetLayers, singleLayer, singleLayers } from './single-layer.ts'

export type Topology = (parameters: Parameters) => Network

export const topologies: ReadonlyMap<string, Topology> = new Map<string, Topology>([
  ...reactNetsA.map((variant) => [variant.name, (parameters: Parameters) => reactNetA(variant, parameters)] as const),
  ...resNets18.map((variant) => [variant.name, (parameters: Parameters) => resNet18(variant, parameters)] as const),
  ...quickNets.map((variant) => [variant.name, (parameters: Parameters) => quickNet(variant, parameters)] as const),
  ...chains.map((chain) => [chain.name, (parameters: Parameters) => chainNetwork(chain, parameters)] as const),
  ['cnv-react', cnvReact],
  ['fracbnn-resnet20', fracBnnResnet20],
  ...[...singleLayers, ...reactnetLayers].map(
    (layer) => [layer.name, (parameters: Parameters) => singleLayer(layer, parameters)] as const,
  ),
  ...residualBlocks.map((block) => [block.name, (parameters: Parameters) => residualBlock(block, parameters)] as const),
])
