import type { PoolSize } from '../../pool.ts'

/** E5: what the connections of a process are for. */
export type Pools<Size = PoolSize> = {
  /** For all that no other pool is for. */
  quick: Size
  /** For statements that are marked as slow, where these have connections of their own. */
  slow?: Size
}
