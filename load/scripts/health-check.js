import { call, checked } from './lib/call.js'
import { mode, optionsFor } from './lib/profile.js'
import { assertExpected, awayIn } from './lib/system.js'

/**
 * The smoke test of CI: a small load that checks every response. With MODE=stress or MODE=rate it only
 * requests readiness, which reaches every database: the number of users from which it fails is the
 * limit of the system's pools.
 *
 *     k6 run -e EXPECT=E2=optimized -e VUS=5 -e DURATION=10s load/scripts/health-check.js
 *     k6 run -e MODE=stress -e VUS=400 -e DURATION=60s load/scripts/health-check.js
 */
export const options = optionsFor({ vus: 3, duration: '6s', rate: 200 })

export const setup = assertExpected

const isHealthy = (health) => health.status === 'healthy' && awayIn(health).length === 0

const isReady = ({ status }) => status === 'ready'

// List and total are read one after the other, so on a short list they may differ during inserts.
const isPage = ({ items, total, page, size }) =>
  page === 1 &&
  items.length <= size &&
  (total < size || items.length === size) &&
  items.every(({ id }) => id.length === 36)

const get = (path, isRight) => checked(call('GET', path), path, 200, isRight)

const everything = () => {
  get('/health', isHealthy)
  get('/health/ready', isReady)
  get('/products', isPage)
  get('/products/deals', isPage)
}

const readiness = () => get('/health/ready', isReady)

export default mode === 'users' ? everything : readiness
