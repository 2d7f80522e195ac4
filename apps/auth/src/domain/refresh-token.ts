import { createHash, hkdfSync } from 'node:crypto'

/** The stored form of a refresh token. */
export const digestOf = (refreshToken: string): Buffer =>
  createHash('sha256').update(refreshToken).digest()

/**
 * The successor of a token: 32 bytes derived from the token and the salt of its row, so that every
 * process derives the same one. Neither of the two alone is enough.
 * @see https://www.rfc-editor.org/rfc/rfc5869 HKDF with SHA-256
 */
export const successorOf = (refreshToken: string, salt: Uint8Array): string =>
  Buffer.from(hkdfSync('sha256', refreshToken, salt, 'successor', 32)).toString('base64url')
