import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ApiError, type ErrorCode, sendError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { jsonType } from './json-bodies.ts'
import { http } from './node-http.ts'

/** The reply to the last request of each connection, until it has been sent, and whether it was refused. */
type Connection = Duplex & { [lastReply]?: FastifyReply | undefined; [refused]?: true }
const lastReply = Symbol('lastReply')
const refused = Symbol('refused')

/** Time for a client to read an error before its connection is closed, in milliseconds. */
const lingerMs = 1_000

/** Node's error codes for requests that it could not read. Any other input is not HTTP. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'PAYLOAD_TOO_LARGE',
}

const refusalOf = (code = ''): ApiError => {
  const known = codes[code]
  if (known) return new ApiError(known)
  return new ApiError('MALFORMED_BODY', { message: 'The request is not valid HTTP.' })
}

/** Sends the error envelope for requests that Node itself would reject or drop. */
export const refuseRawRequests = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const connection: Connection = request.raw.socket
    connection[lastReply] = reply
    done(oddity(request.raw))
  })
  app.addHook('onResponse', (request, reply, done) => {
    const connection: Connection = request.raw.socket
    // Otherwise the connection would retain the body of its last request.
    if (request.raw.complete && connection[lastReply] === reply) connection[lastReply] = undefined
    done()
  })
  const { server } = app
  // The hook above rejects it like any other request.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {}).resume()
    writeRefusal(socket, new ApiError('METHOD_NOT_ALLOWED'), 'Allow: GET, HEAD, POST, PATCH\r\n')
  })
}

const continues = /(?:^|\W)100-continue(?:$|\W)/i

/** A host name or address with a port; empty if the request target has neither. */
const host = /^[\w.~!$&'()*+,;=%-]*(?::\d*)?$|^\[[\da-f:.]+\](?::\d*)?$/i

const oddity = (request: IncomingMessage): ApiError | undefined => {
  const { headers, httpVersion } = request
  if (headers.expect !== undefined && !continues.test(headers.expect)) {
    return new ApiError('EXPECTATION_FAILED')
  }
  if (headers.host === undefined ? httpVersion === '1.0' : isOneHost(request)) return undefined
  const message = 'The request must have one Host header, with a name or address and a port.'
  return new ApiError('MALFORMED_BODY', { message })
}

const isOneHost = ({ headers, rawHeaders }: IncomingMessage): boolean => {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count <= 1 && host.test(headers.host ?? '')
}

/** Handles requests that Node could not read: too slow, too large, or not HTTP. */
export function refuseRaw(
  this: FastifyInstance,
  error: Error & { code?: string },
  socket: Connection,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket[refused]) return
  // Each part that a client sends after the first invalid one arrives here too.
  socket[refused] = true
  // Not the error itself: it contains the raw bytes, which may include secrets.
  this.log.debug({ code: error.code }, 'request that is not valid HTTP')
  const refusal = refusalOf(error.code)
  const reply = socket[lastReply]
  if (reply === undefined) writeRefusal(socket, refusal)
  else if (reply.request.raw.complete) afterResponse(reply, () => writeRefusal(socket, refusal))
  // The response was sent before the body arrived; the rest is discarded.
  else if (reply.sent) afterResponse(reply, () => end(socket))
  else sendError(reply.request, reply.header('connection', 'close'), refusal)
}

const afterResponse = ({ raw }: FastifyReply, work: () => void): void => {
  if (raw.writableFinished) work()
  else raw.once('close', work)
}

const writeRefusal = (socket: Duplex, { statusCode, code, message }: ApiError, more = ''): void => {
  if (!socket.writable) return
  const body = JSON.stringify({ error: code, message })
  const head = `HTTP/1.1 ${statusCode} ${http.STATUS_CODES[statusCode]}\r\nContent-Type: ${jsonType}\r\n${more}`
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`
  end(socket, `${head}${length}Connection: close\r\n\r\n${body}`)
}

/** Closing at once would reset the connection of a client that is still sending. */
const end = (socket: Duplex, text = ''): void => {
  socket.end(text)
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
