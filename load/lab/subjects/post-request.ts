import { freshId } from '../generator/protocol.ts'
import type { HotDeal } from './hot-deal.ts'

/** The bytes of a POST request with a JSON body. */
export const postOf = (path: string, headers: Record<string, string>, body: object): string => {
  const json = JSON.stringify(body)
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = Buffer.byteLength(json)
  return `POST ${path} HTTP/1.1\r\nhost: lab\r\n${own.join('')}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${json}`
}

/** The request of order to product for one unit of a deal; each time for another order and user. */
export const reservationOf = (deal: HotDeal, internalKey: string): string => {
  const lines = [{ ...deal, quantity: 1 }]
  const body = { reservations: [{ order_id: freshId, user_id: freshId, lines }] }
  return postOf('/internal/reservations', { 'x-internal-key': internalKey }, body)
}
