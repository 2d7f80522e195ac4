import { tableMarkdown } from '@flash-deal/local/markdown-table'
import type { newestFairness } from '../fairness/record.ts'
import { fairnessTable } from '../fairness/report.ts'
import { linkTo } from './link.ts'
import { notYet, shortened } from './measured.ts'

/** The results of `npm run lab -- fairness` for a page. */

/** @param from the file with the text, relative to the repository's root */
export const fairnessText = (newest: ReturnType<typeof newestFairness>, from: string): string => {
  if (newest === undefined) return notYet
  const { folder, run } = newest
  return [
    tableMarkdown(fairnessTable(run)),
    `Measured on ${run.startedAt.slice(0, 10)}, commit ${shortened(run.commit)}, ${run.machine}: ${linkTo('all rounds', folder, from)}.`,
  ].join('\n\n')
}
