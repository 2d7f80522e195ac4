import { call, checked } from './call.js'
import { numberOf } from './profile.js'

/** Requests and checks of the list of active deals. */

const path = '/products/deals'

/** The maximum difference between the clocks of this machine and of the database, in seconds. */
const clocksMs = 1_000 * numberOf('CLOCKS', 2, 0)

const isDeal = ({ id, deal_stock, remaining_stock, status }) =>
  id.length === 36 &&
  remaining_stock >= 0 &&
  remaining_stock <= deal_stock &&
  status === (remaining_stock > 0 ? 'active' : 'sold_out')

/** Whether the deal was open at any time since the request was sent. */
const wasOpen = ({ starts_at, ends_at }, askedAt) =>
  Date.parse(starts_at) <= Date.now() + clocksMs && Date.parse(ends_at) > askedAt - clocksMs

const isSoonestFirst = (items) =>
  items.every(({ starts_at }, index) => index === 0 || starts_at >= items[index - 1].starts_at)

const isLast = ({ total, page, size }) => page * size >= total

const isPage = (body, { page, size, askedAt }) =>
  body.page === page &&
  body.size === size &&
  body.items.length <= size &&
  (isLast(body) || body.items.length === size) &&
  new Set(body.items.map(({ id }) => id)).size === body.items.length &&
  body.items.every((item) => isDeal(item) && wasOpen(item, askedAt)) &&
  isSoonestFirst(body.items)

const shownIn = ({ items }, deal) => items.find(({ id }) => id === deal.id)

/** Deals are ordered by their start, so a deal that opens is the last on the last page. */
const isOnTime = (body, deal, askedAt) =>
  shownIn(body, deal) !== undefined ||
  !isLast(body) ||
  askedAt < Date.parse(deal.starts_at) + clocksMs

/** The page of the deal that opens next. */
export const pageOfNext = (size) => {
  const { total } = call('GET', `${path}?size=1`).json()
  return { page: 1 + Math.floor(total / size), size }
}

/** Finds a deal in the list. Undefined if it is not listed. */
export const look = (deal, { page, size }) => {
  const askedAt = Date.now()
  const answer = call('GET', `${path}?page=${page}&size=${size}`, { name: path })
  const isRight = (body) => isPage(body, { page, size, askedAt }) && isOnTime(body, deal, askedAt)
  const body = checked(answer, 'deals', 200, isRight)
  return body && shownIn(body, deal)
}
