import { root } from '@flash-deal/local/paths'
import { PlainError } from '@flash-deal/local/plain-error'
import { comparisonOf } from './compare.ts'
import { staleTable } from './files/stale-table.ts'
import { listTable } from './list.ts'
import { rejudge } from './rejudge.ts'
import { verify } from './verify.ts'
import { differencesOfOther } from './verify-other.ts'

/** The commands of `npm run lab` that read stored runs and start nothing. */

/** Prints a text. Returns the exit code 0. */
export const say = (text: string): number => {
  console.log(text)
  return 0
}

/** Runs a command and returns its exit code; undefined if it is none of these. */
export const codeOfStored = (
  command: string | undefined,
  folders: readonly string[],
): number | undefined => {
  if (command === 'list') return say(listTable())
  if (command === 'stale') return say(staleTable(root))
  if (command === 'verify') return verifyFolder(folders[0])
  if (command === 'rejudge') return rejudgeFolders(folders)
  if (command === 'compare') return compareFolders(folders[0], folders[1])
  return undefined
}

const compareFolders = (one: string | undefined, other: string | undefined): number => {
  if (one === undefined || other === undefined) {
    throw new PlainError('Name the folders of two runs: compare FOLDER FOLDER.')
  }
  return say(comparisonOf(one, other))
}

const rejudgeFolders = (folders: readonly string[]): number => {
  if (folders.length === 0) throw new PlainError('Name the folders of runs: rejudge FOLDER…')
  for (const folder of folders) {
    for (const { arm, verdict } of rejudge(folder).comparisons) {
      say(`${folder}, ${arm}: ${verdict.sentence}`)
    }
  }
  return 0
}

const verifyFolder = (folder: string | undefined): number => {
  if (folder === undefined) throw new PlainError('Name the folder of a run: verify FOLDER.')
  const other = differencesOfOther(folder)
  if (other) return sayDifferences(other, 'rounds', 'page')
  const { summary, differences } = verify(folder)
  for (const { arm, verdict } of summary.comparisons) say(`${arm}: ${verdict.sentence}`)
  return sayDifferences(differences, 'slices', 'summary')
}

const sayDifferences = (differences: readonly string[], raw: string, made: string): number => {
  for (const difference of differences) say(difference)
  say(
    differences.length === 0
      ? `The raw ${raw} give the ${made} to the last digit.`
      : `The raw ${raw} do not give the ${made}.`,
  )
  return differences.length === 0 ? 0 : 1
}
