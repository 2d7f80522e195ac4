import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Answer } from './answer.ts'

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

/** A body as its reader takes it; undefined where nobody can. */
export const decoded = ({ body, coding }: Pick<Answer, 'body' | 'coding'>): Buffer | undefined => {
  if (coding === undefined) return body
  try {
    return decoders[coding]?.(body)
  } catch {
    return undefined
  }
}
