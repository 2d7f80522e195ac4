import { call, checked } from './lib/call.js'
import { numberOf, optionsFor, think } from './lib/profile.js'
import { fillList } from './lib/shop.js'
import { assertExpected, expected } from './lib/system.js'

/**
 * Users request the first pages of the product list, 20 products each. E2, E6, E7. For E6 a page has 100
 * products of about 5 KB; SIZE and DESCRIPTION (bytes) set other values.
 *
 *     k6 run -e EXPECT=E2=optimized load/scripts/product-list.js
 *     k6 run -e EXPECT=E2=optimized -e MODE=rate -e RATE=500 load/scripts/product-list.js
 */
const name = '/products?page'

// A threshold for hits, which the baseline does not have: set EXPECT=E2=baseline for it.
const onHit = { [`http_req_duration{name:GET ${name}}`]: ['p(95)<50'] }
const latency = expected.E2 === 'baseline' ? {} : onHit

export const options = optionsFor({ vus: 100, duration: '30s', rate: 200 }, latency)

const isLong = expected.E6 !== undefined
const size = numberOf('SIZE', isLong ? 100 : 20)
const descriptionBytes = numberOf('DESCRIPTION', isLong ? 4_600 : 0, 0)
const pages = numberOf('PAGES', 5)

/** The values of Accept-Encoding. */
const browsers = 'gzip, deflate, br, zstd'

export const setup = () => {
  assertExpected()
  fillList(pages * size, descriptionBytes)
}

const isProduct = ({ id, name, description, price, stock }) =>
  id.length === 36 &&
  name.length > 0 &&
  (description || '').length >= descriptionBytes &&
  Number.isInteger(price) &&
  price >= 0 &&
  stock >= 0

const isNewestFirst = (items) =>
  items.every(({ created_at }, index) => index === 0 || created_at <= items[index - 1].created_at)

const isPage = (body, page) =>
  body.page === page &&
  body.size === size &&
  body.total >= pages * size &&
  body.items.length === size &&
  new Set(body.items.map(({ id }) => id)).size === size &&
  body.items.every(isProduct) &&
  isNewestFirst(body.items)

export default () => {
  // The pause comes first; otherwise all users would start at the same moment.
  think(1)
  const page = 1 + Math.floor(Math.random() * pages)
  const given = { name, codings: browsers }
  const answer = call('GET', `/products?page=${page}&size=${size}`, given)
  checked(answer, 'list', 200, (body) => isPage(body, page))
}
