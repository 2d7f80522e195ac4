import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Environment, redactor } from '@flash-deal/config'
import { bareEnvironment } from './child-environment.ts'
import { PlainError } from './plain-error.ts'
import { startTimeOf } from './process-info.ts'
import { type Kind, signal, stageOf, stopOrder } from './stop-order.ts'
import type { WatchdogLine } from './watchdog.ts'

export type ChildSpec = {
  name: string
  /** Determines the position in the shutdown order, and the signal. */
  kind: Kind
  command: string
  args: readonly string[]
  env: Environment
  cwd?: string
  uid?: number
  gid?: number
  /** The output: line by line to `onLine`, into a file, or inherited. */
  output: 'lines' | 'inherit' | { file: string }
  /** Called before the signal to end, within its timeout, for a program that a signal ends at once. Never rejects. */
  drain?: () => Promise<void>
}

/** `expected` is true after `stop` and `stopAll`, false after a crash or a `kill`. */
export type Exit = {
  spec: ChildSpec
  code: number | null
  signal: NodeJS.Signals | null
  expected: boolean
}

type Child = {
  spec: ChildSpec
  pid: number
  process: ChildProcess
  lines: string[]
  expected: boolean
  exited: Promise<Exit>
}

/** The number of output lines kept per child. */
const linesKept = 20

/**
 * Owns all child processes. Each child leads its own session, so a Ctrl-C in the terminal reaches only
 * this process, and the children end in order. A watchdog ends them if this process is killed.
 */
export class Supervisor {
  readonly #children = new Map<string, Child>()
  readonly #lastWords = new Map<string, string[]>()
  readonly #exitListeners = new Set<(exit: Exit) => void>()
  readonly #onLine: (name: string, line: string) => void
  readonly #watchdog: ChildProcess
  #ending = false

  constructor(onLine: (name: string, line: string) => void = () => {}) {
    this.#onLine = onLine
    this.#watchdog = spawn(process.execPath, [join(import.meta.dirname, 'watchdog.ts')], {
      detached: true,
      env: bareEnvironment,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#watchdog.stdin?.on('error', () => {})
    this.#watchdog.unref()
  }

  get isEnding(): boolean {
    return this.#ending
  }

  get watchdogPid(): number {
    return this.#watchdog.pid ?? 0
  }

  /** Starts a child and returns its pid. The name can be reused after the child has exited. */
  start(spec: ChildSpec): number {
    if (this.#ending) throw new PlainError('The system is shutting down; nothing can be started.')
    if (this.#children.has(spec.name)) throw new Error(`${spec.name} is already running.`)
    const child = this.#spawn(spec)
    this.#children.set(spec.name, child)
    this.#tellWatchdog({ add: child.pid, kind: spec.kind, startTime: startTimeOf(child.pid) })
    return child.pid
  }

  pid(name: string): number | undefined {
    return this.#children.get(name)?.pid
  }

  /** Resolves when the child has exited; immediately if there is none. */
  async exited(name: string): Promise<Exit | undefined> {
    return this.#children.get(name)?.exited
  }

  onExit(listener: (exit: Exit) => void): void {
    this.#exitListeners.add(listener)
  }

  /** Sends a signal without waiting, to crash or pause a child. For fault tests. */
  kill(name: string, signalName: NodeJS.Signals): void {
    const pid = this.pid(name)
    if (pid === undefined) throw new Error(`${name} is not running.`)
    signal(pid, signalName)
  }

  /** Signals a child to end; kills it after its timeout. */
  async stop(name: string): Promise<void> {
    const child = this.#children.get(name)
    if (child === undefined) return
    const stage = stageOf(child.spec.kind)
    child.expected = true
    const late = sleep(stage.graceMs, 'late' as const, { ref: false })
    if (child.spec.drain) await Promise.race([child.spec.drain(), child.exited, late])
    signal(child.pid, stage.signal)
    if ((await Promise.race([child.exited, late])) === 'late') signal(-child.pid, 'SIGKILL')
    await child.exited
  }

  /** Ends all children in order, then the watchdog. Nothing can be started afterwards. */
  async stopAll(): Promise<void> {
    this.#ending = true
    for (const stage of stopOrder) {
      const names = [...this.#children.values()].filter(({ spec }) => spec.kind === stage.kind)
      await Promise.all(names.map(({ spec }) => this.stop(spec.name)))
    }
    this.#watchdog.stdin?.end()
  }

  /** Kills the children that `stopAll` is waiting for. */
  hurry(): void {
    for (const child of this.#children.values()) {
      child.expected = true
      signal(child.pid, stageOf(child.spec.kind).hurrySignal)
    }
  }

  #spawn(spec: ChildSpec): Child {
    const { command, args, name, kind, output, drain: _, ...options } = spec
    const log = typeof output === 'object' ? openSync(output.file, 'a') : undefined
    const stdio = stdioOf(output, log)
    const child = spawn(command, args, { ...options, stdio, detached: true })
    if (log !== undefined) closeSync(log)
    child.on('error', () => {})
    if (child.pid === undefined)
      throw new PlainError(`${name} cannot be started: ${command} cannot be executed.`)
    const lines: string[] = []
    const redact = redactor(spec.env)
    this.#readLines(child.stdout, name, (line) => keep(lines, redact(line)))
    this.#readLines(child.stderr, name, (line) => keep(lines, redact(line)))
    const record = { spec, pid: child.pid, process: child, lines, expected: false }
    return Object.assign(record, { exited: this.#whenGone(child, record) })
  }

  /** Redacts a child's secrets in its output. */
  #readLines(stream: Readable | null, name: string, kept: (line: string) => string): void {
    if (stream === null) return
    createInterface({ input: stream }).on('line', (line) => this.#onLine(name, kept(line)))
  }

  async #whenGone(child: ChildProcess, record: Omit<Child, 'exited'>): Promise<Exit> {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>()
    const { promise: gone, resolve: go } =
      Promise.withResolvers<[number | null, NodeJS.Signals | null]>()
    child.on('close', () => close())
    child.on('exit', (code, by) => go([code, by]))
    const [code, by] = await gone
    signal(-record.pid, 'SIGKILL')
    // Waits briefly for buffered output, but not for a grandchild that keeps the pipe open.
    await Promise.race([closed, sleep(200, undefined, { ref: false })])
    const exit = { spec: record.spec, code, signal: by, expected: record.expected }
    this.#forget(record)
    for (const listener of this.#exitListeners) listener(exit)
    return exit
  }

  #forget({ spec, pid, lines }: Omit<Child, 'exited'>): void {
    this.#tellWatchdog({ remove: pid })
    this.#lastWords.set(spec.name, lines)
    this.#children.delete(spec.name)
  }

  /** The last lines of a child's output, also after its exit. */
  lastLines(name: string): string[] {
    return this.#children.get(name)?.lines ?? this.#lastWords.get(name) ?? []
  }

  #tellWatchdog(line: WatchdogLine): void {
    this.#watchdog.stdin?.write(`${JSON.stringify(line)}\n`)
  }
}

/** Adds a line and drops the oldest one beyond the limit. Returns the line. */
const keep = (lines: string[], line: string): string => {
  lines.push(line)
  if (lines.length > linesKept) lines.shift()
  return line
}

const stdioOf = (output: ChildSpec['output'], log: number | undefined): StdioOptions => {
  if (log !== undefined) return ['ignore', log, log]
  return output === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe']
}

/** The last lines of a log file, for error messages. */
export const tailOf = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesKept)
  } catch {
    return []
  }
}

/** Describes how a child ended: "exit code 1", "signal SIGKILL". */
export const endingOf = ({ code, signal: by }: Pick<Exit, 'code' | 'signal'>): string =>
  by === null ? `exit code ${code}` : `signal ${by}`
