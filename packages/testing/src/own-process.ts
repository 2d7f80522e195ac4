import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from './build-app.ts'

/** A server process of one test. It ends with the test. */
export type OwnProcess = {
  /** Suspends the process until `resume`. Connections stay open. */
  pause(): void
  resume(): void
  /** Kills the process. */
  kill(): Promise<void>
  /** Starts it again in the same folder. */
  restart(): Promise<void>
}

/** @param start starts the process with this folder, and resolves when it accepts connections */
export const ownProcess = async (
  t: Test,
  name: string,
  start: (folder: string) => Promise<ChildProcess>,
): Promise<OwnProcess> => {
  const folder = mkdtempSync(join(tmpdir(), `own-${name}-`))
  let running = await start(folder)
  const kill = async (): Promise<void> => {
    if (running.exitCode !== null || running.signalCode !== null) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
  }
  t.teardown(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    pause: () => running.kill('SIGSTOP'),
    resume: () => running.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      running = await start(folder)
    },
  }
}
