import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from '@flash-deal/config'
import {
  type JwtAlgorithm,
  makePrivatePem,
  type SigningKey,
  signingKeyFrom,
} from '../domain/signing-key.ts'

export type KeySource = { algorithm: JwtAlgorithm; given: string | undefined; folder: string }

/**
 * The key that was given, or the one that was made at the first start.
 * @throws ConfigError where it cannot be read, or is for another algorithm; never with its text
 */
export const loadSigningKey = async ({
  algorithm,
  given,
  folder,
}: KeySource): Promise<SigningKey> => {
  const pem = given?.replaceAll('\\n', '\n') ?? (await keptKey(folder, algorithm))
  try {
    return signingKeyFrom(pem, algorithm)
  } catch (error) {
    const from = given === undefined ? `the file for ${algorithm} in KEYS_DIR` : 'JWT_PRIVATE_KEY'
    throw new ConfigError([`${from} cannot be used: ${(error as Error).message}`])
  }
}

const keptKey = async (folder: string, algorithm: JwtAlgorithm): Promise<string> => {
  const file = join(folder, `${algorithm.toLowerCase()}.pem`)
  if (!existsSync(file)) await keepNewKey(file, algorithm)
  return readFile(file, 'utf8')
}

/** Linked into place: nobody reads half a key, and of several that start at once one's stands. */
const keepNewKey = async (file: string, algorithm: JwtAlgorithm): Promise<void> => {
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
