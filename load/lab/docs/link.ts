import { posix } from 'node:path'

/** A Markdown link from one file of the repository to another, both relative to its root. */
export const linkTo = (words: string, target: string, from: string): string =>
  `[${words}](${posix.relative(posix.dirname(from), target)})`
