import { posix } from 'node:path'

/** A link in Markdown from one file of the repository to another, both named from its root. */
export const linkTo = (words: string, target: string, from: string): string =>
  `[${words}](${posix.relative(posix.dirname(from), target)})`
