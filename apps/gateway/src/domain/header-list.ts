import { type ForwardedRequest, passedHeaders } from './forwarded-headers.ts'

export type HeaderListOptions = {
  internalKey: string
  /** A request body is not forwarded. */
  isRead: boolean
  /** Whether the service verifies the token itself. */
  needsToken: boolean
}

/** undici sets the length of the forwarded body. */
const ofBodies: ReadonlySet<string> = new Set(['content-type', 'content-length'])

/**
 * For one operation: the headers of a request as its service receives them, as alternating names and
 * values.
 * @throws ApiError DEADLINE_EXCEEDED, from the returned function
 */
export const headerListOf = ({ internalKey, isRead, needsToken }: HeaderListOptions) => {
  const names = passedHeaders.filter((name) => !ofBodies.has(name))
  const passed = [
    ...names,
    ...(isRead ? [] : ['content-type']),
    ...(needsToken ? ['authorization'] : []),
  ]
  return (request: ForwardedRequest): string[] => {
    const list = ['x-internal-key', internalKey]
    for (const name of passed) {
      const value = request.headers[name]
      if (value !== undefined) list.push(name, String(value))
    }
    addOurs(list, request)
    return list
  }
}

const addOurs = (list: string[], request: ForwardedRequest): void => {
  list.push('x-forwarded-for', request.ip, 'x-request-id', request.id)
  list.push('x-deadline-ms', String(request.deadline.remainingMs()))
  if (request.userId !== '') list.push('x-user-id', request.userId)
  if (request.coding !== 'identity') list.push('accept-encoding', request.coding)
}
