import { proxiedOperations } from './proxied-operations.ts'

const pages = proxiedOperations
  .filter(({ upstream }) => upstream === 'product')
  .filter(({ operation: { method, secured } }) => method === 'get' && secured === 'public')
  .map(({ operation }) => operation.path.replaceAll(/\{(\w+)\}/g, ':$1'))

/**
 * The routes whose answers may be compressed: pages of products and deals, and the contract, which
 * say the same to everybody. The length of a compressed answer tells what in it repeats itself, so
 * nothing that is secret is ever compressed.
 * @see https://www.breachattack.com
 */
export const compressible: ReadonlySet<string> = new Set([...pages, '/openapi.yaml'])
