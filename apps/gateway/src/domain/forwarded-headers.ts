import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'

/** The request headers that are forwarded. All others are dropped: the gateway sets identity and deadlines. */
export const passedHeaders = [
  'accept',
  'accept-language',
  'content-type',
  'content-length',
  'idempotency-key',
  'last-event-id',
  'user-agent',
  'traceparent',
  'tracestate',
] as const

/** The response headers that are returned to the client. Connection headers apply to one connection only. */
export const returnedHeaders = [
  'content-type',
  'content-length',
  'content-encoding',
  'retry-after',
  'www-authenticate',
  'location',
  'allow',
  'cache-control',
] as const

type Headers = IncomingHttpHeaders | Record<string, string | string[] | undefined>

const pick = (headers: Headers, names: readonly string[]): Record<string, string> => {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined) picked[name] = String(value)
  }
  return picked
}

/** The part of a request from which the forwarded headers are built. */
export type ForwardedRequest = Pick<
  FastifyRequest,
  'headers' | 'method' | 'ip' | 'id' | 'userId' | 'deadline' | 'coding'
>

/** The headers of a request as a service receives them. */
export const headersToService = (
  request: ForwardedRequest,
  internalKey: string,
): Record<string, string> => {
  const headers = pick(request.headers, passedHeaders)
  if (request.method === 'GET' || request.method === 'HEAD') {
    delete headers['content-length']
    delete headers['content-type']
  }
  return {
    ...headers,
    'x-forwarded-for': request.ip,
    'x-request-id': request.id,
    'x-internal-key': internalKey,
    'x-deadline-ms': String(request.deadline.remainingMs()),
    ...(request.userId !== '' && { 'x-user-id': request.userId }),
    ...(request.coding !== 'identity' && { 'accept-encoding': request.coding }),
  }
}

/** The headers of a response as the client receives them. */
export const headersToClient = (headers: Headers): Record<string, string> =>
  pick(headers, returnedHeaders)
