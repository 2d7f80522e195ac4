import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import type { Coding } from '@flash-deal/service'
import type { Read } from './cached-reads.ts'

/** The minimum size of a compressed body, as in E6. */
const threshold = 1_000

const quality = { [constants.BROTLI_PARAM_QUALITY]: 4 }

const compressors: Readonly<
  Record<Exclude<Coding, 'identity'>, (body: Buffer) => Promise<Buffer>>
> = {
  br: (body) => promisify(brotliCompress)(body, { params: quality }),
  gzip: (body) => promisify(gzip)(body),
  zstd: (body) => promisify(zstdCompress)(body),
}

/** Compresses a response once for all clients, if E6 is on and product has not compressed it. */
export const compressed = async (read: Read, coding: Coding): Promise<Read> => {
  const isPlain = read.headers['content-encoding'] === undefined
  if (coding === 'identity' || !isPlain || read.status !== 200 || read.body.length < threshold)
    return read
  const body = await compressors[coding](read.body)
  const headers = { ...read.headers, 'content-encoding': coding }
  return { ...read, body, headers: { ...headers, 'content-length': String(body.length) } }
}
