import type { Point } from './tap-points.ts'

export type Counts = { passed: number; failed: number; skipped: string[] }

/**
 * Counts the tests in files. A test is a titled subtest without nested subtests, with any number of
 * assertions. A failure outside a test (a file that crashes) is counted, too.
 */
export const countTests = (files: readonly Point[]): Counts => {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  for (const point of files) count(point, [], counts)
  return counts
}

const count = (point: Point, above: string[], counts: Counts): void => {
  const path = [...above, point.title]
  if (point.skip !== false) return void counts.skipped.push(named(path, point.skip))
  const nested = point.points.filter(({ points }) => points.length > 0)
  const failedBefore = counts.failed
  if (nested.length === 0) countLeaf(point, path, counts)
  else for (const child of point.points) countChild(child, path, counts)
  if (!point.ok && counts.failed === failedBefore) counts.failed++
}

/** Assertions outside subtests count only if they fail or are skipped. */
const countChild = (child: Point, path: string[], counts: Counts): void => {
  if (child.points.length > 0 || !child.ok || child.skip !== false) count(child, path, counts)
}

const countLeaf = (point: Point, path: string[], counts: Counts): void => {
  const skipped = point.points.filter(({ skip }) => skip !== false)
  counts.skipped.push(...skipped.map(({ title, skip }) => named([...path, title], skip)))
  const ran = point.points.length === 0 || skipped.length < point.points.length
  if (!point.ok) counts.failed++
  else if (ran) counts.passed++
}

const named = (path: string[], reason: string | boolean): string =>
  [path.join(' › '), ...(typeof reason === 'string' && reason ? [`(${reason})`] : [])].join(' ')
