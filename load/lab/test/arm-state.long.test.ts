import { startStack } from '@flash-deal/local/stack'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import t from 'tap'
import { armStatesOf } from '../arm-state.ts'
import { arms } from '../verdict/test/simulate.ts'

/** No outbox, queue or cache of one arm is another's work. */

// Copies of the database, each migrated: a minute and more on a busy machine.
t.setTimeout(600_000)

t.test(
  'each arm that writes has its own rows, and every arm its own Valkey database',
  async (t) => {
    const stack = await startStack()
    t.teardown(() => stack.end())
    for (const name of ['gateway', 'order', 'product', 'auth']) await stack.supervisor.stop(name)
    const states = await armStatesOf({}, stack, arms)
    const rowsIn = async (name: string, statement: string) => {
      const sql = postgres(states.get(name)?.stack.adminUrl ?? '', { max: 1 })
      const rows = await sql.unsafe(statement)
      await sql.end()
      return rows.length
    }
    const added = `insert into orders.outbox (order_id, kind)
    select gen_random_uuid(), (enum_range(null::orders.outbox_kind))[1] returning id`
    t.equal(await rowsIn('baseline', added), 1)
    t.equal(await rowsIn('baseline', 'select from orders.outbox'), 1)
    for (const other of ['again', 'optimized']) {
      t.equal(await rowsIn(other, 'select from orders.outbox'), 0, other)
    }
    const addresses = arms.map(({ name }) => states.get(name)?.environment.REDIS_URL ?? '')
    t.equal(new Set(addresses).size, arms.length)
    const [one, other] = addresses.slice(0, 2).map((address) => new Redis(address))
    t.teardown(() => {
      one?.disconnect()
      other?.disconnect()
    })
    await one?.set('key', 'of one arm')
    t.equal(await other?.get('key'), null)
    const readers = [...(await armStatesOf({ onlyReads: true }, stack, arms)).values()]
    t.ok(
      readers.every((state) => state.stack === stack),
      'those that only read have the same rows',
    )
  },
)
