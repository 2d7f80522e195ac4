import type { ApiError } from './catalogue.ts'

/** Maximum number of findings in one error. */
export const findingsMax = 20

/** Maximum lengths, in characters: a field name; a message. */
const nameMax = 100
const sentenceMax = 300

/** Maximum size of all details, in bytes. The whole envelope stays below 8 KB. */
const detailsBytesMax = 5_500

type Bounded = { message: string; details?: Record<string, unknown> }

/** Truncates an error, so that a response is never much larger than its request. */
export const bounded = ({ message, details }: Pick<ApiError, 'message' | 'details'>): Bounded => {
  const whole = cut(message, sentenceMax)
  if (details === undefined) return { message: whole }
  const all = Object.entries(details)
  const reported = first(all)
  const isPart = reported.length < all.length
  return {
    message: isPart ? `${whole} There are more than these.` : whole,
    details: Object.fromEntries(reported),
  }
}

type Entry = [name: string, value: unknown]

const first = (all: readonly Entry[]): Entry[] => {
  const reported: Entry[] = []
  let bytes = 0
  for (const [name, value] of all.slice(0, findingsMax)) {
    const entry: Entry = [cut(name, nameMax), cutText(value)]
    bytes += Buffer.byteLength(JSON.stringify(entry))
    if (bytes > detailsBytesMax) break
    reported.push(entry)
  }
  return reported
}

const cutText = (value: unknown): unknown =>
  typeof value === 'string' ? cut(value, sentenceMax) : value

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text
