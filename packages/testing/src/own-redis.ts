import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from './build-app.ts'
import { freePort } from './free-port.ts'
import { type OwnProcess, ownProcess } from './own-process.ts'
import { servers } from './servers.ts'

/** A separate Valkey for a test that breaks it. It restarts empty, or with its last snapshot. */
export type OwnRedis = OwnProcess & { url: string }

/** @throws Error if the program is missing: see `servers().valkeyProgram` */
export const ownRedis = async (t: Test): Promise<OwnRedis> => {
  const { valkeyProgram } = servers()
  if (valkeyProgram === undefined) throw new Error('Valkey is not installed.')
  const port = await freePort()
  const valkey = await ownProcess(t, 'redis', async (folder) => {
    const args = [...options, '--port', `${port}`, '--dir', folder]
    const child = spawn(valkeyProgram, args, { stdio: 'ignore' })
    await acceptsCommands(port)
    return child
  })
  return { url: `redis://127.0.0.1:${port}`, ...valkey }
}

/** Snapshots are written only on request of a test. */
const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no']

const acceptsCommands = async (port: number): Promise<void> => {
  const deadline = performance.now() + 60_000
  while (!(await respondsToPing(port))) {
    if (performance.now() > deadline) throw new Error(`Valkey did not start on port ${port}.`)
    await pause(10)
  }
}

const respondsToPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.on('error', () => resolve(false))
  })
