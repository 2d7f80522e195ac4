import type { VariantOf } from '@flash-deal/config'
import type { FastifyInstance } from 'fastify'
import type { PoolSize } from '../../connection.ts'
import type { DatabaseOptions } from '../../database.ts'
import { baseline } from './baseline.ts'
import { optimized } from './optimized.ts'
import type { Pools } from './seam.ts'
import { ofSize } from './sizes.ts'

const variants = {
  baseline,
  optimized,
  1: ofSize(1),
  2: ofSize(2),
  4: ofSize(4),
  8: ofSize(8),
  16: ofSize(16),
  32: ofSize(32),
  64: ofSize(64),
} satisfies Record<VariantOf<'E5'>, Pools>

/** Maximum number of open connections of a process with this variant. */
export const connectionsOf = (variant: VariantOf<'E5'>): number => {
  const { quick, slow }: Pools = variants[variant]
  return quick.max + (slow?.max ?? 0)
}

/** E5: the pools of a process. Each counts its statements and measures their wait. */
export const poolsOf = (
  app: FastifyInstance,
  variant: VariantOf<'E5'>,
): DatabaseOptions['pools'] => {
  const { quick, slow }: Pools = variants[variant]
  const waitingIn = app.times('pool', {
    name: 'postgres_waiting_seconds',
    help: 'Time from the call of a statement or a transaction until its connection is free for it',
  })
  const instrumented = (pool: keyof Pools, size: PoolSize) => {
    const count = app.witness('E5', `${pool}_pool_of_${size.max}`)
    const waited = waitingIn(pool)
    const onQueryStart = (ms: number) => {
      count()
      waited(ms)
    }
    return { ...size, onQueryStart }
  }
  return { quick: instrumented('quick', quick), ...(slow && { slow: instrumented('slow', slow) }) }
}
