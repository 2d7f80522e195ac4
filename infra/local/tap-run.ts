import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
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
  /** CPU time in milliseconds, with the processes that it started. Undefined on macOS, or if it was killed. */
  cpuMs: number | undefined
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
const cpuReport = import.meta.resolve('./test-cpu.ts')

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

/** Whether the file sets a longer timeout, or starts a system or a broker of its own. */
const isSlow = (file: string): boolean =>
  /\bt\.setTimeout\(|\b(startStack|ownKafka)\(/.test(readFileSync(join(root, file), 'utf8'))

const runFile = async (
  file: string,
  { env, signal }: Pick<TapRun, 'env' | 'signal'>,
): Promise<FileResult> => {
  const begin = performance.now()
  const child = spawn(process.execPath, ['--import', cpuReport, file], {
    cwd: root,
    env: { TAP_TIMEOUT: String(silentMax), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: timeMax,
    signal,
  })
  const gone = new Promise<number>((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
  const [tap = '', stderr = '', cpu = ''] = await Promise.all(child.stdio.slice(1).map(textOf))
  const code = await gone
  const ms = Math.round(performance.now() - begin)
  return { file, code, ms, cpuMs: cpu ? Number(cpu) : undefined, tap, stderr }
}

const textOf = async (stream: unknown): Promise<string> =>
  stream instanceof Readable ? text(stream) : ''
