import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { ApiError } from '@flash-deal/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The content type that Fastify sets for JSON, for handlers that send bytes. */
export const jsonType = 'application/json; charset=utf-8'

/** Bodies are JSON in UTF-8. An empty body counts as absent, whatever its type. */
export const takeOnlyJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  const type = 'application/json'
  app.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    // Invalid UTF-8 would be decoded to different text.
    else if (!isUtf8(body)) done(new ApiError('MALFORMED_BODY'))
    else parse(request, body.toString(), done)
  })
  app.addContentTypeParser('*', takeOnlyNothing)
}

type Done = (error: Error | null, body?: undefined) => void

/** Rejects a body on its first byte, without reading the rest. */
const takeOnlyNothing = ({ headers }: FastifyRequest, body: IncomingMessage, done: Done): void => {
  const refusal = new ApiError('UNSUPPORTED_MEDIA_TYPE')
  if (Number(headers['content-length']) > 0) {
    done(refusal)
    return
  }
  const settle = (error: Error | null): void => {
    body.off('data', onData).off('end', onEnd).off('error', onError).resume()
    done(error)
  }
  const onData = (): void => settle(refusal)
  const onEnd = (): void => settle(null)
  const onError = (cause: Error): void => settle(new ApiError('MALFORMED_BODY', { cause }))
  body.on('data', onData).on('end', onEnd).on('error', onError)
}

const isJson = /^\s*application\/json\s*(;|$)/i

/** Any type other than JSON counts as none: rejected with a body, ignored without one. */
export const forgetOtherTypes = ({ headers }: FastifyRequest): void => {
  const type = headers['content-type']
  if (type === undefined || type === 'application/json') return
  if (!isJson.test(type)) delete headers['content-type']
}
