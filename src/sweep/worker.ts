// A worker thread: evaluates one request after another, and keeps what they have in common.

import { workerData } from 'piscina'
import { Evaluator } from './evaluate.ts'
import type { Outcome, Request } from './request.ts'
import { Store } from './store.ts'

/** What every worker is given. */
export interface WorkerData {
  /** Folder of the store, if there is one. */
  readonly store: string | undefined
  /** Whether outcomes say what each layer did. */
  readonly layers: boolean
}

const { store, layers } = workerData as WorkerData
const evaluator = new Evaluator(store === undefined ? undefined : new Store(store), layers)

export default (request: Request): Outcome => evaluator.evaluate(request)
