import type { ApiError } from './catalogue.ts'

/** How many findings a refusal reports at most. */
export const findingsMax = 20

/** Characters of the name of a field, of the sentence about it, and of the message. */
const nameMax = 100
const sentenceMax = 300

/** Bytes of all details together: with the message and the rest of the envelope less than 8 KB. */
const detailsBytesMax = 5_500

type Told = { message: string; details?: Record<string, unknown> }

/** Message and details of an error, cut so that an error is never much larger than its request. */
export const bounded = ({ message, details }: Pick<ApiError, 'message' | 'details'>): Told => {
  const whole = cut(message, sentenceMax)
  if (details === undefined) return { message: whole }
  const all = Object.entries(details)
  const told = first(all)
  const isPart = told.length < all.length
  return {
    message: isPart ? `${whole} There are more than these.` : whole,
    details: Object.fromEntries(told),
  }
}

type Entry = [name: string, value: unknown]

const first = (all: readonly Entry[]): Entry[] => {
  const told: Entry[] = []
  let bytes = 0
  for (const [name, value] of all.slice(0, findingsMax)) {
    const entry: Entry = [cut(name, nameMax), cutText(value)]
    bytes += Buffer.byteLength(JSON.stringify(entry))
    if (bytes > detailsBytesMax) break
    told.push(entry)
  }
  return told
}

const cutText = (value: unknown): unknown =>
  typeof value === 'string' ? cut(value, sentenceMax) : value

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text
