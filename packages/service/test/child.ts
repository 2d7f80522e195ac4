import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { environment } from '@flash-deal/config'

const program = fileURLToPath(new URL('fixtures/service.ts', import.meta.url))

type Closing = { teardown(work: () => unknown): unknown }

/**
 * The service of the fixtures as a separate process, stopped at the end of the test.
 * @param preloaded a module that the process loads first
 */
export const startChild = (
  t: Closing,
  settings: Record<string, string>,
  preloaded?: string,
): ChildProcess => {
  const { PATH, NODE_COMPILE_CACHE } = environment()
  const child = fork(program, {
    env: { PATH, NODE_COMPILE_CACHE, LOG_LEVEL: 'silent', ...settings },
    execArgv: preloaded ? ['--import', preloaded] : [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** Waits until a process ends by itself. */
export const endOf = async (child: ChildProcess) => {
  const exit = once(child, 'exit')
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
  const [code] = await exit
  return { code, stdout, stderr }
}

const textOf = async (stream: ChildProcess['stdout']): Promise<string> =>
  stream === null ? '' : text(stream)

/** A free port whose metrics port is free, too. */
export const freePort = async (): Promise<number> => {
  const port = await listening(0)
  const isFree = port < 64_535 && (await listening(port + 1_000).catch(() => 0)) !== 0
  return isFree ? port : freePort()
}

/** Listens on a port and closes it again. Returns the port. */
const listening = async (port: number): Promise<number> => {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
