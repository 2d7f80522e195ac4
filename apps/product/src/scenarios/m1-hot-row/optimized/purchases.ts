import type { RequestedLine } from '../../../domain/reservation.ts'

/** The units of a deal that a buyer has or requests. */
export type Purchase = { deal_id: string; user_id: string; units: number }

export const purchaseKey = ({ deal_id, user_id }: Omit<Purchase, 'units'>): string =>
  `${deal_id} ${user_id}`

/** One for each deal and buyer. */
export const purchasesIn = (
  requests: readonly { user_id: string; lines: readonly RequestedLine[] }[],
): Purchase[] => {
  const purchases = new Map<string, Purchase>()
  for (const { user_id, lines } of requests)
    for (const { deal_id, quantity } of lines) {
      if (deal_id === null) continue
      const key = purchaseKey({ deal_id, user_id })
      const { units = 0 } = purchases.get(key) ?? {}
      purchases.set(key, { deal_id, user_id, units: units + quantity })
    }
  return [...purchases.values()]
}
