import type { FastifyRequest } from 'fastify'
import type { Deadline } from './deadline.ts'

/** What a call to another service carries on from the request that it serves. */
export type CallContext = {
  deadline: Deadline
  /** Headers that keep what belongs to one request together in the logs. */
  trace: Readonly<Record<string, string>>
  /** Ends the call before its deadline, as for a service that stops; its outcome is then unknown. */
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
