import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { isAlive, startTimeOf } from '../process-info.ts'

const folder = join(import.meta.dirname, '..')

const gone = async (pids: number[], withinMs: number): Promise<boolean> => {
  const deadline = Date.now() + withinMs
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(20)
  return !pids.some(isAlive)
}

t.test('a launcher that is killed with SIGKILL leaves no processes', async (t) => {
  const notes = join(t.testdir({ notes: '' }), 'notes')
  const launcher = spawn(process.execPath, [join(folder, 'test/fixtures/launcher.ts'), notes])
  const [line] = await once(launcher.stdout, 'data')
  const { pids, watchdog } = JSON.parse(String(line)) as { pids: number[]; watchdog: number }
  await sleep(500)
  launcher.kill('SIGKILL')
  t.ok(await gone([...pids, watchdog], 10_000), 'children and watchdog have gone')
  t.equal(readFileSync(notes, 'utf8'), 'service SIGTERM\ncache SIGTERM\ndatabase SIGINT\n')
})

const startWatchdog = () =>
  spawn(process.execPath, [join(folder, 'watchdog.ts')], { stdio: ['pipe', 'ignore', 'inherit'] })

t.test('a pid that another program has now is not signalled', async (t) => {
  const other = spawn('sleep', ['60'], { detached: true })
  t.teardown(() => other.kill('SIGKILL'))
  const watchdog = startWatchdog()
  watchdog.stdin.end(`${JSON.stringify({ add: other.pid, kind: 'service', startTime: 'other' })}\n`)
  await once(watchdog, 'exit')
  t.ok(isAlive(other.pid ?? 0))
})

t.test('the signals of a terminal do not end the watchdog', async (t) => {
  const child = spawn('sleep', ['60'], { detached: true })
  const pid = child.pid ?? 0
  const watchdog = startWatchdog()
  watchdog.stdin.write(
    `${JSON.stringify({ add: pid, kind: 'service', startTime: startTimeOf(pid) })}\n`,
  )
  await sleep(500)
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) watchdog.kill(name)
  await sleep(100)
  t.ok(isAlive(pid) && isAlive(watchdog.pid ?? 0))
  watchdog.stdin.end()
  await once(watchdog, 'exit')
  t.ok(await gone([pid], 1_000))
})
