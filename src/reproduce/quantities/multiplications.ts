import { z } from 'zod'
import { multiplicationsOf } from '../../work/multiplications.ts'
import { about, type NetworkOptions, networkOf, networkOptions, type Quantity } from '../quantity.ts'

const schema = z.strictObject(networkOptions)

export const multiplications: Quantity = {
  summary: 'multiplications of an image: all that are written, and those that A&B BNN counts',
  schema,
  figures: ['counted', 'published'],
  count(options: NetworkOptions) {
    const network = networkOf(options)
    const rows = multiplicationsOf(network)
    const sum = (key: 'counted' | 'published'): number => rows.reduce((total, row) => total + row[key], 0)
    return { ...about(network, options), figures: { counted: sum('counted'), published: sum('published') } }
  },
}
