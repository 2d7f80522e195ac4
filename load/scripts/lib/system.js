import { fail, sleep } from 'k6'
import http from 'k6/http'

/** The URL of the system under load, and the check of its variants. */

export const base = __ENV.BASE_URL || 'http://localhost:8000'

/** `EXPECT=E2=optimized,M1=baseline` → { E2: 'optimized', M1: 'baseline' } */
export const expected = Object.fromEntries(
  (__ENV.EXPECT || '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => word.split('=')),
)

const health = () => {
  const answer = http.get(`${base}/health`)
  if (answer.status === 200) return answer.json()
  return fail(`${base}/health answers ${answer.status}: ${answer.body || answer.error}`)
}

/** The services that `/health` does not show as healthy. */
export const awayIn = ({ services = {} }) =>
  ['auth', 'product', 'order'].filter((name) => services[name]?.status !== 'healthy')

/** The gateway queries the services every few seconds, so at its start one may seem unavailable. */
const settledHealth = (attemptsLeft = 50) => {
  const seen = health()
  const away = awayIn(seen)
  if (away.length === 0) return seen
  if (attemptsLeft === 0) fail(`${base}/health shows unavailable services: ${away.join(', ')}.`)
  sleep(0.2)
  return settledHealth(attemptsLeft - 1)
}

/**
 * For `setup()`: aborts the run unless `/health` shows the variants in EXPECT. `/health` is 503 if the
 * variants of a service differ from the gateway's, so this covers all services.
 *
 * @returns the variant of each scenario
 */
export const assertExpected = () => {
  const { status, scenarios } = settledHealth()
  if (status !== 'healthy') fail(`${base}/health says ${status}.`)
  const unknown = Object.keys(expected).filter((id) => scenarios[id] === undefined)
  if (unknown.length > 0)
    fail(
      `There is no scenario ${unknown.join(', ')}. EXPECT names ${Object.keys(scenarios).join(', ')}.`,
    )
  const wrong = Object.entries(expected).filter(([id, variant]) => scenarios[id] !== variant)
  if (wrong.length > 0)
    fail(wrong.map(([id, variant]) => `${id} is ${scenarios[id]}, not ${variant}.`).join(' '))
  return scenarios
}
