/** Brief causes by error code: of PostgreSQL, Node, undici or a client library. */
const briefs: readonly (readonly [RegExp, string])[] = [
  [/^(28|WRONGPASS|NOAUTH)/, 'password authentication failed'],
  [/^3D000$/, 'database not found'],
  [/^(53100|ENOSPC)$/, 'disk full'],
  [/^(53300|EMFILE|ENFILE)$/, 'too many connections'],
  [/^57P03$/, 'starting or stopping'],
  [/^57P0[12]$/, 'shut down'],
  [/^25006$/, 'read-only'],
  [/^42501$/, 'permission denied'],
  [/^(ENOTFOUND|EAI_)/, 'host not found'],
  [/^ECONNREFUSED$/, 'connection refused'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'host unreachable'],
  [
    /^(57014|55P03|25P0[34]|ETIMEDOUT|CONNECT_TIMEOUT|TimeoutError|UND_ERR_.*TIMEOUT)$/,
    'timed out',
  ],
  [/^(08|ECONNRESET|EPIPE|CONNECTION_|UND_ERR_SOCKET)/, 'connection lost'],
]

/** Brief causes by message, for libraries whose errors have no code. */
const messages: readonly (readonly [RegExp, string])[] = [
  [/\b(WRONGPASS|NOAUTH)\b/, 'password authentication failed'],
  [/timed out|in time\b/i, 'timed out'],
]

/** The brief cause of an unknown error. */
export const unknownCause = 'does not answer'

/**
 * The cause of an error in two to four words, without addresses or secrets: the first known cause in
 * its chain.
 */
export const briefCause = (error: unknown): string => {
  for (const each of causesOf(error)) {
    const brief = briefOf(each)
    if (brief !== undefined) return brief
  }
  return unknownCause
}

const briefOf = (error: Error): string | undefined => {
  const code = 'code' in error ? String(error.code) : error.name
  const known = briefs.find(([pattern]) => pattern.test(code))
  return (known ?? messages.find(([pattern]) => pattern.test(error.message)))?.[1]
}

/** Maximum depth of the chain of causes. */
const depthMax = 5

/** An error, its causes, and the members of an AggregateError. */
export const causesOf = (error: unknown, depth = 1): Error[] => {
  if (!(error instanceof Error) || depth > depthMax) return []
  const collected = error instanceof AggregateError ? error.errors : []
  return [error, ...[error.cause, ...collected].flatMap((each) => causesOf(each, depth + 1))]
}
