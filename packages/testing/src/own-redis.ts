import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'
import { freePort } from './free-port.ts'
import { servers } from './servers.ts'

/** A Valkey of a test's own, which it may break. */
export type OwnRedis = {
  url: string
  /** It keeps its connections and answers nothing, until it is resumed. */
  pause(): void
  resume(): void
  /** As in a crash. */
  kill(): Promise<void>
  /** Empty, or with the snapshot that was saved last. */
  restart(): Promise<void>
}

/** @throws Error where there is no program to start: see `servers().valkeyProgram` */
export const ownRedis = async (t: Test): Promise<OwnRedis> => {
  const { valkeyProgram } = servers()
  if (valkeyProgram === undefined) throw new Error('There is no Valkey to start.')
  const folder = mkdtempSync(join(tmpdir(), 'own-redis-'))
  const port = await freePort()
  const start = async () => {
    const args = [...options, '--port', `${port}`, '--dir', folder]
    const child = spawn(valkeyProgram, args, { stdio: 'ignore' })
    await answering(port)
    return child
  }
  let running = await start()
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }
  t.teardown(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: () => running.kill('SIGSTOP'),
    resume: () => running.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      running = await start()
    },
  }
}

/** A snapshot is written when a test asks for one, and at no other time. */
const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no']

const answering = async (port: number): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await answersPing(port))) {
    if (performance.now() > deadline) throw new Error(`Valkey did not start on port ${port}.`)
    await pause(10)
  }
}

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.on('error', () => resolve(false))
  })
