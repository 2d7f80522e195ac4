import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '@flash-deal/config'
import { pemsFrom } from '../domain/pem.ts'
import {
  algorithms,
  type JwtAlgorithm,
  type PublicKey,
  publicKeyFrom,
  type SigningKey,
} from '../domain/signing-key.ts'
import { keyFileOf, storedKey, usable } from './signing-key-store.ts'

/** A key whose tokens are accepted until a time, in milliseconds since 1970; Infinity: no end. */
export type VerificationKey = PublicKey & { until: number }

export type VerificationSource = {
  signingKey: SigningKey
  /** `JWT_PUBLIC_KEYS`: other keys whose tokens are accepted. */
  given: string | undefined
  /** The folder of the keys that auth generates. */
  folder: string
  /** The lifetime of a token, in milliseconds. */
  tokenLifeMs: number
}

/**
 * All keys whose tokens are accepted: first the signing key, then those of `JWT_PUBLIC_KEYS`, then
 * generated keys that no longer sign, until the last token that they signed has expired.
 * @throws ConfigError if one cannot be read, or is listed twice
 */
export const loadVerificationKeys = async (
  source: VerificationSource,
): Promise<VerificationKey[]> => {
  const { signingKey, given = '' } = source
  const named = [signingKey, ...givenKeys(given, signingKey)].map((key) => ({
    ...key,
    until: Number.POSITIVE_INFINITY,
  }))
  const isNamed = ({ jwk }: PublicKey) => named.some((key) => key.jwk.kid === jwk.kid)
  const retired = await Promise.all(algorithms.map((each) => retiredKey(source, each)))
  return [...named, ...retired.flatMap((key) => key ?? []).filter((key) => !isNamed(key))]
}

/** Enough for several key rotations at once; more would make the key set long. */
const givenMax = 16

const givenKeys = (given: string, signingKey: SigningKey): PublicKey[] => {
  const pems = pemsFrom(given)
  if (pems.length > givenMax) {
    throw new ConfigError([`JWT_PUBLIC_KEYS names ${pems.length} keys. Name ${givenMax} at most.`])
  }
  const keys = pems.map((pem, index) =>
    usable(`JWT_PUBLIC_KEYS, key ${index + 1},`, () => publicKeyFrom(pem)),
  )
  const ids = keys.map(({ jwk }) => jwk.kid)
  const problems = ids.flatMap((kid, index) => problemOf(kid, ids.indexOf(kid), index, signingKey))
  if (problems.length > 0) throw new ConfigError(problems)
  return keys
}

const problemOf = (kid: string, first: number, index: number, { jwk }: SigningKey): string[] => {
  const name = `JWT_PUBLIC_KEYS, key ${index + 1},`
  if (kid === jwk.kid) {
    return [`${name} belongs to the key that signs. Take it out: its tokens are accepted anyway.`]
  }
  return first === index ? [] : [`${name} is the same as key ${first + 1}. Name each key once.`]
}

/** A generated key that no longer signs, while its tokens may still be valid. */
const retiredKey = async (
  { signingKey, folder, tokenLifeMs }: VerificationSource,
  algorithm: JwtAlgorithm,
): Promise<VerificationKey | undefined> => {
  if (!existsSync(keyFileOf(folder, algorithm))) return undefined
  const { publicPem, jwk } = await storedKey(folder, algorithm)
  const note = join(folder, `${algorithm.toLowerCase()}.retired`)
  if (jwk.kid === signingKey.jwk.kid) {
    await rm(note, { force: true })
    return undefined
  }
  const until = (await retiredAt(note)) + tokenLifeMs
  return until > Date.now() ? { publicPem, jwk, until } : undefined
}

/** The time of the first start with another key, stored next to the key for later starts. */
const retiredAt = async (note: string): Promise<number> => {
  const noted = existsSync(note) ? Date.parse((await readFile(note, 'utf8')).trim()) : Number.NaN
  if (!Number.isNaN(noted)) return noted
  const now = Date.now()
  await writeFile(note, `${new Date(now).toISOString()}\n`, { mode: 0o600 })
  return now
}
