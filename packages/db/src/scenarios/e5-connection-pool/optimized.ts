import type { Pools } from './seam.ts'

/**
 * Few connections with pipelined quick statements, and separate connections for slow ones without
 * pipelining.
 */
export const optimized: Pools = {
  quick: { max: 4, pipelines: true },
  slow: { max: 4, pipelines: false },
}
