import type { Reply } from './exchange.ts'

/** The comparable part of a response: without values that are new each time. */
export type Comparable = {
  status: number
  headers: Record<string, string>
  body: unknown
}

const compared = [
  'allow',
  'cache-control',
  'content-type',
  'retry-after',
  'www-authenticate',
  'location',
]

const masks: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>'],
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>'],
  // /health of a service in Go shows its scenario.
  [/"(H3|H4)":"\w+"/g, '"$1":"<language>"'],
  [/"refresh_token":"[\w-]{43}"/g, '"refresh_token":"<token>"'],
]

/** @param side the name of the service, which is part of every value that only this service receives */
export const comparable = (reply: Reply | undefined, side: string): Comparable | undefined => {
  if (reply === undefined) return undefined
  const text = masks.reduce(
    (rest, [pattern, mask]) => rest.replaceAll(pattern, mask),
    reply.body.replaceAll(`of-${side}`, '<side>').replaceAll(`of ${side}`, '<side>'),
  )
  const kept = compared.filter((name) => reply.headers[name] !== undefined)
  return {
    status: reply.status,
    headers: {
      ...Object.fromEntries(kept.map((name) => [name, String(reply.headers[name])])),
      connection: /close/i.test(reply.headers.connection ?? '') ? 'close' : 'kept',
      'x-request-id': reply.headers['x-request-id'] === undefined ? 'none' : 'there',
    },
    body: jsonOf(text),
  }
}

/** Text that is not JSON is compared as text. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
