import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pem = await makePrivatePem(algorithm)
  // Renamed into place, so that nobody ever reads half a key.
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, pem, { mode: 0o600 })
  await rename(draft, file)
  return pem
}
