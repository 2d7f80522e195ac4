import compress, { type FastifyCompressOptions } from '@fastify/compress'
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

type Options = Pick<FastifyCompressOptions, 'brotliOptions' | 'zlibOptions'> & {
  /** In the order in which they are preferred. */
  codings: Exclude<Coding, 'identity'>[]
}

/** The smallest body that is compressed, in bytes: a smaller one goes in one packet anyhow. */
const threshold = 1_000

/** Of the contract, too, whose type @fastify/compress takes for one that is compressed already. */
const customTypes = /^application\/(json|yaml)/

/** @fastify/compress, where answers may be compressed and for whom. */
export const compressAnswers = async (
  app: FastifyInstance,
  { codings, ...levels }: Options,
): Promise<void> => {
  const choose = chooserOf(codings)
  const settle = settlerOf(app)
  app.addHook('onRoute', (route) => {
    const isRead = [route.method].flat().some((method) => method === 'GET' || method === 'HEAD')
    if (!isRead || !compressible.has(route.url)) return
    route.compress = { encodings: [...codings, 'identity'], customTypes, threshold, ...levels }
    route.onRequest = [...[route.onRequest ?? []].flat(), choose]
    // The hook of @fastify/compress is added after this one, and goes by what it leaves.
    route.onSend = [...[route.onSend ?? []].flat(), settle]
    route.onError = [...[route.onError ?? []].flat(), asPlain]
  })
  await app.register(compress, { global: false })
}

/** Of all that a client takes, one coding is left, which the rest of the way goes by. */
const chooserOf =
  (codings: readonly Coding[]): onRequestHookHandler =>
  (request, _reply, done) => {
    const { headers } = request
    // @fastify/compress heeds it, but no cache would be told that an answer depends on it.
    delete headers['x-no-compression']
    const wanted = headers['accept-encoding']
    leave(request, isAnybody(request) ? codingFor(wanted, codings) : 'identity')
    done()
  }

const leave = (request: FastifyRequest, coding: Coding): void => {
  request.headers['accept-encoding'] = coding
  request.coding = coding
}

/** Whoever shows who they are may be shown what is theirs. */
const isAnybody = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers.cookie === undefined

/** Leaves the coding in which an answer is to be sent, and counts it. */
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
    if (!isKept && !isWorthIt(reply)) leave(request, 'identity')
    const { coding, method } = request
    counts[isKept ? 'kept' : coding]()
    if (method === 'HEAD' && !isKept && coding !== 'identity') announce(reply, coding)
    done(null, payload)
  }
}

/** Where a body fails before its first byte, an error is sent instead, and that is not coded. */
const asPlain: onErrorHookHandler = (_request, reply, _error, done) => {
  reply.removeHeader('content-encoding')
  done()
}

/** Says so once, also where an error takes the place of an answer. */
const varyByCoding = (reply: FastifyReply): void => {
  const others = reply.getHeader('vary')
  if (others === undefined) reply.header('vary', 'accept-encoding')
  else if (!String(others).includes('accept-encoding'))
    reply.header('vary', `${others}, accept-encoding`)
}

/** Errors stay as they are; where the length is not known yet, @fastify/compress looks at it. */
const isWorthIt = (reply: FastifyReply): boolean =>
  reply.statusCode === 200 && !(Number(reply.getHeader('content-length')) < threshold)

/** To HEAD, what GET would get; how long that is, nobody knows before it is compressed. */
const announce = (reply: FastifyReply, coding: Coding): void => {
  reply.header('content-encoding', coding).removeHeader('content-length')
}
