import { ApiError } from '@flash-deal/errors'
import { routeOf } from '@flash-deal/service'
import type { FastifyInstance } from 'fastify'
import { proxiedOperations } from '../../domain/proxied-operations.ts'

/**
 * Envoy or Kong runs in front of this process and forwards the operations of the contracts to their
 * services. Only requests that its route table does not match arrive here.
 */
export const proxiedElsewhere = async (app: FastifyInstance): Promise<void> => {
  for (const { operation } of proxiedOperations)
    app.route({
      method: operation.method.toUpperCase(),
      url: routeOf(operation),
      handler: async () => {
        throw new ApiError('NOT_FOUND')
      },
    })
}
