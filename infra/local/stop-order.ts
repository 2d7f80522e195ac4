/**
 * The shutdown order, for the supervisor and the watchdog: a process ends before its dependencies. The
 * sum of the timeouts is below the documented ten seconds.
 */
export const stopOrder = [
  { kind: 'service', signal: 'SIGTERM', hurrySignal: 'SIGKILL', graceMs: 6_000 },
  { kind: 'cache', signal: 'SIGTERM', hurrySignal: 'SIGKILL', graceMs: 500 },
  // Kafka recovers at its next start; acknowledged records are at least in the page cache.
  { kind: 'broker', signal: 'SIGTERM', hurrySignal: 'SIGKILL', graceMs: 400 },
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (safe, it recovers at start).
  { kind: 'database', signal: 'SIGINT', hurrySignal: 'SIGQUIT', graceMs: 3_000 },
] as const

export type Stage = (typeof stopOrder)[number]
export type Kind = Stage['kind']

export const stageOf = (kind: Kind): Stage => {
  const stage = stopOrder.find((each) => each.kind === kind)
  if (stage === undefined) throw new Error(`There is no kind of child "${kind}".`)
  return stage
}

/**
 * Signals a process, or a process group if the pid is negative. An exited process is not an error.
 */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch {
    // The process has already exited.
  }
}
