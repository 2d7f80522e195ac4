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

/** A separate Valkey for a test that breaks it. */
export type OwnRedis = {
  url: string
  /** Suspends the process until `resume`. Connections stay open. */
  pause(): void
  resume(): void
  /** Kills the process. */
  kill(): Promise<void>
  /** Starts it empty, or with its last snapshot. */
  restart(): Promise<void>
}

/** @throws Error if the program is missing: see `servers().valkeyProgram` */
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

/** Snapshots are written only on request of a test. */
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
