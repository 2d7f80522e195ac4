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
