import type { Point } from './tap-points.ts'

/**
 * What failed in files, a paragraph each, with all that is known of it: the reporter names only
 * the place, and what CI has printed is all that there is when the machine is gone.
 */
export const failuresIn = (files: readonly Point[]): string[] => paragraphs(files, [])

const paragraphs = (points: readonly Point[], above: readonly string[]): string[] =>
  points.filter(({ ok, skip }) => !ok && skip === false).flatMap((each) => causesOf(each, above))

/** A test that failed fails all those around it: only the innermost has something to tell. */
const causesOf = (point: Point, above: readonly string[]): string[] => {
  const path = [...above, point.title]
  const within = paragraphs(point.points, path)
  if (within.length === 0) return [paragraphOf(point, path)]
  return [...within, ...point.comments.filter(isSaid).map((comment) => `  ${comment}`)]
}

/** The parser's own comments are about the stream: plans, times and counts. */
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
