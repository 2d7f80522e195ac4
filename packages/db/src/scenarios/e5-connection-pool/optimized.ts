import type { Pools } from './seam.ts'

/**
 * Few connections, on which quick statements follow one another closely, and others on which slow
 * ones follow none that is not over.
 */
export const optimized: Pools = {
  quick: { max: 4, pipelines: true },
  slow: { max: 4, pipelines: false },
}
