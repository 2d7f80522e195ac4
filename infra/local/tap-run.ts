import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Environment } from '@flash-deal/config'
import { root } from './paths.ts'
import { type Point, pointsOfFiles } from './tap-points.ts'
import type { Slots } from './test-slots.ts'

/**
 * Runs test files on plain Node: the hooks that tap's runner loads into every process cost a fifth of the
 * suite's time. Quick files share a process, see `test-process.ts`.
 */

export type FileResult = {
  /** The file, whose title is its path relative to the repository's root. */
  point: Point
  /** Duration in milliseconds. */
  ms: number
  /** CPU time in milliseconds, with the processes that it started. Undefined on macOS, or if it was killed. */
  cpuMs: number | undefined
}

export type TapRun = {
  files: readonly string[]
  env: Environment
  slots: Slots
  /** Ends the running files; waiting files are not started. */
  signal: AbortSignal
  ended(result: FileResult): void
}

/** Timeout of a file in seconds, for a busy machine; one that needs more calls `setTimeout`. */
const silentMax = 600
/** Timeout of a process in milliseconds. */
const timeMax = 1_800_000
/** The number of quick files that share a process. */
const togetherMax = 8
const program = fileURLToPath(import.meta.resolve('./test-process.ts'))
/** A larger heap at the start saves an eighth of the CPU time of a short process. */
const heap = '--min-semi-space-size=32'

/** Resolves when all files have ended; calls `ended` for each. */
export const runFiles = async ({ files, slots, ended, ...given }: TapRun): Promise<void> => {
  const run = async (group: readonly string[]): Promise<void> => {
    const give = await slots.take(group.some(isSlow))
    try {
      if (!given.signal.aborted) for (const result of await runGroup(group, given)) ended(result)
    } finally {
      give()
    }
  }
  await Promise.all(groupsOf(files).map(run))
}

/** Parts of about the same size. */
const groupsOf = (files: readonly string[]): string[][] => {
  const { alone = [], together = [] } = Object.groupBy(files, (file) =>
    isAlone(file) ? 'alone' : 'together',
  )
  const groups = Math.ceil(together.length / togetherMax)
  const size = Math.ceil(together.length / groups)
  const parts = Array.from({ length: groups }, (_, part) =>
    together.slice(part * size, (part + 1) * size),
  )
  return [...alone.map((file) => [file]), ...parts]
}

/** Whether the file sets a longer timeout, or starts a system or a broker. */
const isSlow = (file: string): boolean =>
  /\bt\.setTimeout\(|\b(startStack|ownKafka)\(/.test(textIn(file))

/** Whether it is slow or long, or concerns the process in which it runs. */
const isAlone = (file: string): boolean =>
  isSlow(file) || file.endsWith('.long.test.ts') || /\bprocess\.\w/.test(textIn(file))

const textIn = (file: string): string => readFileSync(join(root, file), 'utf8')

type Given = Pick<TapRun, 'env' | 'signal'>

const runGroup = async (
  files: readonly string[],
  { env, signal }: Given,
): Promise<FileResult[]> => {
  const begin = performance.now()
  const { TAP_TIMEOUT = String(silentMax) } = env
  const child = spawn(process.execPath, [heap, program, TAP_TIMEOUT, ...files], {
    cwd: root,
    env: { ...env, TAP_TIMEOUT },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: timeMax,
    signal,
  })
  const gone = new Promise<number>((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
  const [tap = '', stderr = '', times = ''] = await Promise.all(child.stdio.slice(1).map(textOf))
  const points = pointsOfFiles(files, { tap, stderr, code: await gone })
  const known = new Map(times.split('\n').filter(Boolean).map(timesIn))
  const unknown = { ms: Math.round(performance.now() - begin), cpuMs: undefined }
  return points.map((point) => ({ point, ...(known.get(point.title) ?? unknown) }))
}

type FileTimes = { ms: number; cpuMs: number | undefined }

const timesIn = (line: string): [file: string, times: FileTimes] => {
  const { file, ms, cpuMs } = JSON.parse(line) as FileTimes & { file: string }
  return [file, { ms, cpuMs }]
}

const textOf = async (stream: unknown): Promise<string> =>
  stream instanceof Readable ? text(stream) : ''
