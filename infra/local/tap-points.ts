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

type Inside = { points: Point[]; comments: string[] }
type Result = Omit<Point, 'title' | 'points' | 'comments' | 'diag'> & {
  name: string
  todo?: string | boolean
  diag?: Diag | null
}

/** The parser answers a list of events; a subtest stands as one right before the point it closes. */
const insideOf = (events: unknown): Inside => {
  const own: Inside = { points: [], comments: [] }
  let inside: Inside = { points: [], comments: [] }
  for (const [event, value] of events as [string, unknown][]) {
    if (event === 'child') inside = insideOf(value)
    if (event === 'comment') own.comments.push(String(value).replace(/^#\s*/, '').trimEnd())
    if (event !== 'assert') continue
    own.points.push(pointOf(value as Result, inside))
    inside = { points: [], comments: [] }
  }
  return own
}

const pointOf = ({ name, ok, skip, todo, diag }: Result, inside: Inside): Point => ({
  title: name,
  ok,
  skip: skip || todo || false,
  diag: diag ?? {},
  ...inside,
})
