// Smaller networks that fail as a given one does, and networks in few words, for messages of failed tests.

import { workload } from '../../../src/work/lower.ts'
import type { Network, Node } from '../../../src/work/network.ts'
import type { Shape } from '../../../src/work/tensor.ts'

/** `network` with as few nodes as this finds, of which `fails` still holds. */
export function smallest(network: Network, fails: (network: Network) => boolean): Network {
  const smaller = network.nodes.flatMap((node) => without(network, node)).find((less) => isNetwork(less) && fails(less))
  return smaller === undefined ? network : smallest(smaller, fails)
}

/** Without the node, if nobody reads it; else with another value of its shape in its place. */
function without(network: Network, gone: Node): Network[] {
  const nodes = network.nodes.filter((node) => node !== gone)
  const last = nodes.at(-1)
  if (last === undefined) return []
  return gone.inputs.map((instead) => {
    const name = (given: string) => (given === gone.name ? instead : given)
    const scores = name(network.decision.scores)
    return {
      ...network,
      nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map(name) })),
      decision: { rule: 'argmax', scores: scores === 'input' ? last.name : scores },
    }
  })
}

function isNetwork(network: Network): boolean {
  try {
    return workload(network).layers.length > 0
  } catch {
    return false
  }
}

/** A line for each node. */
export function described({ encoding, input, nodes, decision }: Network): string {
  const size = ({ channels, height, width }: Shape): string => `${channels}x${height}x${width}`
  const lines = nodes.map(({ name, inputs, op, output }) => {
    const parameters = JSON.stringify(
      op.kind === 'mac' ? { ...op.shape, sum: op.sum, biased: op.bias !== undefined } : op,
      (key, value) =>
        key === 'input' || key === 'output' || key === 'kind'
          ? undefined
          : ArrayBuffer.isView(value)
            ? short(value as Float32Array)
            : value,
    )
    return `  ${name} = ${op.kind}(${inputs}) ${size(output)} ${parameters}`
  })
  return [
    `  input ${encoding.kind} ${size(input)}`,
    ...lines,
    `  scores ${decision.scores}, bits ${decision.bits}`,
  ].join('\n')
}

const short = (values: Float32Array): string =>
  `${Array.from(values.subarray(0, 4), (value) => Math.round(value * 1e3) / 1e3)}${values.length > 4 ? ' ..' : ''}`
