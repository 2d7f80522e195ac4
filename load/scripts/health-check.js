import { call, checked } from './lib/call.js'
import { mode, optionsFor } from './lib/profile.js'
import { assertExpected, awayIn } from './lib/system.js'

/**
 * The smallest load: every answer comes, and holds what it must. CI's smoke test. With MODE=stress
 * or MODE=rate it asks for nothing but readiness, which goes through to every database: the number
 * of users from which it fails is where the system's pools end.
 *
 *     k6 run -e EXPECT=E2=optimized -e VUS=5 -e DURATION=10s load/scripts/health-check.js
 *     k6 run -e MODE=stress -e VUS=400 -e DURATION=60s load/scripts/health-check.js
 */
export const options = optionsFor({ vus: 3, duration: '6s', rate: 200 })

export const setup = assertExpected

const isHealthy = (health) => health.status === 'healthy' && awayIn(health).length === 0

const isReady = ({ status }) => status === 'ready'

// List and total are read one after the other: on a short list they may differ while it grows.
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
