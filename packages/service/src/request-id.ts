import { randomUUID } from 'node:crypto'
import type { WithHeaders } from './trace.ts'

const acceptable = /^[\w.-]{1,64}$/

/** The caller's `x-request-id` if it is safe to log and forward; a new id otherwise. */
export const requestIdOf = (request: WithHeaders): string => {
  const given = String(request.headers['x-request-id'])
  return request.headers['x-request-id'] !== undefined && acceptable.test(given)
    ? given
    : randomUUID()
}
