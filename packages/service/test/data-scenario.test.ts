import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConfigError } from '@flash-deal/config'
import { dataScenario } from '@flash-deal/service'
import t, { type Test } from 'tap'
import { appWith } from './app-with.ts'

type Answers = {
  database: string | Error
  flag?: string
  /** Gets the arguments of each warning. */
  lines?: unknown[]
}

/** A service with a scenario of the seam `data`. The test sets the state of the database. */
const serviceOn = async (t: Test, answers: Answers) => {
  const read = async (): Promise<string> => {
    if (answers.database instanceof Error) throw answers.database
    return answers.database
  }
  const variant = answers.flag ?? 'baseline'
  const { app } = await appWith(t, {
    before: (service) => {
      t.intercept(service.log, 'warn', {
        value: (...line: unknown[]) => void answers.lines?.push(line),
      })
      service.register(dataScenario, { id: 'M3', variant, read })
    },
  })
  return async (): Promise<string> => {
    const { scenarios } = (await app.inject('/health')).json()
    // The result of this query is shown by the next request.
    await nextTurn()
    return scenarios.M3
  }
}

const away = new Error('ECONNREFUSED')

t.test('health shows the state of the database, and later changes', async (t) => {
  const answers = { database: 'optimized', flag: 'optimized' }
  const shown = await serviceOn(t, answers)
  t.equal(await shown(), 'optimized')
  answers.database = 'baseline'
  await shown()
  t.equal(await shown(), 'baseline')
})

t.test('a flag that differs from the database fails the boot', async (t) => {
  const wrong = serviceOn(t, { database: 'baseline', flag: 'optimized' })
  await t.rejects(wrong, ConfigError)
  await t.rejects(wrong, {
    message:
      /^Scenario M3 is set to optimized, but the database is at baseline\. Run npm run migrate/,
  })
})

t.test('a change of the database is logged; a difference at the start is an error', async (t) => {
  const lines: unknown[] = []
  const answers = { database: 'baseline', flag: 'baseline', lines }
  const shown = await serviceOn(t, answers)
  await shown()
  t.strictSame(lines, [])
  answers.database = 'optimized'
  await shown()
  t.match(lines, [[{ scenario: 'M3', variant: 'optimized', shown: 'baseline' }]])
  const different: unknown[] = []
  const answer = { database: 'baseline', flag: 'optimized', lines: different }
  await t.rejects(serviceOn(t, answer), ConfigError)
  t.strictSame(different, [], 'nothing was changed')
})

t.test('a database that is unavailable at the start is read when it is available', async (t) => {
  const answers: { database: string | Error; flag: string } = { database: away, flag: 'optimized' }
  const shown = await serviceOn(t, answers)
  t.equal(await shown(), 'optimized', 'the variant of the flag')
  answers.database = 'baseline'
  await shown()
  t.equal(await shown(), 'baseline')
})

t.test('an outage of the database changes nothing', async (t) => {
  const answers: { database: string | Error } = { database: 'baseline' }
  const shown = await serviceOn(t, answers)
  answers.database = away
  await shown()
  t.equal(await shown(), 'baseline')
})

t.test('health does not wait for the database', async (t) => {
  let isHanging = false
  const read = () => (isHanging ? new Promise<string>(() => {}) : Promise.resolve('baseline'))
  const { app } = await appWith(t, {
    before: (service) => service.register(dataScenario, { id: 'M3', variant: 'baseline', read }),
  })
  isHanging = true
  for (const time of ['first', 'again']) {
    t.equal((await app.inject('/health')).json().scenarios.M3, 'baseline', time)
  }
})
