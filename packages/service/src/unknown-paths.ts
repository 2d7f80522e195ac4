import type { Operation } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { pathOf, pathPattern } from './path-of.ts'

/** A route as in the contracts, with `{name}` for a parameter. */
export type KnownRoute = Pick<Operation, 'method' | 'path'>

type KnownPath = { path: string; pattern: RegExp; allow: string }

/**
 * 405 with `Allow` for a known path, otherwise 404. It is a hook and not the not-found handler, because
 * Fastify parses the body before that, and would report errors in it.
 */
export const answerUnknown = (
  operations: readonly Operation[],
  others: readonly KnownRoute[] = [],
) => {
  const known = knownPaths([...operations, ...others])
  const plainPaths = new Set(
    operations.map(({ path }) => path).filter((path) => !path.includes('{')),
  )
  // The router would match PATCH /products/deals with the product id `deals`, and /products/ with an
  // empty id.
  const isMistaken = ({ routeOptions: { url } }: FastifyRequest, path: string): boolean =>
    (plainPaths.has(path) && url !== path) || (path.endsWith('/') && url?.includes(':') === true)

  const refusalOf = (request: FastifyRequest, reply: FastifyReply): ApiError | undefined => {
    const path = pathOf(request.url)
    if (!request.is404 && !isMistaken(request, path)) return undefined
    const found = known.find(({ pattern }) => pattern.test(path))
    if (found) reply.header('allow', found.allow)
    return new ApiError(found ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND')
  }
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void =>
    done(refusalOf(request, reply))
}

/** Like the router, it tries `/products/deals` before `/products/{product_id}`. */
const knownPaths = (routes: readonly KnownRoute[]): KnownPath[] =>
  [...Map.groupBy(routes, ({ path }) => path)]
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    .map(([path, methods]) => ({
      path,
      pattern: pathPattern(path),
      allow: methods.flatMap(({ method }) => allowed(method)).join(', '),
    }))

/** Fastify adds HEAD to every GET. */
const allowed = (method: string): string[] =>
  method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
