import { z } from 'zod'

/**
 * The kinds of settings: how one line of the environment is read, and the sentence that a wrong
 * one gets. An empty line counts as not set.
 */

/** What a secret's default contains, so that production can refuse it. */
export const developmentSecret = 'development-only'

const emptyIsUnset = (value: unknown): unknown => (value === '' ? undefined : value)

const setting = <Schema extends z.ZodType>(schema: Schema, description: string) =>
  z.preprocess(emptyIsUnset, schema).meta({ description })

const integer = (from: number, to: number) => {
  const sentence = `must be a whole number from ${from} to ${to}`
  return z.coerce.number(sentence).int(sentence).min(from, sentence).max(to, sentence)
}

export const number = (from: number, to: number, byDefault: number, description: string) =>
  setting(integer(from, to).default(byDefault), description)

export const port = (byDefault: number, description: string) =>
  number(1, 64_535, byDefault, description)

/** Ports with commas between them, so many. */
export const portList = (byDefault: readonly number[], description: string) => {
  const sentence = `must be ${byDefault.length} ports from 1 to 64535 with commas between them`
  const isPort = (value: number) => Number.isInteger(value) && value >= 1 && value <= 64_535
  const numbers = z
    .string()
    .default(byDefault.join())
    .transform((words) => splitWords(words).map(Number))
    .refine((all) => all.length === byDefault.length && all.every(isPort), sentence)
  return setting(numbers, description)
}

export const text = (byDefault: string, description: string) =>
  setting(z.string().default(byDefault), description)

export const optionalText = (description: string) => setting(z.string().optional(), description)

export const oneOf = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  byDefault: Words[number],
  description: string,
) =>
  setting(
    z.enum(words, `must be one of ${words.join(', ')}`).default(byDefault as never),
    description,
  )

/** Words with commas between them. */
export const list = (byDefault: string, description: string) =>
  setting(z.string().default(byDefault).transform(splitWords), description)

/** Addresses with commas between them, at least one. */
export const addresses = (byDefault: string, description: string) => {
  const sentence = 'must be http addresses with commas between them'
  const isAddress = (word: string) => URL.canParse(word) && /^https?:$/.test(new URL(word).protocol)
  const origins = z
    .string()
    .default(byDefault)
    .transform(splitWords)
    .refine((words) => words.length > 0 && words.every(isAddress), sentence)
    .transform((words) => words.map((word) => new URL(word).origin))
  return setting(origins, description)
}

/** Redis servers with commas between them, of which a majority is asked for; none where not set. */
export const redisServers = (description: string) => {
  const sentence = 'must be redis addresses with commas between them, three or another odd number'
  const isAddress = (word: string) =>
    URL.canParse(word) && /^rediss?:$/.test(new URL(word).protocol)
  const isOdd = ({ length }: readonly string[]) => length >= 3 && length % 2 === 1
  const servers = z
    .string()
    .default('')
    .transform(splitWords)
    .refine((all) => all.length === 0 || (isOdd(all) && all.every(isAddress)), sentence)
  return setting(servers, description)
}

/** A value that opens something. Its default is refused in production; it is never printed. */
export const secret = (byDefault: string, description: string) =>
  z.preprocess(emptyIsUnset, z.string().default(byDefault)).meta({ description, secret: true })

/** Like `secret`, without a default: production must set it, elsewhere it may be absent. */
export const optionalSecret = (description: string) =>
  z.preprocess(emptyIsUnset, z.string().optional()).meta({ description, secret: true })

const splitWords = (words: string): string[] =>
  words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
