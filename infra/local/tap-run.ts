import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Environment } from '@flash-deal/config'
import { root } from './paths.ts'
import type { Slots } from './test-slots.ts'

/**
 * Runs test files. Each file is a program that writes TAP and runs on plain Node: the hooks that tap's
 * runner loads into every process cost a fifth of the suite's time.
 */

export type FileResult = {
  /** Path relative to the repository's root. */
  file: string
  code: number
  /** Duration in milliseconds. */
  ms: number
  tap: string
  stderr: string
}

export type TapRun = {
  files: readonly string[]
  env: Environment
  slots: Slots
  /** Ends the running files; waiting files are not started. */
  signal: AbortSignal
  ended(result: FileResult): void
}

/** Timeout of a test in seconds; a test that needs more calls `setTimeout`. */
const silentMax = 240
/** Timeout of a process in milliseconds. */
const timeMax = 1_800_000

/** Resolves when all files have ended; calls `ended` for each. */
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

/** Whether the file sets a longer timeout. */
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
