// What every pass answers. Shared code never asks which pass it has: it calls these.

import type { z } from 'zod'
import type { Workload } from '../work/workload.ts'

export interface Pass<Options = unknown> {
  /** As variants name it. */
  readonly name: string
  /** One line for lists. */
  readonly summary: string
  /** Its options as a variant writes them, without the name; every option has a default. */
  readonly schema: z.ZodType<Options>
  /**
   * An exact pass leaves every value that the network computes as it was. A technique with an exact and a
   * lossy half is two passes.
   */
  readonly lossy: boolean
  /**
   * Edits facets: returns a workload of the same network, and leaves layers alone that it does not apply to.
   * `workload` is deeply frozen. Throws InputError naming layer and facet where it cannot go on.
   */
  apply(workload: Workload, options: Options): Workload
}
