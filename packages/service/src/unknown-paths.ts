import type { Operation } from '@flash-deal/contracts'
import { ApiError } from '@flash-deal/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A route as the contracts write it, with `{name}` for a segment of any text. */
export type KnownRoute = Pick<Operation, 'method' | 'path'>

type KnownPath = { path: string; pattern: RegExp; allow: string }

/**
 * 405 with `Allow` where the path is known, 404 elsewhere. A hook, and not the handler for
 * what is not found: Fastify would look at the body first, and complain about that.
 */
export const answerUnknown = (
  operations: readonly Operation[],
  others: readonly KnownRoute[] = [],
) => {
  const known = knownPaths([...operations, ...others])
  const plainPaths = new Set(
    operations.map(({ path }) => path).filter((path) => !path.includes('{')),
  )
  // PATCH /products/deals would be routed as the change of a product with the id `deals`, and
  // /products/ as that of one with an empty id.
  const isMistaken = ({ routeOptions: { url } }: FastifyRequest, path: string): boolean =>
    (plainPaths.has(path) && url !== path) || (path.endsWith('/') && url?.includes(':') === true)

  const refusalOf = (request: FastifyRequest, reply: FastifyReply): ApiError | undefined => {
    const [path = ''] = request.url.split('?', 1)
    if (!request.is404 && !isMistaken(request, path)) return undefined
    const found = known.find(({ pattern }) => pattern.test(path))
    if (found) reply.header('allow', found.allow)
    return new ApiError(found ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND')
  }
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void =>
    done(refusalOf(request, reply))
}

/** As the router does, `/products/deals` is looked for before `/products/{product_id}`. */
const knownPaths = (routes: readonly KnownRoute[]): KnownPath[] =>
  [...Map.groupBy(routes, ({ path }) => path)]
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    .map(([path, methods]) => ({
      path,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      allow: methods.flatMap(({ method }) => allowed(method)).join(', '),
    }))

/** Fastify answers HEAD wherever there is a GET. */
const allowed = (method: string): string[] =>
  method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
