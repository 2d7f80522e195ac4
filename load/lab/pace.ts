/** How long things take. */
export type Pace = {
  sliceMs: number
  /** Blocks a restart. */
  blocks: number
  /**
   * Requests that each arm answers after a restart before its first slice, two arms at a time. V8
   * needs tens of thousands until nothing is compiled any more.
   */
  warmRequests: number
}

/** The default warm-up; subjects with slow requests set a shorter one. */
export const usualWarmRequests = 30_000

/** The pace of a full run. */
export const full: Pace = {
  sliceMs: 1_000,
  blocks: 8,
  warmRequests: usualWarmRequests,
}

/** For the smoke test. */
export const smoke: Pace = {
  sliceMs: 300,
  blocks: 1,
  warmRequests: 50,
}

/** The same in the short form of the tests. */
export const brief: Pace = { ...smoke, sliceMs: 200, warmRequests: 20 }
