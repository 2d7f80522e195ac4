import type { VariantOf } from '@flash-deal/config'
import { database } from '@flash-deal/db'
import { connectionsOf } from '@flash-deal/db/pool-sizes'
import type { App } from '@flash-deal/service'
import { asAdmin, buildApp, eachVariant, freshDatabase } from '@flash-deal/testing'
import fp from 'fastify-plugin'
import t from 'tap'

const fresh = await freshDatabase()
t.teardown(() => fresh.drop())

/** A service with only a database. */
const bare: App<'auth'> = async (app, { settings, scenarios }) => {
  await app.register(database, {
    url: settings.AUTH_DATABASE_URL,
    applicationName: scenarios.E5,
    variant: scenarios.E5,
    timeoutMs: 20_000,
    queueMax: 1_000,
  })
}

const build = (variant: VariantOf<'E5'>) =>
  buildApp(t, 'auth', fp(bare), { database: fresh, scenarios: { E5: variant } })

const quick = { name: 'quick', text: 'select 1' }
const slow = { name: 'slow', text: 'select 2', isSlow: true }

/** Connections, and the counter of each pool after a hundred statements of either kind. */
const expected = {
  baseline: { connections: 10, quick_pool_of_10: 200 },
  optimized: { connections: 8, quick_pool_of_4: 100, slow_pool_of_4: 100 },
  1: { connections: 1, quick_pool_of_1: 200 },
  2: { connections: 2, quick_pool_of_2: 200 },
  4: { connections: 4, quick_pool_of_4: 200 },
  8: { connections: 8, quick_pool_of_8: 200 },
  16: { connections: 16, quick_pool_of_16: 200 },
  32: { connections: 32, quick_pool_of_32: 200 },
  64: { connections: 64, quick_pool_of_64: 200 },
} satisfies Record<VariantOf<'E5'>, Record<string, number>>

for (const variant of eachVariant('E5')) {
  t.test(
    `${variant}: it opens the documented number of connections, and its counters show it`,
    async (t) => {
      const app = await build(variant)
      const hundred = Array.from({ length: 100 }, () => [
        app.db.query(quick, []),
        app.db.query(slow, []),
      ])
      await Promise.all(hundred.flat())
      const { connections, ...counters } = expected[variant]
      t.equal(connectionsOf(variant), connections)
      const opened = await asAdmin(
        fresh,
        `select 1 from pg_stat_activity where datname = current_database() and application_name = '${variant}'`,
      )
      t.equal(opened.length, connections)
      const page = await app.metrics.metrics()
      const witnesses = page.matchAll(
        /^scenario_witness_total\{scenario="E5",event="(\w+)"\} (\d+)$/gm,
      )
      t.same(
        Object.fromEntries(Array.from(witnesses, ([, event, n]) => [event, Number(n)])),
        counters,
      )
      for (const [event, count] of Object.entries(counters)) {
        const [pool] = event.split('_')
        t.match(page, `\npostgres_waiting_seconds_count{pool="${pool}"} ${count}\n`)
      }
      await app.close()
    },
  )
}
