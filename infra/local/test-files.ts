import { glob } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { root } from './paths.ts'
import { PlainError } from './plain-error.ts'

/** Selects the test files of a run. Paths are relative to the repository's root. */

export type Wanted = {
  /** File names or patterns; without any, all files below `below`. */
  named: readonly string[]
  /** The folder of a workspace, or the root. */
  below: string
  /** Selects the long, randomised tests instead of the others. */
  long: boolean
}

/** @throws PlainError for the first name or pattern without a matching file */
export const findTestFiles = async ({ named, below, long }: Wanted): Promise<string[]> => {
  if (named.length > 0) return (await Promise.all(named.map(filesOf))).flat()
  const files = await matching('**/*.test.ts', below)
  return files.filter((file) => isLong(file) === long)
}

const isLong = (file: string): boolean => file.endsWith('.long.test.ts')

const filesOf = async (pattern: string): Promise<string[]> => {
  const files = await matching(pattern, root)
  if (files.length > 0) return files
  throw new PlainError(`There is no test file ${pattern}. Use a path relative to ${root}.`)
}

const foreign = new Set(['node_modules', '.local', '.tap', '.turbo', '.git'])

const matching = async (pattern: string, cwd: string): Promise<string[]> => {
  const files: string[] = []
  const options = { cwd, exclude: (name: string) => foreign.has(name) || name.startsWith('.local') }
  for await (const file of glob(pattern, options)) {
    files.push(relative(root, `${cwd}${sep}${file}`))
  }
  return files.sort()
}
