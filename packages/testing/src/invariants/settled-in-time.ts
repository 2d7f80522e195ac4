import type { Facts } from './facts.ts'
import { type Finding, finding } from './finding.ts'

export type Patience = {
  /** How long an expired reservation may wait for the sweep. */
  sweepMs: number
  /** Additional tolerance before the invariant is violated. */
  graceMs: number
}

/** I6. Reservations that are late but within the grace are counted. */
export const settledInTime = (
  { product: { reservations } }: Facts,
  { sweepMs, graceMs }: Patience,
): Finding => {
  const held = reservations.filter(({ state }) => state === 'held')
  const late = held.filter(({ overdue_ms }) => overdue_ms > sweepMs)
  const tooLate = late.filter(({ overdue_ms }) => overdue_ms > sweepMs + graceMs)
  return finding({
    id: 'I6',
    title: 'No reservation is held for longer than its time and one sweep',
    figures: { 'held reservations': held.length, late: late.length },
    offenders: tooLate.map(
      ({ order_id, overdue_ms }) =>
        `order ${order_id}: held ${Math.round(overdue_ms)} ms beyond its time`,
    ),
  })
}
