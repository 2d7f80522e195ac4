import type { Operation } from '@flash-deal/contracts'

/** The maximum difference between the clocks of gateway and database, in milliseconds. */
const clocksMs = 2_000

/**
 * Whether a response stays correct for its TTL. A deal changes its status when it opens and when it
 * ends, so it is not cached around these times. Everything else changes only by a request.
 * @param askedAt the time of the call to product, in milliseconds since 1970
 */
export const isCacheable = (
  { operationId }: Operation,
  body: Buffer,
  askedAt: number,
  ttlMs: number,
): boolean => {
  if (operationId !== 'getDeal') return true
  const [from, to] = [askedAt - clocksMs, Date.now() + ttlMs + clocksMs]
  const isFar = (boundary: number): boolean => boundary < from || boundary > to
  return boundariesIn(body).every(isFar)
}

/** NaN if a time cannot be parsed; then the response is not cached. */
const boundariesIn = (body: Buffer): number[] => {
  try {
    const { starts_at, ends_at } = JSON.parse(body.toString()) as Record<string, unknown>
    return [starts_at, ends_at].map((time) => Date.parse(String(time)))
  } catch {
    return [Number.NaN]
  }
}
