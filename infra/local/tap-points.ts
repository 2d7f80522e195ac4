import { Parser } from 'tap-parser'

/** A test point, and what the subtest that it closes has in it. */
export type Point = {
  title: string
  ok: boolean
  skip: string | boolean
  /** Where it stands and what was found, where it is not ok. */
  diag: Diag
  points: readonly Point[]
  comments: readonly string[]
}

export type Diag = {
  at?: { fileName?: string; lineNumber?: number }
  diff?: string
  stack?: string
}

/** All that raw TAP tells, as a tree. */
export const pointsIn = (tap: string): Point[] => insideOf(Parser.parse(tap)).points

/** A test file as a point: what its process wrote, and how it ended. */
export const pointOfFile = (file: string, ended: Ended): Point => {
  const { isComplete, ...inside } = insideOf(Parser.parse(ended.tap))
  const ok = ended.code === 0 && isComplete
  const diag = ok ? {} : { stack: whyNot(ended, isComplete) }
  return { title: file, ok, skip: false, diag, ...inside }
}

type Ended = { code: number; tap: string; stderr: string }

const whyNot = ({ code, stderr }: Ended, isComplete: boolean): string =>
  [`It ended with exit code ${code}${isComplete ? '' : ' before its plan was done'}.`, stderr].join(
    '\n',
  )

type Inside = { points: Point[]; comments: string[]; isComplete: boolean }
type Result = Omit<Point, 'title' | 'points' | 'comments' | 'diag'> & {
  name: string
  todo?: string | boolean
  diag?: Diag | null
}

/** The parser answers a list of events; a subtest stands as one right before the point it closes. */
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

/** To the parser a stream without anything in it is a plan of nothing. */
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
