import { invariants, type ViolationCounts } from '@flash-deal/service'
import t from 'tap'
import { appWith, type Closing } from './app-with.ts'

const appThat = (t: Closing, count: () => Promise<ViolationCounts>, intervalMs = 86_400_000) =>
  appWith(t, {
    before: (app) => {
      app.register(invariants, { intervalMs, count })
      app.get('/check', async () => {
        await app.checkInvariants()
        return 'done'
      })
    },
  })

t.test('violations of an invariant are exported and logged until there are none', async (t) => {
  let oversold = 2
  const { app, lines } = await appThat(t, async () => ({ I1: oversold, I2: 0 }))
  await app.inject('/check')
  const page = await app.metrics.metrics()
  t.match(page, 'invariant_violations{invariant="I1"} 2')
  t.match(page, 'invariant_violations{invariant="I2"} 0')
  const logged = lines.filter(({ msg }) => msg === 'Invariants are violated')
  t.match(logged, [{ level: 50, violations: { I1: 2 } }])
  oversold = 0
  await app.inject('/check')
  t.match(await app.metrics.metrics(), 'invariant_violations{invariant="I1"} 0')
})

t.test('a failed check does not change the time of the last check', async (t) => {
  let isAway = false
  const { app } = await appThat(t, async () => {
    if (isAway) throw new Error('ECONNREFUSED')
    return { I1: 0 }
  })
  const checkedAt = async () =>
    Number(/^invariant_check_timestamp_seconds (\S+)$/m.exec(await app.metrics.metrics())?.[1])
  const begin = await checkedAt()
  t.ok(begin > Date.now() / 1_000 - 60)
  await app.inject('/check')
  const first = await checkedAt()
  t.ok(first > begin)
  isAway = true
  t.equal((await app.inject('/check')).statusCode, 500)
  t.equal(await checkedAt(), first)
})

t.test('a check that takes long is followed by a long pause', async (t) => {
  let checks = 0
  await appThat(
    t,
    async () => {
      checks += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      return {}
    },
    1,
  )
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.equal(checks, 1, 'the pause is at least 50 times 20 ms')
})
