import { hash } from 'node:crypto'

/**
 * By which a token is remembered: SHA-256 of the Authorization header, 43 characters. Whoever reads
 * the memory or Redis gets no token from it, and what a lookup takes tells nothing of other tokens.
 */
export const digestOf = (authorization: string): string =>
  hash('sha256', authorization, 'base64url')
