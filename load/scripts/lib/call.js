import { check, fail } from 'k6'
import http from 'k6/http'
import { base } from './system.js'

/** Requests of a client, and the checks of their responses. */

/**
 * Sends one request. `statuses` are those that do not count as failed, by default 200 and 201. `name`
 * replaces a path with an id in metrics. `codings` is the value of Accept-Encoding; k6 decodes the
 * response.
 */
export const call = (
  method,
  path,
  { body, token, key, name, codings, statuses = [200, 201] } = {},
) =>
  http.request(method, base + path, body && JSON.stringify(body), {
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...(key && { 'idempotency-key': key }),
      ...(codings && { 'accept-encoding': codings }),
    },
    responseCallback: http.expectedStatuses(...statuses),
    // Much shorter than k6's gracefulStop of 30 s, because interrupted iterations are not counted.
    timeout: '10s',
    tags: { name: `${method} ${name || path}` },
  })

/** The parsed body; undefined if it is not JSON. */
export const bodyOf = (answer) => {
  try {
    return answer.json()
  } catch {
    return undefined
  }
}

// A body without the expected fields is wrong; an exception would not say more.
const holds = (body, isRight) => {
  try {
    return isRight(body) === true
  } catch {
    return false
  }
}

/**
 * Checks a response. Both checks are always counted, so that `checks: rate==1` detects every error.
 *
 * @returns the body; undefined if status or body are wrong, and then the iteration ends
 */
export const checked = (answer, what, status, isRight) => {
  const body = bodyOf(answer)
  const isGood = check(answer, {
    [`${what}: answers ${status}`]: () => answer.status === status,
    [`${what}: holds what it must`]: () => answer.status === status && holds(body, isRight),
  })
  return isGood ? body : undefined
}

/** For `setup()`: returns the body, or aborts the run. */
export const must = (answer, ...statuses) => {
  if (statuses.includes(answer.status)) return answer.json()
  return fail(`${answer.request.url} answers ${answer.status}: ${answer.body || answer.error}`)
}
