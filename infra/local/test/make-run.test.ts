import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '@flash-deal/config'
import { until } from '@flash-deal/testing'
import t from 'tap'
import { freePorts } from '../ports.ts'
import { commandOf, isAlive } from '../process-info.ts'
import { purchaseAt } from './readme.ts'

/** `make run` in a new clone: the real services, with separate ports and state folder. */

const root = join(import.meta.dirname, '../../..')
const state = t.testdir({})
const ports = Object.fromEntries(
  (await freePorts(6)).map((port, index) => [
    `${['GATEWAY', 'AUTH', 'PRODUCT', 'ORDER', 'POSTGRES', 'VALKEY'][index]}_PORT`,
    String(port),
  ]),
)

/** Variables of a shell for other programs, which must have no effect here. */
const shell = {
  NODE_USE_ENV_PROXY: '1',
  HTTP_PROXY: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  NODE_OPTIONS: '--require=/nowhere.js',
  PGHOST: 'nowhere.invalid',
  PGOPTIONS: '-c nonsense=1',
  PGSSL: 'require',
  LC_ALL: 'xx_YY.UTF-8',
  TZ: 'Asia/Kathmandu',
  CDPATH: '/',
}

type Running = { make: ChildProcess; output: () => string; ended: Promise<number | null> }

const gateway = `http://localhost:${ports.GATEWAY_PORT}`

const makeRun = (settings: Record<string, string> = {}): Running => {
  const env = { ...environment(), SCENARIOS: '', ...ports, STATE_DIR: state, ...settings }
  const make = spawn('make', ['run'], { cwd: root, env, detached: true })
  let text = ''
  for (const stream of [make.stdout, make.stderr]) stream.on('data', (part) => (text += part))
  const ended = once(make, 'exit').then(([code]) => code)
  return { make, output: () => text, ended }
}

/** Waits until it has printed everything or has ended. */
const printed = ({ make, output }: Running): Promise<void> =>
  until(
    () => output().includes('Ctrl-C ends everything') || make.exitCode !== null,
    'it printed no card',
  )

const isReady = (): Promise<boolean> =>
  fetch(`${gateway}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

const bash = async (script: string): Promise<string> =>
  (await promisify(execFile)('bash', ['-c', script])).stdout

/** The launcher and its child processes, found by the state folder in their environment. */
const children = async (): Promise<number[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid='])
  return stdout
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0 && isAlive(pid) && isOurs(pid))
}

const isOurs = (pid: number): boolean =>
  commandOf(pid).includes(state) || knownPids.some((known) => known === pid)

let knownPids: number[] = []

/** All descendants of make, recorded before their parent can change. */
const remember = async (make: ChildProcess): Promise<void> => {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid='])
  const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([pid = 0]) => [pid, ...below(pid)])
  knownPids = below(make.pid ?? 0)
}

/** The commands under one heading of the printed purchase. */
const pasted = (output: string): Promise<string> => {
  const card = output.slice(output.indexOf('── Log in'), output.indexOf('The same with HTTPie'))
  const lines = card.split('\n').filter((line) => !line.startsWith('──'))
  return bash(lines.join('\n'))
}

/** Runs the invariant checker against the running system. @throws if an invariant is violated */
const invariants = async (): Promise<string> => {
  const program = join(root, 'infra/local/invariants.ts')
  const env = { ...environment(), ...ports, STATE_DIR: state }
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
  return stdout
}

t.test('one command starts everything, and the printed commands order and cancel', async (t) => {
  const running = makeRun()
  const { make, output, ended } = running
  await until(isReady, 'the gateway is not ready')
  const readme = await bash(purchaseAt(gateway))
  t.match(readme, /"status":"confirmed"[\s\S]*"status":"cancelled"/, 'as in the README, at once')
  await printed(running)
  t.match(output(), /Scenarios: all at their baseline/)
  await remember(make)
  t.ok(knownPids.length >= 6, 'launcher, watchdog and services run')
  const bought = await pasted(output())
  t.match(bought, /"remaining_stock"/)
  t.match(bought, /"status":"confirmed"/)
  t.match(bought, /"status":"cancelled"/)
  t.match(await invariants(), /Every invariant holds\./)

  // A terminal sends it to make and to all below it.
  process.kill(-(make.pid ?? 0), 'SIGINT')
  await ended
  await until(async () => (await children()).length === 0, 'a child is left after Ctrl-C')
})

t.test(
  'a second start has the data, and SIGKILL of the launcher leaves no processes',
  async (t) => {
    const running = makeRun({ SCENARIOS: 'all', ...shell })
    const { make, output } = running
    await printed(running)
    t.match(output(), /E2=optimized/)
    t.match(output(), /Rate limits \(M4\): 100 requests from one address and 50 of one user in 1 s/)
    t.match(output(), /── Past the proxy of your shell\nexport no_proxy=/)
    await remember(make)
    const launcher = knownPids.find((pid) => commandOf(pid).includes('infra/local/run.ts'))
    const login = { email: 'bob@example.com', password: 'flash-deal-demo' }
    const answer = await fetch(`${gateway}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(login),
    })
    const { access_token } = (await answer.json()) as { access_token: string }
    const orders = await fetch(`${gateway}/orders?status=cancelled`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    const cancelled = { status: 'cancelled' }
    t.match(await orders.json(), { items: [cancelled, cancelled] })

    process.kill(launcher ?? 0, 'SIGKILL')
    await until(async () => (await children()).length === 0, 'a child is left after SIGKILL')
    await t.rejects(fetch(`${gateway}/health`), 'the port is free')
  },
)
