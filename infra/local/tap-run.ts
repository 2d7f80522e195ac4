import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Environment } from '@flash-deal/config'
import { root } from './paths.ts'
import type { Slots } from './test-slots.ts'

/**
 * Runs test files. Each is a program of its own that writes TAP; plain Node runs it, because the
 * hooks that tap's own runner loads into every process, and into what tests start, cost a fifth of
 * the time of the whole suite.
 */

export type FileResult = {
  /** From the root of the repository. */
  file: string
  code: number
  /** From its start to its end, in milliseconds. */
  ms: number
  tap: string
  stderr: string
}

export type TapRun = {
  files: readonly string[]
  env: Environment
  slots: Slots
  /** Ends the files that still run; those that wait are not started. */
  signal: AbortSignal
  ended(result: FileResult): void
}

/** For an await that never ends, in seconds; a test that needs longer says so by `setTimeout`. */
const silentMax = 240
/** For a process that does not end, in milliseconds. */
const timeMax = 1_800_000

/** Resolves when all files have ended; `ended` is called for each as it does. */
export const runFiles = async ({ files, slots, ended, ...given }: TapRun): Promise<void> => {
  const run = async (file: string): Promise<void> => {
    const give = await slots.take(isSlow(file))
    try {
      if (!given.signal.aborted) ended(await runFile(file, given))
    } finally {
      give()
    }
  }
  await Promise.all(files.map(run))
}

/** It asks for more time than others get. */
const isSlow = (file: string): boolean =>
  readFileSync(join(root, file), 'utf8').includes('t.setTimeout(')

const runFile = async (
  file: string,
  { env, signal }: Pick<TapRun, 'env' | 'signal'>,
): Promise<FileResult> => {
  const begin = performance.now()
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { TAP_TIMEOUT: String(silentMax), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeMax,
    signal,
  })
  const gone = new Promise<number>((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
  const [tap, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), gone])
  return { file, code, ms: Math.round(performance.now() - begin), tap, stderr }
}
