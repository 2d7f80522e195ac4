import type { Environment } from '@flash-deal/config'

/** npm hands a Ctrl-C on that the terminal has sent already: that is not a second one. */
const sameSignalMs = 500

type Listeners = { end: () => void; hurry: () => void }

/**
 * Calls `end` once when this process is to end: Ctrl-C, SIGTERM, SIGHUP, the death of the make or
 * npm that started it, or of whoever read its output; `hurry` when the person insists.
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

/** A make or npm that is killed takes nobody along; its child only gets another parent. */
const onParentGone = (listener: () => void): void => {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    listener()
  }, 500)
  timer.unref()
}
