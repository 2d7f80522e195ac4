import { Parser } from 'tap-parser'

/** A test point, with the points of its subtest. */
export type Point = {
  title: string
  ok: boolean
  skip: string | boolean
  /** The location and the diff of a failed point. */
  diag: Diag
  points: readonly Point[]
  comments: readonly string[]
}

export type Diag = {
  at?: { fileName?: string; lineNumber?: number }
  diff?: string
  stack?: string
}

/** Parses raw TAP into a tree. */
export const pointsIn = (tap: string): Point[] => insideOf(Parser.parse(tap)).points

/**
 * The test files of a process as points. A file fails if it has no test, or if the process ended before
 * it. If the process fails and no file does, the last one does.
 */
export const pointsOfFiles = (files: readonly string[], ended: Ended): Point[] => {
  const { points, isComplete } = insideOf(Parser.parse(ended.tap))
  const diag = { stack: whyNot(ended, isComplete) }
  const found = files.map((file) => {
    const point = points.find(({ title }) => title === file)
    const isEmpty = point?.ok && point.points.length === 0
    if (point && !isEmpty) return point
    return { title: file, ok: false, skip: false, diag, points: [], comments: [] }
  })
  if (found.some(({ ok }) => !ok) || (ended.code === 0 && isComplete)) return found
  return found.map((point, index) =>
    index < found.length - 1 ? point : { ...point, ok: false, diag },
  )
}

type Ended = { code: number; tap: string; stderr: string }

const whyNot = ({ code, stderr }: Ended, isComplete: boolean): string =>
  [
    `The process ended with exit code ${code}${isComplete ? '' : ' before its plan was complete'}.`,
    stderr,
  ].join('\n')

type Inside = { points: Point[]; comments: string[]; isComplete: boolean }
type Result = Omit<Point, 'title' | 'points' | 'comments' | 'diag'> & {
  name: string
  todo?: string | boolean
  diag?: Diag | null
}

/** The parser returns a list of events; a subtest precedes the point that closes it. */
const insideOf = (events: unknown): Inside => {
  const own = nothing()
  let inside = nothing()
  for (const [event, value] of events as [string, unknown][]) {
    if (event === 'child') inside = insideOf(value)
    if (event === 'comment') own.comments.push(String(value).replace(/^#\s*/, '').trimEnd())
    if (event === 'complete') own.isComplete = isComplete(value as Complete)
    if (event !== 'assert') continue
    own.points.push(pointOf(value as Result, inside))
    inside = nothing()
  }
  return own
}

type Complete = { ok: boolean; count: number; plan: { comment: string } }

/** The parser reports an empty stream as an empty plan. */
const isComplete = ({ ok, count, plan }: Complete): boolean =>
  ok && (count > 0 || /\bskip/i.test(plan.comment))

const nothing = (): Inside => ({ points: [], comments: [], isComplete: false })

const pointOf = ({ name, ok, skip, todo, diag }: Result, { points, comments }: Inside): Point => ({
  title: name,
  ok,
  skip: skip || todo || false,
  diag: diag ?? {},
  points,
  comments,
})
