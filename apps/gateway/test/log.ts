import { setTimeout as pause } from 'node:timers/promises'

export type LogLine = { readonly [field: string]: unknown }

/** Stores the log lines of services. */
export const captureLog = () => {
  let written: string[] = []
  const lines = (): LogLine[] => written.map((line) => JSON.parse(line))
  const matching = (name: string, operation: string): LogLine[] =>
    lines().filter(
      (line) =>
        line.msg === 'request completed' && line.name === name && line.operation === operation,
    )
  return {
    stream: { write: (line: string) => void written.push(line) },
    lines,
    text: () => written.join('\n'),
    forget: () => {
      written = []
    },
    /** Waits for the log line of a request, a minute at most. It is written after the response. */
    completed: async (name: string, operation: string): Promise<LogLine[]> => {
      const end = performance.now() + 60_000
      while (matching(name, operation).length === 0 && performance.now() < end) await pause(5)
      return matching(name, operation)
    },
  }
}
