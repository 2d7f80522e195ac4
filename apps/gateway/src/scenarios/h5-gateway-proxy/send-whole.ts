import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { FastifyReply, RawServerBase, RouteGenericInterface } from 'fastify'
import { toApiError } from '../../domain/failures.ts'
import { returnedHeaders } from '../../domain/forwarded-headers.ts'

/** The response that @fastify/reply-from returns, for any version of HTTP. */
type Reply = FastifyReply<RouteGenericInterface, RawServerBase>

/**
 * Buffers a response, so that the service's connection is free before a slow client has read it. The
 * connection limits the size.
 */
export const sendWhole = (reply: Reply, response: Readable): void => {
  // The body is empty, and the length is that of the response to GET.
  if (reply.request.method === 'HEAD') reply.send(response)
  else
    buffer(response).then(
      (body) => reply.send(body),
      (failure: Error) => sendFailure(reply, failure),
    )
}

/** Sends the error for the client, without the headers of the response that failed. */
export const sendFailure = (reply: Reply, failure: Error): void => {
  for (const name of returnedHeaders) reply.removeHeader(name)
  reply.send(toApiError(failure))
}
