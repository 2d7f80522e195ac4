import type { Pools } from './seam.ts'

/** One pool, as postgres.js has it unless it is told otherwise. */
export const baseline: Pools = {
  quick: { max: 10, pipelines: true },
}
