import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Environment, environment, inGo } from '@flash-deal/config'
import { programOnPath } from '@flash-deal/local/find-tool'
import { root } from '@flash-deal/local/paths'
import { freePorts } from '@flash-deal/local/ports'
import { Supervisor } from '@flash-deal/local/supervisor'
import { freshDatabase, goProgram } from '@flash-deal/testing'
import type { Test } from 'tap'

/** The same service in Node and in Go, as processes on one database, with the same keys. */

export type Side = 'node' | 'go'
export const sides: readonly Side[] = ['node', 'go']

type ServiceName = keyof typeof inGo

export type Processes = {
  supervisor: Supervisor
  port: Readonly<Record<Side, number>>
  /** The database with the superuser's role. */
  adminUrl: string
  internalKey: string
  /** Starts a process that has ended, and waits until it is ready. */
  start(side: Side): Promise<void>
}

/** The reason to skip a test without Go, or false. CI counts a skipped test as a failure. */
export const withoutGo = (): string | false =>
  programOnPath('go', environment()) === undefined &&
  'Go is missing: install Go 1.26 or newer, so that the services in Go are tested'

const internalKey = 'the key of the parity tests'

/** Both run until the test ends, with the same `settings`. */
export const startBoth = async (
  t: Test,
  service: ServiceName,
  settings: Environment = {},
): Promise<Processes> => {
  const supervisor = new Supervisor()
  const database = await freshDatabase()
  t.teardown(async () => {
    await supervisor.stopAll()
    await database.drop()
  })
  const [node = 0, go = 0] = await freePorts(2)
  const port = { node, go }
  const shared = { ...database.urls, KEYS_DIR: t.testdir(), INTERNAL_KEY: internalKey }
  const start = async (side: Side): Promise<void> => {
    const env = {
      ...environmentOf(service, side, port[side]),
      ...{ ...shared, LOG_LEVEL: 'warn', ...settings },
    }
    const program = programOf(service, side)
    supervisor.start({ name: side, kind: 'service', ...program, env, cwd: root, output: 'lines' })
    await ready(supervisor, side, port[side])
  }
  await Promise.all(sides.map(start))
  return { supervisor, port, adminUrl: database.adminUrl, internalKey, start }
}

const environmentOf = (service: ServiceName, side: Side, port: number): Environment => {
  const { PATH, HOME, NODE_COMPILE_CACHE } = environment()
  const flag = side === 'go' ? { [`SCENARIO_${inGo[service]}`]: 'optimized' } : {}
  return {
    PATH,
    HOME,
    NODE_COMPILE_CACHE,
    ...flag,
    [`${service.toUpperCase()}_PORT`]: String(port),
  }
}

type Program = { command: string; args: readonly string[] }

const programOf = (service: ServiceName, side: Side): Program =>
  side === 'go'
    ? { command: goProgram(`${service}-go`), args: [] }
    : { command: process.execPath, args: [join(root, 'apps', service, 'src/server.ts')] }

const readyWithinMs = 30_000

const ready = async (supervisor: Supervisor, side: Side, port: number): Promise<void> => {
  const until = Date.now() + readyWithinMs
  while (Date.now() < until) {
    if (await isReady(port)) return
    await pause(50)
  }
  throw new Error(`${side} was not ready:\n${supervisor.lastLines(side).join('\n')}`)
}

/** Whether the service on a port is ready. */
export const isReady = async (port: number): Promise<boolean> => {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
  return response?.ok === true
}

export type Refusal = { code: number | null; text: string }

/**
 * The exit of a process with invalid settings. They take precedence over the flag of the side.
 *
 * @param supervisor of the test, which stops the process
 */
export const refusalOf = async (
  supervisor: Supervisor,
  service: ServiceName,
  side: Side,
  settings: Environment,
): Promise<Refusal> => {
  const [port = 0] = await freePorts(1)
  const own = environmentOf(service, side, port)
  const program = programOf(service, side)
  const env = { ...own, ...settings }
  const name = `${side} ${port}`
  supervisor.start({ name, kind: 'service', ...program, env, cwd: root, output: 'lines' })
  const exit = await supervisor.exited(name)
  const sentences = supervisor.lastLines(name).filter((line) => !line.startsWith('{'))
  return { code: exit?.code ?? null, text: sentences.join('\n') }
}
