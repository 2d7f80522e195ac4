import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, environment } from '@flash-deal/config'
import t, { type Test } from 'tap'
import { root } from '../paths.ts'
import { freePorts } from '../ports.ts'
import { commands, purchaseAt } from './readme.ts'

/**
 * Runs every command of the README's code blocks. Commands that stay in the foreground are ended with
 * Ctrl-C when they are ready; those that measure for minutes get a smaller amount of work. The short
 * form is in `make-run.test.ts`.
 */

t.setTimeout(1_200_000)

/** Without the servers of this test run: the commands start their own. */
const outside = (more: Environment): Environment => ({
  ...Object.fromEntries(
    Object.entries(environment()).filter(([name]) => !/^(TEST_|TURBO_|REQUIRE_ALL)/.test(name)),
  ),
  ...more,
})

type Started = {
  output(): string
  hasEnded(): boolean
  code: Promise<number | null>
  ctrlC(): void
}

const start = (t: Test, command: string, env: Environment = {}): Started => {
  const options = { cwd: root, env: outside(env), detached: true } as const
  const child = spawn('bash', ['-c', command], options)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      output += part
    })
  const code = once(child, 'close').then(([code]) => code)
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  // A terminal sends Ctrl-C to all processes of the command.
  const ctrlC = (): void => {
    if (!hasEnded() && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  }
  t.teardown(ctrlC)
  return { output: () => output, hasEnded, code, ctrlC }
}

/** Runs a command until it exits. */
const succeeds = async (t: Test, command: string): Promise<void> => {
  const { output, code } = start(t, command)
  t.equal(await code, 0, output())
}

/** Ends a command with Ctrl-C as soon as it has begun to measure. */
const begins = async (t: Test, command: string, begun: RegExp): Promise<void> => {
  const started = start(t, command)
  await until(() => begun.test(started.output()), started)
  started.ctrlC()
  t.not(await started.code, 1, started.output())
}

const untilMs = 180_000

const until = async (
  isSo: () => boolean | Promise<boolean>,
  { output, hasEnded }: Started,
): Promise<void> => {
  const deadline = Date.now() + untilMs
  while (!(await isSo())) {
    if (hasEnded()) throw new Error(`It has ended: ${output()}`)
    if (Date.now() > deadline) throw new Error(`It was not ready in time: ${output()}`)
    await sleep(100)
  }
}

const portNames = ['GATEWAY', 'AUTH', 'PRODUCT', 'ORDER', 'POSTGRES', 'VALKEY']

/** Separate ports and state folder, so that it does not disturb a running `make run`. */
const placeOf = async (t: Test) => {
  const free = await freePorts(portNames.length)
  const ports = Object.fromEntries(
    portNames.map((name, index) => [`${name}_PORT`, `${free[index]}`]),
  )
  return { url: `http://localhost:${free[0]}`, env: { STATE_DIR: t.testdir(), ...ports } }
}

/** Replaces assignments in the command, which take precedence over the environment, because their ports may be in use. */
const withoutPlace = (command: string): string =>
  command.replaceAll(/\b(STATE_DIR|\w+_PORT)=\S+ /g, '')

/** Starts the system, buys as soon as `isReady`, and ends it. Returns the variants that it showed. */
const sells = async (
  t: Test,
  command: string,
  isReady = isHealthy,
): Promise<Record<string, string>> => {
  const { url, env } = await placeOf(t)
  const started = start(t, withoutPlace(command), env)
  await until(() => isReady(url), started)
  const bought = start(t, purchaseAt(url))
  t.equal(await bought.code, 0, bought.output())
  t.match(bought.output(), /"status":"confirmed"[\s\S]*"status":"cancelled"/)
  const health = (await (await fetch(`${url}/health`)).json()) as {
    scenarios: Record<string, string>
  }
  started.ctrlC()
  await started.code
  return health.scenarios
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

/** `make dev` seeds the catalogue in a separate task, beside the gateway. */
const hasDeal = async (url: string): Promise<boolean> => {
  const response = await fetch(`${url}/products/deals`).catch(() => undefined)
  if (!response?.ok) return false
  const { items } = (await response.json()) as { items: unknown[] }
  return items.length > 0
}

/** How each command is run. */
const forms: Record<string, (t: Test, command: string) => Promise<unknown>> = {
  'make run': async (t, command) => {
    const scenarios = await sells(t, command)
    t.strictSame(new Set(Object.values(scenarios)), new Set(['baseline']))
  },
  'SCENARIO_E2=optimized make run': async (t, command) =>
    t.match(await sells(t, command), { E2: 'optimized', E3: 'baseline' }),
  'SCENARIOS=e2:memory make run': async (t, command) =>
    t.match(await sells(t, command), { E2: 'memory', E3: 'baseline' }),
  'SCENARIOS=all make run': async (t, command) =>
    t.match(await sells(t, command), { E2: 'optimized', M1: 'optimized' }),
  'make test': (t, command) => succeeds(t, `${command} FILES=infra/local/test/random.test.ts`),
  'npm run lab -- list': succeeds,
  'npm run lab -- e2': (t, command) => succeeds(t, `${command} --smoke --variants optimized`),
  'npm run lab -- self-test': (t, command) => begins(t, command, /cache has no effect/),
  'npm run cost -- layers': (t, command) => begins(t, command, /> flash-deal.* cost/),
  'make dev': (t, command) => sells(t, command, hasDeal),
}

/** CI runs the first by itself; the second writes into the tree, so `new-scenario.long.test.ts` runs it in a copy. */
const elsewhere = ['make check', 'npm run generate']

const formOf = (command: string) => {
  if (/^STATE_DIR=\S+ .*make run$/.test(command)) return (t: Test) => sells(t, command)
  return /^npm run lab -- verify /.test(command) ? succeeds : forms[command]
}

t.test('each form belongs to a command of the README', async (t) => {
  t.strictSame(
    Object.keys(forms).filter((command) => !commands.includes(command)),
    [],
  )
  t.match(purchaseAt(''), 'curl')
})

for (const command of commands.filter((each) => !elsewhere.includes(each))) {
  t.test(command, async (t) => {
    const form = formOf(command)
    t.ok(form, 'the test knows how to run it')
    await form?.(t, command)
  })
}
