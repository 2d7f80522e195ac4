import { Database } from '@flash-deal/db'
import { Deadline } from '@flash-deal/service'
import { freshDatabase } from '@flash-deal/testing'
import t from 'tap'
import '../hooks/stop-at-point.ts'

t.test(
  'a transaction ends with the deadline of its caller in a service with the hook',
  async (t) => {
    const fresh = await freshDatabase()
    t.teardown(() => fresh.drop())
    const db = new Database({
      url: fresh.adminUrl,
      applicationName: 'test',
      timeoutMs: 20_000,
      queueMax: 10,
      pools: { quick: { max: 1, pipelines: true } },
    })
    t.teardown(() => db.close())
    const sleep = { name: 'sleep', text: 'select pg_sleep(60)' }
    const slept = db.by(Deadline.in(100)).transaction((tx) => tx.query(sleep, []))
    await t.rejects(slept, { code: 'DEADLINE_EXCEEDED' })
  },
)
