import { createHash } from 'node:crypto'
import { ApiError } from '@flash-deal/errors'

/** The place behind a row of the product list, and how many rows were offset up to there. */
export type Cursor = {
  /** Microseconds since 1970, as precise as PostgreSQL: two rows of a millisecond have an order. */
  created_us: number
  id: string
  /** Rows of the pages up to here. */
  offset: number
}

const refused = (): ApiError =>
  new ApiError('VALIDATION_ERROR', {
    details: { cursor: 'must be the next_cursor of a page of this list' },
  })

/** Bytes: the time, the id, the count, and a digest of these. */
const [timeEnd, idEnd, offsetEnd, length] = [8, 24, 30, 36] as const

/** Rows of a walk at most: more than a table holds, and what follows still fits. */
const offsetMax = 2 ** 47

/** The place as clients get it: 48 letters that they send back as they are, for the same category. */
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
 * The place that a cursor stands for. One that was changed, or is of another category, is refused
 * rather than taken for another place; a digest is enough for that, since no place of a public list has to be kept from anybody.
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
  // Who makes up a digest too may name a time that PostgreSQL does not know, or rows without end.
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
