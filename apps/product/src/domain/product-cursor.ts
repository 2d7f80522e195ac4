import { createHash } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'

/** The position after a row of the product list, and the number of rows before it. */
export type Cursor = {
  /** Microseconds since 1970, as precise as PostgreSQL: two rows of a millisecond have an order. */
  created_us: number
  id: string
  /** The number of rows on the pages up to here. */
  offset: number
}

const refused = (): ApiError =>
  new ApiError('VALIDATION_ERROR', {
    details: { cursor: 'must be the next_cursor of a page of this list' },
  })

/** Bytes: the time, the id, the count, and a digest of these. */
const [timeEnd, idEnd, offsetEnd, length] = [8, 24, 30, 36] as const

/** The maximum number of rows before a cursor: more than a table holds, and the next offset still fits into six bytes. */
const offsetMax = 2 ** 47

/** The cursor as clients receive it: 48 characters, valid for the same category. */
export const formatCursor = (
  { created_us, id, offset }: Cursor,
  category: string | null,
): string => {
  const bytes = Buffer.alloc(offsetEnd)
  bytes.writeBigInt64BE(BigInt(created_us))
  bytes.write(id.replaceAll('-', ''), timeEnd, 'hex')
  bytes.writeUIntBE(offset, idEnd, 6)
  return Buffer.concat([bytes, digestOf(bytes, category)]).toString('base64url')
}

/**
 * Parses a cursor. A modified cursor, or one of another category, is rejected. A digest without a
 * key is enough, because the positions in a public list are not secret.
 *
 * @throws ApiError VALIDATION_ERROR naming the field
 */
export const parseCursor = (cursor: string, category: string | null): Cursor => {
  const bytes = Buffer.from(cursor, 'base64url')
  const place = bytes.subarray(0, offsetEnd)
  const digest = digestOf(place, category)
  if (bytes.length !== length || !digest.equals(bytes.subarray(offsetEnd))) throw refused()
  const created_us = Number(place.readBigInt64BE())
  const offset = place.readUIntBE(idEnd, 6)
  // A forged digest can carry a time outside PostgreSQL's range, or an unlimited number of rows.
  if (!Number.isSafeInteger(created_us) || offset > offsetMax) throw refused()
  return { created_us, id: uuidOf(place.subarray(timeEnd, idEnd)), offset }
}

const digestOf = (bytes: Buffer, category: string | null): Buffer =>
  createHash('sha256')
    .update(bytes)
    .update(JSON.stringify(category))
    .digest()
    .subarray(0, length - offsetEnd)

const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
