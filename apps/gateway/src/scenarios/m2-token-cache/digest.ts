import { hash } from 'node:crypto'

/**
 * The cache key of a token: SHA-256 of the Authorization header, 43 characters. A reader of the memory
 * or of Redis gets no token from it, and the time of a lookup reveals nothing about other tokens.
 */
export const digestOf = (authorization: string): string =>
  hash('sha256', authorization, 'base64url')
