// Many requests, on worker threads or in this one.

import { Piscina } from 'piscina'
import { Evaluator } from './evaluate.ts'
import type { Outcome, Request } from './request.ts'
import { Store } from './store.ts'
import type { WorkerData } from './worker.ts'

export interface PoolOptions {
  /** Worker threads; 1 works in this thread. */
  readonly jobs: number
  /** Folder where results are kept, and looked up. */
  readonly store?: string
  /** Whether outcomes shall say what each layer did. */
  readonly layers: boolean
  /** Called with each outcome as it comes, whatever the order. */
  readonly finished?: (index: number, outcome: Outcome) => void
}

/** Outcomes in the order of the requests. */
export async function evaluateAll(requests: readonly Request[], options: PoolOptions): Promise<Outcome[]> {
  const store = options.store === undefined ? undefined : new Store(options.store)
  store?.tidy()
  return options.jobs === 1
    ? inThisThread(requests, new Evaluator(store, options.layers), options)
    : onWorkers(requests, options)
}

async function inThisThread(
  requests: readonly Request[],
  evaluator: Evaluator,
  { finished }: PoolOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [i, request] of requests.entries()) {
    const outcome = evaluator.evaluate(request)
    outcomes.push(outcome)
    finished?.(i, outcome)
    await new Promise(setImmediate)
  }
  return outcomes
}

async function onWorkers(
  requests: readonly Request[],
  { jobs, store, layers, finished }: PoolOptions,
): Promise<Outcome[]> {
  const data: WorkerData = { store, layers }
  const pool = new Piscina({
    filename: new URL(`./worker${extensionOf(import.meta.url)}`, import.meta.url).href,
    minThreads: Math.min(jobs, requests.length),
    maxThreads: Math.min(jobs, requests.length),
    workerData: data,
  })
  try {
    const outcomes = requests.map(async (request, i) => {
      const outcome: Outcome = await pool.run(request).catch((error: Error) => ({ error: `worker: ${error.message}` }))
      finished?.(i, outcome)
      return outcome
    })
    return await Promise.all(outcomes)
  } finally {
    await pool.destroy()
  }
}

const extensionOf = (url: string): string => url.slice(url.lastIndexOf('.'))
