import { fail } from 'k6'
import http from 'k6/http'

/** The system under load: where it is, and whether it is the one that was meant. */

export const base = __ENV.BASE_URL || 'http://localhost:8000'

/** `EXPECT=E2=optimized,M1=baseline` → [['E2', 'optimized'], ['M1', 'baseline']] */
const expected = (__ENV.EXPECT || '')
  .split(',')
  .map((word) => word.trim())
  .filter((word) => word !== '')
  .map((word) => word.split('='))

/** For `setup()`: nothing is measured unless `/health` shows the variants named in EXPECT. */
export const assertExpected = () => {
  const answer = http.get(`${base}/health`)
  if (answer.status !== 200) {
    fail(`${base}/health answers ${answer.status}: ${answer.body || answer.error}`)
  }
  const { status, scenarios } = answer.json()
  if (status !== 'healthy') fail(`${base}/health says ${status}.`)
  const wrong = expected.filter(([id, variant]) => scenarios[id] !== variant)
  if (wrong.length > 0)
    fail(wrong.map(([id, variant]) => `${id} is ${scenarios[id]}, not ${variant}.`).join(' '))
}
