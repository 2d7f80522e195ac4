import { call, checked } from './call.js'
import { numberOf } from './profile.js'

/** The list of open deals, and what it must hold. */

const path = '/products/deals'

/** By how much this machine's clock may differ from the database's, which decides. */
const clocksMs = 1_000 * numberOf('CLOCKS', 2, 0)

const isDeal = ({ id, deal_stock, remaining_stock, status }) =>
  id.length === 36 &&
  remaining_stock >= 0 &&
  remaining_stock <= deal_stock &&
  status === (remaining_stock > 0 ? 'active' : 'sold_out')

/** At some time since it was asked for. */
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

/** The soonest come first, so that a deal that opens is the last of the last page. */
const isOnTime = (body, deal, askedAt) =>
  shownIn(body, deal) !== undefined ||
  !isLast(body) ||
  askedAt < Date.parse(deal.starts_at) + clocksMs

/** The page on which a deal will stand that opens next. */
export const pageOfNext = (size) => {
  const { total } = call('GET', `${path}?size=1`).json()
  return { page: 1 + Math.floor(total / size), size }
}

/** Looks for a deal in the list. Returns it as it is shown; undefined where it is not. */
export const look = (deal, { page, size }) => {
  const askedAt = Date.now()
  const answer = call('GET', `${path}?page=${page}&size=${size}`, { name: path })
  const isRight = (body) => isPage(body, { page, size, askedAt }) && isOnTime(body, deal, askedAt)
  const body = checked(answer, 'deals', 200, isRight)
  return body && shownIn(body, deal)
}
