import { check, fail } from 'k6'
import http from 'k6/http'
import { base } from './system.js'

/** Calls as a client makes them, and what their answers must be. */

/**
 * One request. `statuses` are those that do not count as failed: 200 and 201 unless the caller
 * names others. `name` stands for the path in metrics, where the path holds an id. `codings` are
 * those that the answer may come in; k6 decodes it.
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
    // Well within the 30 s that k6 grants at the end: what it breaks off there counts as nothing.
    timeout: '10s',
    tags: { name: `${method} ${name || path}` },
  })

/** The parsed body; undefined where it is not JSON. */
export const bodyOf = (answer) => {
  try {
    return answer.json()
  } catch {
    return undefined
  }
}

// A body without the fields that are looked for is just wrong; the exception would say no more.
const holds = (body, isRight) => {
  try {
    return isRight(body) === true
  } catch {
    return false
  }
}

/**
 * Checks an answer. Both checks are always counted, so that `checks: rate==1` sees whatever is
 * wrong.
 *
 * @returns the body, or undefined unless status and body are right: then the iteration has no more
 * to go on with
 */
export const checked = (answer, what, status, isRight) => {
  const body = bodyOf(answer)
  const isGood = check(answer, {
    [`${what}: answers ${status}`]: () => answer.status === status,
    [`${what}: holds what it must`]: () => answer.status === status && holds(body, isRight),
  })
  return isGood ? body : undefined
}

/** For `setup()`: the body, or the end of the run. */
export const must = (answer, ...statuses) => {
  if (statuses.includes(answer.status)) return answer.json()
  return fail(`${answer.request.url} answers ${answer.status}: ${answer.body || answer.error}`)
}
