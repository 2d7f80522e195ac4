import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { FastifyReply, RawServerBase, RouteGenericInterface } from 'fastify'
import { returnedHeaders } from '../../domain/forwarded-headers.ts'
import { inOurWords } from './failures.ts'

/** As @fastify/reply-from gives it, for whatever version of HTTP. */
type Reply = FastifyReply<RouteGenericInterface, RawServerBase>

/**
 * Takes the whole of a response from its service, as fast as that sends it, and only then begins to
 * send it to the client. The size is bounded by the connections that it comes on.
 */
export const sendWhole = (reply: Reply, response: Readable): void => {
  // There is nothing in it, and its length is that of what GET would get.
  if (reply.request.method === 'HEAD') reply.send(response)
  else
    buffer(response).then(
      (body) => reply.send(body),
      (failure: Error) => {
        // They are those of a response that did not come.
        for (const name of returnedHeaders) reply.removeHeader(name)
        reply.send(inOurWords(failure))
      },
    )
}
