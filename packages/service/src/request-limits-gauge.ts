import type { Operation } from '@flash-deal/contracts'
import { Gauge, type Registry } from 'prom-client'
import type { AdaptiveLimit } from './adaptive-limit.ts'

/** Exports the load of the limits of a service as `operation_requests`, if it has any. */
export const showRequestLimits = (
  registry: Registry,
  limits: ReadonlyMap<Operation, AdaptiveLimit>,
): void => {
  if (limits.size === 0) return
  new Gauge({
    name: 'operation_requests',
    help: 'Requests of an operation in progress, and the limit of that number at the moment',
    labelNames: ['operation', 'state'],
    registers: [registry],
    collect() {
      for (const [{ operationId: operation }, { load }] of limits) {
        this.set({ operation, state: 'running' }, load.running)
        this.set({ operation, state: 'limit' }, load.limit)
      }
    },
  })
}
