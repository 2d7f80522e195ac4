import type { PoolSize } from '../../connection.ts'

/** E5: the connection pools of a process. */
export type Pools<Size = PoolSize> = {
  /** For all statements without a pool of their own. */
  quick: Size
  /** For statements marked as slow, if they have their own connections. */
  slow?: Size
}
