import { execFileSync } from 'node:child_process'
import { root } from './paths.ts'

/** The commit of the working tree, marked if files other than reports are changed. */
export const commit = (): string => {
  try {
    const changes = git('status', '--porcelain', '--', '.', ':!load/results')
    return git('rev-parse', 'HEAD') + (changes === '' ? '' : ' with changes')
  } catch {
    return 'unknown'
  }
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
