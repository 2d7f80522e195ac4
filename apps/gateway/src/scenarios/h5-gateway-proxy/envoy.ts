import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance } from 'fastify'
import { proxiedOperations } from '../../domain/proxied-operations.ts'

/**
 * Envoy or Kong stands before this process and passes the operations of the contracts to their
 * services. What still arrives here has a path that its table does not take.
 */
export const proxiedElsewhere = async (app: FastifyInstance): Promise<void> => {
  for (const { operation } of proxiedOperations)
    app.route({
      method: operation.method.toUpperCase(),
      url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: async () => {
        throw new ApiError('NOT_FOUND')
      },
    })
}
