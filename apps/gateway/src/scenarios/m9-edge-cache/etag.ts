import type { FastifyInstance, onSendHookHandler, RouteOptions } from 'fastify'
import { isAnonymous } from '../../domain/is-anonymous.ts'
import { announce, isKnown, notModified, notStored, tagOf } from './conditional.ts'
import { publicReadAt } from './public-reads.ts'
import type { EdgeCache } from './seam.ts'

/** Every read goes to product; a client that already has the response gets a 304. */
export const etag: EdgeCache = ({ app }) => {
  const conditional = conditionalOf(app)
  app.addHook('onRoute', (route) => {
    if (publicReadAt(route)) conditional(route)
  })
}

/** Makes the responses of a route conditional. */
export const conditionalOf = (app: FastifyInstance): ((route: RouteOptions) => void) => {
  const tagged = app.witness('M9', 'tagged')
  const unchanged = app.witness('M9', 'not_modified')
  const hook: onSendHookHandler = (request, reply, payload, done) => {
    const isPublic = reply.statusCode === 200 && isAnonymous(request)
    if (!isPublic) notStored(reply)
    // HEAD has no body to compute a tag from.
    const hasTag = isPublic && request.method === 'GET' && Buffer.isBuffer(payload)
    if (!hasTag) return done(null, payload)
    const tag = tagOf(payload)
    announce(reply, tag)
    tagged()
    if (!isKnown(request, tag)) return done(null, payload)
    unchanged()
    done(null, notModified(request, reply))
  }
  // Before the compression.
  return (route) => {
    route.onSend = [hook, ...[route.onSend ?? []].flat()]
  }
}
