import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The next message of a child process. @throws Error if the process ends before it */
export const messageOf = async (child: ChildProcess): Promise<unknown> => {
  if (child.exitCode !== null || child.signalCode !== null) throw endOf(child)
  const over = new AbortController()
  const { signal } = over
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(() => Promise.reject(endOf(child))),
    ])
  } finally {
    over.abort()
  }
}

const endOf = ({ spawnargs, exitCode, signalCode }: ChildProcess): Error =>
  new Error(`${spawnargs.join(' ')} ended with ${signalCode ?? `exit code ${exitCode}`}.`)
