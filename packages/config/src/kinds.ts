import { z } from 'zod'

/**
 * The kinds of settings: how a variable is parsed, and the message for an invalid value. An empty
 * variable counts as not set.
 */

/** A part of every default secret, so that production can reject it. */
export const developmentSecret = 'development-only'

const emptyIsUnset = (value: unknown): unknown => (value === '' ? undefined : value)

/** The rule of a setting in `table.json`, for the services in Go, which read the same environment. */
export type Rule =
  | { kind: 'number'; from: number; to: number; default: number }
  | { kind: 'ratio'; default: number }
  | { kind: 'oneOf'; words: readonly string[]; default: string }
  | { kind: 'text' | 'list' | 'addresses' | 'postgres'; default: string }
  | { kind: 'ports'; default: readonly number[] }
  | { kind: 'redis' | 'redisServers' | 'optionalAddress' | 'optionalPostgres' | 'optionalText' }

const setting = <Schema extends z.ZodType>(schema: Schema, description: string, rule: Rule) =>
  z.preprocess(emptyIsUnset, schema).meta({ description, rule })

const integer = (from: number, to: number) => {
  const sentence = `must be a whole number from ${from} to ${to}`
  return z.coerce.number(sentence).int(sentence).min(from, sentence).max(to, sentence)
}

export const number = (from: number, to: number, byDefault: number, description: string) =>
  setting(integer(from, to).default(byDefault), description, {
    kind: 'number',
    from,
    to,
    default: byDefault,
  })

/** A number from 0 to 1. */
export const ratio = (byDefault: number, description: string) => {
  const sentence = 'must be a number from 0 to 1'
  const share = z.coerce.number(sentence).min(0, sentence).max(1, sentence)
  return setting(share.default(byDefault), description, { kind: 'ratio', default: byDefault })
}

export const port = (byDefault: number, description: string) =>
  number(1, 64_535, byDefault, description)

/** A fixed number of ports, separated by commas. */
export const portList = (byDefault: readonly number[], description: string) => {
  const sentence = `must be ${byDefault.length} ports from 1 to 64535 with commas between them`
  const isPort = (value: number) => Number.isInteger(value) && value >= 1 && value <= 64_535
  const numbers = z
    .string()
    .default(byDefault.join())
    .transform((words) => splitWords(words).map(Number))
    .refine((all) => all.length === byDefault.length && all.every(isPort), sentence)
  return setting(numbers, description, { kind: 'ports', default: byDefault })
}

export const text = (byDefault: string, description: string) =>
  setting(z.string().default(byDefault), description, { kind: 'text', default: byDefault })

/** What may stand in the name of a topic of Kafka; empty if it is not set. */
export const topicPrefix = (description: string) => {
  const sentence = 'must be at most 100 letters, digits, dots, dashes and underscores'
  const name = z
    .string()
    .regex(/^[\w.-]{0,100}$/, sentence)
    .default('')
  return setting(name, description, { kind: 'text', default: '' })
}

export const oneOf = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  byDefault: Words[number],
  description: string,
) =>
  setting(
    z.enum(words, `must be one of ${words.join(', ')}`).default(byDefault as never),
    description,
    { kind: 'oneOf', words, default: byDefault },
  )

/** Words, separated by commas. */
export const list = (byDefault: string, description: string) =>
  setting(z.string().default(byDefault).transform(splitWords), description, {
    kind: 'list',
    default: byDefault,
  })

/** HTTP URLs, separated by commas, at least one. */
export const addresses = (byDefault: string, description: string) => {
  const sentence = 'must be http addresses with commas between them'
  const origins = z
    .string()
    .default(byDefault)
    .transform(splitWords)
    .refine((words) => words.length > 0 && words.every(isAddressOf('https?')), sentence)
    .transform((words) => words.map((word) => new URL(word).origin))
  return setting(origins, description, { kind: 'addresses', default: byDefault })
}

/** One HTTP URL, which may have a path; undefined if it is not set. Without user and password. */
export const optionalAddress = (description: string) => {
  const sentence = 'must be one http address without user and password, such as http://host:4318'
  const address = z
    .string()
    .refine((word) => isAddressOf('https?')(word) && isOpen(word), sentence)
    .optional()
  return setting(address, description, { kind: 'optionalAddress' })
}

const isOpen = (word: string): boolean => {
  const { username, password, search, hash } = new URL(word)
  return username + password + search + hash === ''
}

/** Kafka brokers, separated by commas; empty if it is not set. */
export const brokers = (description: string) => {
  const isBroker = (word: string) => {
    const port = Number(/^[^\s:/@]+:(\d{1,5})$/.exec(word)?.[1])
    return port >= 1 && port <= 65_535
  }
  const all = z
    .string()
    .default('')
    .transform(splitWords)
    .refine((words) => words.every(isBroker), 'must be host:port, several with commas between them')
  return setting(all, description, { kind: 'list', default: '' })
}

/** An odd number of Redis servers, separated by commas; empty if it is not set. */
export const redisServers = (description: string) => {
  const sentence = 'must be redis addresses with commas between them, three or another odd number'
  const isOdd = ({ length }: readonly string[]) => length >= 3 && length % 2 === 1
  const servers = z
    .string()
    .default('')
    .transform(splitWords)
    .refine(
      (all) => all.length === 0 || (isOdd(all) && all.every(isAddressOf('rediss?'))),
      sentence,
    )
    .refine((all) => all.every(isDecodable), malformed)
  return setting(servers, description, { kind: 'redisServers' })
}

/** One Redis server; undefined if it is not set. */
export const redisAddress = (description: string) =>
  setting(
    z
      .string()
      .refine(isAddressOf('rediss?'), redisSentence)
      .refine(isDecodable, malformed)
      .optional(),
    description,
    { kind: 'redis' },
  )

const redisSentence = 'must be an address such as redis://host:6379'

/** A PostgreSQL URL with the login of a service. */
export const secretPostgresAddress = (byDefault: string, description: string) =>
  z.preprocess(emptyIsUnset, postgresAddress.default(byDefault)).meta({
    description,
    secret: true,
    rule: { kind: 'postgres', default: byDefault } satisfies Rule,
  })

/** A PostgreSQL URL; undefined if it is not set. */
export const optionalPostgresAddress = (description: string) =>
  setting(postgresAddress.optional(), description, { kind: 'optionalPostgres' })

const isAddressOf =
  (scheme: string) =>
  (word: string): boolean =>
    new RegExp(`^${scheme}:$`).test(URL.parse(word)?.protocol ?? '')

/** Whether a URL is correctly percent-encoded. */
const isDecodable = (word: string): boolean => {
  try {
    decodeURIComponent(word)
    return true
  } catch {
    return false
  }
}

const malformed = 'contains a % that does not begin an encoded character; write % as %25'

/** A secret. Its default is rejected in production; it is never printed. */
export const secret = (byDefault: string, description: string) =>
  z
    .preprocess(emptyIsUnset, z.string().default(byDefault))
    .meta({ description, secret: true, rule: { kind: 'text', default: byDefault } satisfies Rule })

/** Like `secret`, without a default: required in production, optional elsewhere. */
export const optionalSecret = (description: string) =>
  z
    .preprocess(emptyIsUnset, z.string().optional())
    .meta({ description, secret: true, rule: { kind: 'optionalText' } satisfies Rule })

/**
 * Parses a PostgreSQL URL. If it has several hosts, only the first is kept, because `URL` has one.
 *
 * @returns undefined if it is not a PostgreSQL URL
 */
export const parsePostgresAddress = (address: string): URL | undefined => {
  if (!/^postgres(ql)?:\/\/[^/]/.test(address)) return undefined
  return URL.parse(address.replace(/,[^/?@]*(?=[/?]|$)/, '')) ?? undefined
}

const postgresAddress = z
  .string()
  .refine(
    (address) => parsePostgresAddress(address) !== undefined,
    'must be an address such as postgres://user:password@host:5432',
  )
  .refine(isDecodable, malformed)

const splitWords = (words: string): string[] =>
  words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
