import { describe } from 'vitest'
import { cases } from './cases.ts'
import { unitContract } from './contract.ts'

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => unitContract(each))
