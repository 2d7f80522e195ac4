import type { FastifyCompressOptions } from '@fastify/compress'
import { type Coding, codingFor } from '@flash-deal/service'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onErrorHookHandler,
  onRequestHookHandler,
  onSendHookHandler,
} from 'fastify'
import { compressible } from '../../domain/compressible.ts'
import { isAnonymous } from '../../domain/is-anonymous.ts'

type Options = Pick<FastifyCompressOptions, 'brotliOptions' | 'zlibOptions'> & {
  /** In order of preference. */
  codings: Exclude<Coding, 'identity'>[]
}

/** The minimum size of a compressed body, in bytes: a smaller one fits into one packet. */
const threshold = 1_000

/** Includes the type of the contract, which @fastify/compress treats as already compressed. */
const customTypes = /^application\/(json|yaml)/

/** Registers @fastify/compress for the routes and clients whose responses may be compressed. */
export const compressResponses = async (
  app: FastifyInstance,
  { codings, ...levels }: Options,
): Promise<void> => {
  // Loaded here, because most variants do not need it.
  const { default: compress } = await import('@fastify/compress')
  const choose = chooserOf(codings)
  const settle = settlerOf(app)
  app.addHook('onRoute', (route) => {
    const isRead = [route.method].flat().some((method) => method === 'GET' || method === 'HEAD')
    if (!isRead || !compressible.has(route.url)) return
    route.compress = { encodings: [...codings, 'identity'], customTypes, threshold, ...levels }
    route.onRequest = [...[route.onRequest ?? []].flat(), choose]
    // The hook of @fastify/compress runs after this one and uses the header that it sets.
    route.onSend = [...[route.onSend ?? []].flat(), settle]
    route.onError = [...[route.onError ?? []].flat(), asPlain]
  })
  await app.register(compress, { global: false })
}

/** Reduces Accept-Encoding to one coding, which all later steps use. */
const chooserOf =
  (codings: readonly Coding[]): onRequestHookHandler =>
  (request, _reply, done) => {
    const { headers } = request
    // @fastify/compress uses this header, but does not add it to Vary, so caches would ignore it.
    delete headers['x-no-compression']
    const wanted = headers['accept-encoding']
    // The response to an authenticated client may contain private data.
    setCoding(request, isAnonymous(request) ? codingFor(wanted, codings) : 'identity')
    done()
  }

const setCoding = (request: FastifyRequest, coding: Coding): void => {
  request.headers['accept-encoding'] = coding
  request.coding = coding
}

/** Sets the coding of a response, and counts it. */
const settlerOf = (app: FastifyInstance): onSendHookHandler => {
  const counts = {
    br: app.witness('E6', 'br'),
    zstd: app.witness('E6', 'zstd'),
    gzip: app.witness('E6', 'gzip'),
    identity: app.witness('E6', 'plain'),
    kept: app.witness('E6', 'passed_on'),
  }
  return (request, reply, payload, done) => {
    varyByCoding(reply)
    const isKept = reply.hasHeader('content-encoding')
    if (!isKept && !isWorthIt(reply)) setCoding(request, 'identity')
    const { coding, method } = request
    counts[isKept ? 'kept' : coding]()
    if (method === 'HEAD' && !isKept && coding !== 'identity') announce(reply, coding)
    done(null, payload)
  }
}

/** If a body fails before its first byte, an uncompressed error is sent instead. */
const asPlain: onErrorHookHandler = (_request, reply, _error, done) => {
  reply.removeHeader('content-encoding')
  done()
}

/** Adds the header once, also if an error replaces the response. */
const varyByCoding = (reply: FastifyReply): void => {
  const others = reply.getHeader('vary')
  if (others === undefined) reply.header('vary', 'accept-encoding')
  else if (!String(others).includes('accept-encoding'))
    reply.header('vary', `${others}, accept-encoding`)
}

/** Errors are not compressed. If the length is unknown, @fastify/compress checks it. */
const isWorthIt = (reply: FastifyReply): boolean =>
  reply.statusCode === 200 && !(Number(reply.getHeader('content-length')) < threshold)

/** HEAD gets the headers of GET, without the length, which is unknown before the compression. */
const announce = (reply: FastifyReply, coding: Coding): void => {
  reply.header('content-encoding', coding).removeHeader('content-length')
}
