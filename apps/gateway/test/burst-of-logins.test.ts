import t from 'tap'
import { newProduct, password } from './client.ts'
import { startSystem } from './system.ts'

const places = 8
const queue = 80

t.test(
  '190 concurrent log-ins delay neither reads nor orders, and the excess gets 503',
  async (t) => {
    const settings = {
      DEADLINE_MS: '60000',
      QUERY_TIMEOUT_MS: '50000',
      PASSWORD_CONCURRENCY: '1',
      UPSTREAM_LOGINS: `${places}`,
      UPSTREAM_LOGINS_QUEUE_MAX: `${queue}`,
    }
    const { anybody, newUser } = await startSystem(t, { settings })
    const user = await newUser()
    const product_id = await newProduct(user, 1_000)
    const body = { email: user.email, password }
    let open = 190
    const logins = Array.from({ length: open }, async () => {
      const answer = await anybody('POST /auth/login', { body })
      open -= 1
      return answer
    })
    for (let count = 0; count < 3; count++) {
      const items = [{ product_id, quantity: 1 }]
      t.equal((await user.call('POST /orders', { body: { items } })).status, 201)
      t.equal((await anybody('GET /products')).status, 200)
    }
    t.ok(open > 0, `${open} log-ins were still open then`)
    const answers = await Promise.all(logins)
    const shed = answers.filter(({ status }) => status === 503)
    t.ok(shed.length > 0 && shed.length <= 190 - places - queue, `${shed.length} were shed`)
    for (const { headers } of shed) t.equal(headers.get('retry-after'), '1')
    t.equal(answers.filter(({ status }) => status === 200).length, 190 - shed.length)
  },
)
