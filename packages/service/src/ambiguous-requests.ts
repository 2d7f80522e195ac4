import type { Operation } from '@flash-deal/contracts'
import { ApiError, type ErrorCode } from '@flash-deal/errors'
import type { FastifyRequest } from 'fastify'
import { routeOf } from './contract-schema.ts'

type Rules = {
  /** Headers that must not be repeated, in lower case, and the error for each. */
  single: ReadonlyMap<string, ErrorCode>
  /** The lengths of their names, so that most headers are skipped without a comparison. */
  lengths: ReadonlySet<number>
  hasQuery: boolean
}

type Refusal = (request: FastifyRequest) => ApiError | undefined

/**
 * Rejects requests that two parsers could read differently: a repeated header that must be unique
 * (Node takes the first of some headers and joins others), and a query that is not UTF-8. Applies only
 * to operations whose contract has such a header or a query parameter.
 */
export const refusalOfAmbiguous = (operations: readonly Operation[]): Refusal => {
  const byMethod = rulesByMethod(operations)
  return (request) => {
    const { method, routeOptions, raw } = request
    const rules = byMethod.get(method)?.get(routeOptions.url ?? '')
    if (rules === undefined) return undefined
    if (rules.hasQuery && !isUtf8Query(request.url)) return malformedQuery()
    return rules.single.size === 0 ? undefined : refusalOfHeaders(raw.rawHeaders, rules)
  }
}

/** By method, then by route, so that no request builds a key. */
const rulesByMethod = (operations: readonly Operation[]): Map<string, Map<string, Rules>> => {
  const byMethod = new Map(
    [...Map.groupBy(operations, ({ method }) => method.toUpperCase())].map(([method, own]) => [
      method,
      new Map(own.map((each) => [routeOf(each), rulesOf(each)])),
    ]),
  )
  const ofReads = byMethod.get('GET')
  return ofReads ? byMethod.set('HEAD', ofReads) : byMethod
}

const rulesOf = ({ parameters, requestBody, secured }: Operation): Rules => {
  const named = parameters.filter((each) => each.in === 'header')
  const single = new Map<string, ErrorCode>([
    ...named.map(({ name }) => [name.toLowerCase(), 'MALFORMED_BODY'] as const),
    ...(secured === 'bearer' ? [['authorization', 'INVALID_TOKEN'] as const] : []),
    ...(requestBody ? [['content-type', 'UNSUPPORTED_MEDIA_TYPE'] as const] : []),
  ])
  return {
    hasQuery: parameters.some((each) => each.in === 'query'),
    single,
    lengths: new Set([...single.keys()].map(({ length }) => length)),
  }
}

/** @param headers alternating names and values, as received */
const refusalOfHeaders = (
  headers: readonly string[],
  { single, lengths }: Rules,
): ApiError | undefined => {
  const seen = new Set<string>()
  for (let index = 0; index < headers.length; index += 2) {
    const given = headers[index] ?? ''
    if (!lengths.has(given.length)) continue
    const name = given.toLowerCase()
    const code = single.get(name)
    if (code === undefined) continue
    if (seen.has(name))
      return new ApiError(code, {
        message: `The header ${name} came more than once. Send it once.`,
      })
    seen.add(name)
  }
  return undefined
}

const isUtf8Query = (url: string): boolean => {
  const start = url.indexOf('?')
  if (start < 0 || !url.includes('%', start)) return true
  try {
    decodeURIComponent(url.slice(start))
    return true
  } catch {
    return false
  }
}

const malformedQuery = (): ApiError =>
  new ApiError('MALFORMED_BODY', { message: 'The query is not UTF-8 in percent-encoding.' })
