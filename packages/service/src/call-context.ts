import type { FastifyRequest } from 'fastify'
import type { Deadline } from './deadline.ts'

/** The context that a call to another service inherits from its request. */
export type CallContext = {
  deadline: Deadline
  /** Headers that correlate the log lines of one request. */
  trace: Readonly<Record<string, string>>
  /** Aborts the call before its deadline, for example on shutdown. The outcome is then unknown. */
  stopping?: AbortSignal
}

export const contextOf = ({
  deadline,
  headers,
  id,
}: Pick<FastifyRequest, 'deadline' | 'headers' | 'id'>): CallContext => ({
  deadline,
  trace: { traceparent: String(headers.traceparent), 'x-request-id': id },
})
