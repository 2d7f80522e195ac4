import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { keepRunning } from '../keep-running.ts'
import { isAlive } from '../process-info.ts'
import { type Exit, Supervisor } from '../supervisor.ts'
import { childSpec } from './fixtures/child-spec.ts'

const notesIn = (test: Test): string => {
  const file = join(test.testdir({}), 'notes')
  writeFileSync(file, '')
  return file
}

/** A supervisor, and a promise of the n-th line that any child writes. */
const supervise = () => {
  let lines = 0
  let reached = () => {}
  let wanted = 0
  const supervisor = new Supervisor(() => {
    if (++lines === wanted) reached()
  })
  const line = (count: number): Promise<void> =>
    new Promise((resolve) => {
      wanted = count
      reached = resolve
      if (lines >= count) resolve()
    })
  return { supervisor, line }
}

t.test('everything ends in order: services, then the cache, then the database', async (t) => {
  const notes = notesIn(t)
  const { supervisor, line } = supervise()
  const pids = [
    supervisor.start(childSpec('postgres', 'database', notes)),
    supervisor.start(childSpec('valkey', 'cache', notes)),
    supervisor.start(childSpec('order', 'service', notes)),
  ]
  await line(3)
  await supervisor.stopAll()
  t.equal(readFileSync(notes, 'utf8'), 'order SIGTERM\nvalkey SIGTERM\npostgres SIGINT\n')
  t.notOk(pids.some(isAlive))
  t.throws(() => supervisor.start(childSpec('order', 'service', notes)), {
    message: /shutting down/,
  })
})

t.test('a crash is distinguished from a requested stop, and has the last output', async (t) => {
  const { supervisor, line } = supervise()
  t.teardown(() => supervisor.stopAll())
  const exits: Exit[] = []
  supervisor.onExit((exit) => exits.push(exit))
  supervisor.start(childSpec('order', 'service', notesIn(t)))
  await line(1)
  await supervisor.stop('order')
  supervisor.start(childSpec('auth', 'service', '', 'crash'))
  await supervisor.exited('auth')
  t.match(exits, [
    { spec: { name: 'order' }, code: 0, expected: true },
    { spec: { name: 'auth' }, code: 7, expected: false },
  ])
  t.strictSame(supervisor.lastLines('auth'), ['it is broken'])
})

t.test('a service that is killed is started again', async (t) => {
  const { supervisor, line } = supervise()
  t.teardown(() => supervisor.stopAll())
  const said: string[] = []
  keepRunning(supervisor, { say: (words) => said.push(words), giveUp: t.fail })
  const first = supervisor.start(childSpec('order', 'service', notesIn(t)))
  await line(1)
  supervisor.kill('order', 'SIGKILL')
  await line(2)
  t.not(supervisor.pid('order'), first)
  t.match(said, ['order crashed (signal SIGKILL); restarting in 0.2 s.'])
})

t.test('a service that crashes repeatedly is not restarted again', async (t) => {
  const supervisor = new Supervisor()
  t.teardown(() => supervisor.stopAll())
  const { promise, resolve } = Promise.withResolvers<string>()
  keepRunning(supervisor, { say: () => {}, giveUp: resolve, firstPauseMs: 1 })
  supervisor.start(childSpec('order', 'service', '', 'crash'))
  t.match(await promise, 'order crashed 6 times within a minute (exit code 7).')
})

t.test('secrets in the output of a child are redacted', async (t) => {
  const shown: string[] = []
  const supervisor = new Supervisor((_, line) => shown.push(line))
  t.teardown(() => supervisor.stopAll())
  const spec = childSpec('auth', 'service', '')
  const env = { INTERNAL_KEY: 'the-key', AUTH_DATABASE_URL: 'postgres://me:p%40ss@db/shop' }
  const args = ['-e', 'console.error(process.env.INTERNAL_KEY, "p@ss"); process.exit(7)']
  supervisor.start({ ...spec, args, env })
  await supervisor.exited('auth')
  t.strictSame(shown, ['[redacted] [redacted]'])
  t.strictSame(supervisor.lastLines('auth'), shown)
})
