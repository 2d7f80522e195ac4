import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from '@flash-deal/config'
import { pemFrom } from '../domain/pem.ts'
import {
  type JwtAlgorithm,
  makePrivatePem,
  type SigningKey,
  signingKeyFrom,
} from '../domain/signing-key.ts'

export type KeySource = { algorithm: JwtAlgorithm; given: string | undefined; folder: string }

/**
 * The configured key, or the one that was generated at the first start.
 * @throws ConfigError if it cannot be read, or is for another algorithm; without its text
 */
export const loadSigningKey = async ({
  algorithm,
  given,
  folder,
}: KeySource): Promise<SigningKey> => {
  if (given !== undefined) {
    return usable('JWT_PRIVATE_KEY', () => signingKeyFrom(pemFrom(given), algorithm))
  }
  const file = keyFileOf(folder, algorithm)
  if (!existsSync(file)) await storeNewKey(file, algorithm)
  return storedKey(folder, algorithm)
}

/** The file with the generated key for an algorithm. */
export const keyFileOf = (folder: string, algorithm: JwtAlgorithm): string =>
  join(folder, `${algorithm.toLowerCase()}.pem`)

/** @throws ConfigError if the file has no such key */
export const storedKey = async (folder: string, algorithm: JwtAlgorithm): Promise<SigningKey> => {
  const pem = await readFile(keyFileOf(folder, algorithm), 'utf8')
  return usable(`the file for ${algorithm} in KEYS_DIR`, () => signingKeyFrom(pem, algorithm))
}

/** @throws ConfigError with the source of the key and the reason */
export const usable = <Key>(from: string, key: () => Key): Key => {
  try {
    return key()
  } catch (error) {
    throw new ConfigError([`${from} cannot be used: ${(error as Error).message}`])
  }
}

/** Linked into place: no process reads a partial key, and of several concurrent starts one key is kept. */
const storeNewKey = async (file: string, algorithm: JwtAlgorithm): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, await makePrivatePem(algorithm), { mode: 0o600 })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
}
