import { createHash, hkdfSync } from 'node:crypto'

/** What is kept of a refresh token. */
export const digestOf = (refreshToken: string): Buffer =>
  createHash('sha256').update(refreshToken).digest()

/**
 * The token that comes after this one: 32 bytes that follow from the token and the salt of its row,
 * so that every process gives the same one, and from neither of the two alone.
 * @see https://www.rfc-editor.org/rfc/rfc5869 HKDF with SHA-256
 */
export const successorOf = (refreshToken: string, salt: Uint8Array): string =>
  Buffer.from(hkdfSync('sha256', refreshToken, salt, 'successor', 32)).toString('base64url')
