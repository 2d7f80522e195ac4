import { check } from 'k6'
import http from 'k6/http'
import { assertExpected, base } from './lib/system.js'

/**
 * The smallest load: every answer comes, and holds what it must. CI's smoke test.
 *
 *     k6 run -e EXPECT=E2=optimized -e VUS=5 -e DURATION=10s load/scripts/health-check.js
 */
export const options = {
  vus: Number(__ENV.VUS || 3),
  duration: __ENV.DURATION || '6s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
}

export const setup = assertExpected

const isHealthy = ({ status, services }) =>
  status === 'healthy' &&
  ['auth', 'product', 'order'].every((name) => services[name].status === 'healthy')

const isPage = ({ items, total, page, size }) =>
  page === 1 && items.length === Math.min(total, size) && items.every(({ id }) => id.length === 36)

const get = (path, isRight) => {
  const answer = http.get(base + path, { tags: { name: path } })
  check(answer, {
    [`${path} answers 200`]: ({ status }) => status === 200,
    [`${path} holds what it must`]: (each) => each.status === 200 && isRight(each.json()),
  })
}

export default () => {
  get('/health', isHealthy)
  get('/health/ready', ({ status }) => status === 'ready')
  get('/products', isPage)
  get('/products/deals', isPage)
}
