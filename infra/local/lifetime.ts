import type { Environment } from '@flash-deal/config'

/** npm forwards a Ctrl-C that the terminal has already sent; it does not count as a second one. */
const sameSignalMs = 500

type Listeners = { end: () => void; hurry: () => void }

/**
 * Calls `end` once when this process has to end: on Ctrl-C, SIGTERM or SIGHUP, when the make or npm
 * that started it exits, or when its output is closed. Calls `hurry` on a second signal.
 */
export const onEnd = (env: Environment, { end, hurry }: Listeners): void => {
  let endedAt: number | undefined
  const endOnce = (): void => {
    if (endedAt !== undefined) return
    endedAt = Date.now()
    end()
  }
  const onSignal = (): void => {
    if (endedAt !== undefined && Date.now() - endedAt > sameSignalMs) hurry()
    endOnce()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  process.stdout.on('error', endOnce)
  if (env.MAKELEVEL || env.npm_lifecycle_event) onParentGone(endOnce)
}

/** When make or npm is killed, its child keeps running with another parent. */
const onParentGone = (listener: () => void): void => {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    listener()
  }, 500)
  timer.unref()
}
