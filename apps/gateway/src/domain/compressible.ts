import { routeOf } from '@flash-deal/service'
import { proxiedOperations } from './proxied-operations.ts'

const pages = proxiedOperations
  .filter(({ upstream }) => upstream === 'product')
  .filter(({ operation: { method, secured } }) => method === 'get' && secured === 'public')
  .map(({ operation }) => routeOf(operation))

/**
 * The routes whose responses may be compressed: pages of products and deals, and the contract, which
 * are the same for all clients. The length of a compressed response reveals repetitions in it, so
 * secrets are never compressed.
 * @see https://www.breachattack.com
 */
export const compressible: ReadonlySet<string> = new Set([...pages, '/openapi.yaml'])
