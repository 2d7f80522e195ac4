import type { Point } from './tap-points.ts'

/**
 * Formats the failures in files, one paragraph each, with all details: the log of CI is the only
 * source after the machine is deleted.
 */
export const failuresIn = (files: readonly Point[]): string[] => paragraphs(files, [])

const paragraphs = (points: readonly Point[], above: readonly string[]): string[] =>
  points.filter(({ ok, skip }) => !ok && skip === false).flatMap((each) => causesOf(each, above))

/** A failed test fails its parents, too; only the innermost one is reported. */
const causesOf = (point: Point, above: readonly string[]): string[] => {
  const path = [...above, point.title]
  const within = paragraphs(point.points, path)
  if (within.length === 0) return [paragraphOf(point, path)]
  return [...within, ...point.comments.filter(isSaid).map((comment) => `  ${comment}`)]
}

/** Whether the comment is not one of the TAP stream itself: plans, times and counts. */
const isSaid = (comment: string): boolean => !/^(Subtest\b|time=|\{ total)/.test(comment)

const paragraphOf = ({ diag }: Point, path: readonly string[]): string => {
  const { at, diff, stack } = diag
  const place = at?.fileName ? [`${at.fileName}:${at.lineNumber ?? 0}`] : []
  const found = diff ?? (place.length > 0 ? undefined : stack)
  return [
    `✖ ${path.join(' › ')}`,
    ...[...place, ...linesOf(found)].map((line) => `  ${line}`),
  ].join('\n')
}

const linesOf = (text: string | undefined): string[] => text?.trimEnd().split('\n') ?? []
