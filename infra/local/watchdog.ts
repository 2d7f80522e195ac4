import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, startTimeOf } from './process-info.ts'
import { type Kind, type Stage, signal, stopOrder } from './stop-order.ts'

/**
 * Ends the processes of a launcher that was killed. It runs in its own session and receives the list of
 * processes on standard input. When that pipe closes, the launcher has exited, and the processes on the
 * list are ended. After an orderly shutdown the list is empty.
 */

export type WatchdogLine = { add: number; kind: Kind; startTime: string } | { remove: number }

type Watched = { kind: Kind; startTime: string }

const watched = new Map<number, Watched>()

const apply = (text: string): void => {
  const line = JSON.parse(text) as WatchdogLine
  if ('remove' in line) watched.delete(line.remove)
  else watched.set(line.add, line)
}

/** A reused pid is ignored: its start time differs. */
const isStill = (pid: number): boolean =>
  isAlive(pid) && startTimeOf(pid) === watched.get(pid)?.startTime

const endStage = async (stage: Stage): Promise<void> => {
  const pids = [...watched.keys()].filter((pid) => watched.get(pid)?.kind === stage.kind)
  const mine = pids.filter(isStill)
  for (const pid of mine) signal(pid, stage.signal)
  const deadline = Date.now() + stage.graceMs
  while (mine.some(isStill) && Date.now() < deadline) await sleep(20)
  // The process group: `node --watch` has a child process.
  for (const pid of mine) signal(-pid, 'SIGKILL')
}

const endAll = async (): Promise<void> => {
  for (const stage of stopOrder) await endStage(stage)
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
createInterface({ input: process.stdin }).on('line', apply).on('close', endAll)
