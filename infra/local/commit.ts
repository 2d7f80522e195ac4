import { execFileSync } from 'node:child_process'
import { root } from './paths.ts'

/** What the working tree stands on, with a mark where it was changed since, reports aside. */
export const commit = (): string => {
  try {
    const changes = git('status', '--porcelain', '--', '.', ':!load/results')
    return git('rev-parse', 'HEAD') + (changes === '' ? '' : ' with changes')
  } catch {
    return 'unknown'
  }
}

/** A number from it, for what is to be another with each commit; 0 where there is none. */
export const seedOfCommit = (): number => Number.parseInt(commit().slice(0, 7), 16) || 0

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
