import type { Pools } from './seam.ts'

/** One pool of the default size of postgres.js. Its statements are pipelined. */
export const baseline: Pools = {
  quick: { max: 10, pipelines: true },
}
