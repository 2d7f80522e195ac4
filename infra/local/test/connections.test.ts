import { connectionsOf } from '@flash-deal/db/pool-sizes'
import { eachVariant, freshDatabase } from '@flash-deal/testing'
import t from 'tap'
import { checkConnections, connectionLimitOf } from '../connections.ts'
import { PlainError } from '../plain-error.ts'

const database = await freshDatabase()
t.teardown(() => database.drop())
const limit = await connectionLimitOf(database.adminUrl)

for (const variant of eachVariant('E5')) {
  t.test(
    `${variant}: our PostgreSQL allows the connections of two instances of each service`,
    async (t) => {
      t.ok(2 * 3 * connectionsOf(variant) <= limit)
      t.doesNotThrow(() => checkConnections(variant, limit))
    },
  )
}

t.test("pools that exceed the server's limit are rejected with advice", async (t) => {
  t.doesNotThrow(() => checkConnections('64', 192))
  t.throws(
    () => checkConnections('64', 191),
    new PlainError(
      'With SCENARIO_E5=64 auth, product and order may open 192 connections, but PostgreSQL has 191 for them. Raise its max_connections, or choose a smaller pool.',
    ),
  )
})

t.test('a rejected login is one sentence without the password', async (t) => {
  const wrong = Object.assign(new URL(database.adminUrl), { password: 's3cret' })
  await t.rejects(connectionLimitOf(wrong.href), {
    name: 'MigrateError',
    message: `PostgreSQL at ${wrong.host} rejects the login of postgres. Set the correct user and password in DATABASE_URL.`,
  })
})
