import type { Operation } from '@flash-deal/contracts'

/** By how much the gateway's clock may differ from the database's, which opens and closes deals. */
const clocksMs = 2_000

/**
 * Whether a response stays right for as long as it may be kept. A deal changes its status by itself,
 * when it opens and when it ends: around these moments it is not kept. All else changes by what
 * somebody does.
 * @param askedAt the time of day, in milliseconds
 */
export const isLasting = (
  { operationId }: Operation,
  body: Buffer,
  askedAt: number,
  ttlMs: number,
): boolean => {
  if (operationId !== 'getDeal') return true
  const [from, to] = [askedAt - clocksMs, Date.now() + ttlMs + clocksMs]
  const isFar = (border: number): boolean => border < from || border > to
  return bordersIn(body).every(isFar)
}

/** Not a number where it is unknown, which is not far from anything. */
const bordersIn = (body: Buffer): number[] => {
  try {
    const { starts_at, ends_at } = JSON.parse(body.toString()) as Record<string, unknown>
    return [starts_at, ends_at].map((time) => Date.parse(String(time)))
  } catch {
    return [Number.NaN]
  }
}
