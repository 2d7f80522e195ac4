import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A shared cache may store the response and must revalidate it on each use, which costs a 304. With a
 * maximum age it would serve content that the owner has changed.
 */
const publicControl = 'public, max-age=0, must-revalidate'

/**
 * A weak tag, of the bytes that product sent: the codings that the gateway makes of them share it. A
 * response that product has compressed (E6 there) has another tag for each coding, so a client that
 * changes its coding gets a 200 instead of a 304.
 */
export const tagOf = (body: Buffer): string =>
  `W/"${hash('sha256', body, 'base64url').slice(0, 27)}"`

/** Headers of a response that shared caches may store. */
export const announce = (reply: FastifyReply, tag: string): void => {
  reply.header('etag', tag).header('cache-control', publicControl)
}

/** No cache may store the response: it is an error, or for one client. */
export const notStored = (reply: FastifyReply): FastifyReply =>
  reply.header('cache-control', 'no-store')

/** @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match */
export const isKnown = ({ headers }: FastifyRequest, tag: string): boolean => {
  const known = headers['if-none-match']
  if (known === undefined) return false
  const opaque = tag.replace(/^W\//, '')
  return known.split(',').some((each) => {
    const trimmed = each.trim()
    return trimmed === '*' || trimmed.replace(/^W\//, '') === opaque
  })
}

const ofBody = ['content-type', 'content-length', 'content-encoding']

/** Turns a reply into a 304. @returns the empty payload */
export const notModified = (request: FastifyRequest, reply: FastifyReply): Readable | null => {
  for (const name of ofBody) reply.removeHeader(name)
  reply.code(304)
  // For HEAD, Fastify would send a content-length of 0.
  return request.method === 'HEAD' ? Readable.from([]) : null
}
