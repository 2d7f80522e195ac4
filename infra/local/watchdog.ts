import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, startTimeOf } from './process-info.ts'
import { type Kind, type Stage, signal, stopOrder } from './stop-order.ts'

/**
 * Ends what its launcher left behind. It is a process of its own session that learns over its
 * standard input which processes run. When that pipe closes, the launcher is gone, even by
 * SIGKILL, and what is still on the list is ended. After an orderly end the list is empty.
 */

export type WatchdogLine = { add: number; kind: Kind; startTime: string } | { remove: number }

type Watched = { kind: Kind; startTime: string }

const watched = new Map<number, Watched>()

const apply = (text: string): void => {
  const line = JSON.parse(text) as WatchdogLine
  if ('remove' in line) watched.delete(line.remove)
  else watched.set(line.add, line)
}

/** A pid that another program has got since is left alone: its start time differs. */
const isStill = (pid: number): boolean =>
  isAlive(pid) && startTimeOf(pid) === watched.get(pid)?.startTime

const endStage = async (stage: Stage): Promise<void> => {
  const pids = [...watched.keys()].filter((pid) => watched.get(pid)?.kind === stage.kind)
  const mine = pids.filter(isStill)
  for (const pid of mine) signal(pid, stage.signal)
  const deadline = Date.now() + stage.graceMs
  while (mine.some(isStill) && Date.now() < deadline) await sleep(20)
  // The whole group: `node --watch` has a process of its own below it.
  for (const pid of mine) signal(-pid, 'SIGKILL')
}

const endAll = async (): Promise<void> => {
  for (const stage of stopOrder) await endStage(stage)
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
createInterface({ input: process.stdin }).on('line', apply).on('close', endAll)
