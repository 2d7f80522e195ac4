import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { WireResponse } from './wire-response.ts'

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

/** The decoded body; undefined if it cannot be decoded. */
export const decoded = ({
  body,
  coding,
}: Pick<WireResponse, 'body' | 'coding'>): Buffer | undefined => {
  if (coding === undefined) return body
  try {
    return decoders[coding]?.(body)
  } catch {
    return undefined
  }
}
