import { ApiError } from '@flash-deal/errors'

/**
 * The rejection for lack of stock in a response of order with the status 400; undefined if it is another
 * one, or if the order was not of one line on a deal. Only such an order gets the same result from order
 * for every user.
 */
export const soldOutIn = (response: unknown, order: unknown): ApiError | undefined => {
  const { error, message, details } = membersIn(response)
  if (error !== 'INSUFFICIENT_STOCK' || !isOneLineOfDeal(membersIn(order))) return undefined
  return new ApiError(error, {
    ...(typeof message === 'string' && { message }),
    ...(isMembers(details) && { details }),
  })
}

type Members = Record<string, unknown>

const isOneLineOfDeal = ({ items }: Members): boolean => {
  if (!Array.isArray(items) || items.length !== 1) return false
  const [line]: unknown[] = items
  return isMembers(line) && typeof line.deal_id === 'string'
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null

/** The members of a JSON object; none if it is something else. */
const membersIn = (body: unknown): Members => {
  if (!Buffer.isBuffer(body)) return {}
  try {
    const value: unknown = JSON.parse(body.toString())
    return isMembers(value) ? value : {}
  } catch {
    return {}
  }
}
