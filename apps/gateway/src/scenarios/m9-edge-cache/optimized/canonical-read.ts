import type { Operation } from '@flash-deal/contracts'
import type { FastifyRequest } from 'fastify'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The maximum length of a value; requests with longer ones are not cached. */
const valueMax = 256

/**
 * Creates, for one operation, the canonical URL of a request: known parameters, each once, sorted by
 * name, in one encoding. Product is called with this URL, never with the client's, so that the cached
 * response always belongs to it. Undefined for an ambiguous request, which is forwarded and not cached.
 */
export const canonicalReadOf = ({ path, parameters = [] }: Operation) => {
  const known = new Set(parameters.flatMap((each) => (each.in === 'query' ? each.name : [])))
  const segments = path.split('/')
  return (request: FastifyRequest): string | undefined => {
    const { headers, raw } = request
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
      return undefined
    const [given = '', query = '', ...more] = (raw.url ?? '').split('?')
    if (more.length > 0) return undefined
    const own = pathFrom(segments, given.split('/'))
    const sorted = sortedQuery(query, known)
    if (own === undefined || sorted === undefined) return undefined
    return sorted === '' ? own : `${own}?${sorted}`
  }
}

/** Ids are UUIDs in lower case; other paths are not cached. */
const pathFrom = (segments: readonly string[], given: readonly string[]): string | undefined => {
  if (segments.length !== given.length) return undefined
  const own = segments.map((segment, index) =>
    segment.startsWith('{') ? given[index]?.toLowerCase() : segment,
  )
  const isOurs = own.every((each, index) =>
    segments[index]?.startsWith('{') ? uuid.test(each ?? '') : each === given[index],
  )
  return isOurs ? own.join('/') : undefined
}

const sortedQuery = (query: string, known: ReadonlySet<string>): string | undefined => {
  if (query === '') return ''
  const values = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = '', value, ...more] = pair.split('=')
    const plain = value === undefined ? undefined : decoded(value)
    if (plain === undefined || more.length > 0 || !known.has(name) || values.has(name))
      return undefined
    values.set(name, plain)
  }
  const names = [...values.keys()].sort()
  return names.map((name) => `${name}=${encodeURIComponent(values.get(name) ?? '')}`).join('&')
}

/** Undefined if parsers differ: `+`, an invalid escape, a control character, a double escape. */
const decoded = (value: string): string | undefined => {
  if (value.length > valueMax || value.includes('+')) return undefined
  try {
    const text = decodeURIComponent(value)
    return /[%\p{Cc}]/u.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
