import { execFileSync } from 'node:child_process'

/**
 * Lines added or removed since a commit, by file relative to the root, uncommitted changes included.
 * Undefined without a history, or for an unknown commit.
 */
export const changedLines = (
  root: string,
  commit: string,
): ReadonlyMap<string, number> | undefined => {
  try {
    return new Map(numbersIn(git(root, 'diff', '--numstat', '--no-renames', bare(commit))))
  } catch {
    return undefined
  }
}

/** The commit of a run may have the suffix ` with changes`. */
const bare = (commit: string): string => /^[0-9a-f]{7,}/.exec(commit)?.[0] ?? 'unknown'

const git = (root: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' })

const numbersIn = (output: string): [file: string, lines: number][] =>
  Array.from(output.matchAll(/^(\d+)\t(\d+)\t(.+)$/gm), ([, added, removed, file = '']) => [
    file,
    Number(added) + Number(removed),
  ])
