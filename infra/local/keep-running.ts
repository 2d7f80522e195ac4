import { setTimeout as sleep } from 'node:timers/promises'
import { type Exit, endingOf, type Supervisor } from './supervisor.ts'

const restartsMax = 5
const withinMs = 60_000

type Options = {
  say: (sentence: string) => void
  giveUp: (sentence: string) => void
  firstPauseMs?: number
}

/** Restarts a crashed child after an increasing delay; stops after repeated crashes. */
export const keepRunning = (supervisor: Supervisor, options: Options): void => {
  const { say, giveUp, firstPauseMs = 200 } = options
  const crashes = new Map<string, number[]>()
  const restart = async (exit: Exit): Promise<void> => {
    const { spec } = exit
    const recent = recentOf(crashes, spec.name)
    if (recent > restartsMax) {
      return giveUp(`${spec.name} crashed ${recent} times within a minute (${endingOf(exit)}).`)
    }
    const pauseMs = firstPauseMs * 2 ** (recent - 1)
    say(`${spec.name} crashed (${endingOf(exit)}); restarting in ${pauseMs / 1000} s.`)
    await sleep(pauseMs)
    if (!supervisor.isEnding && supervisor.pid(spec.name) === undefined) supervisor.start(spec)
  }
  supervisor.onExit((exit) => {
    if (!exit.expected) void restart(exit)
  })
}

/** Counts a crash. Returns the number of recent crashes, including this one. */
const recentOf = (crashes: Map<string, number[]>, name: string): number => {
  const since = Date.now() - withinMs
  const times = [...(crashes.get(name) ?? []), Date.now()].filter((time) => time > since)
  crashes.set(name, times)
  return times.length
}
