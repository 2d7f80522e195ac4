/** The durations and numbers of a run. */
export type Pace = {
  sliceMs: number
  /** Blocks per restart. */
  blocks: number
  /**
   * Requests to each arm after a restart and before its first slice, two arms at a time. V8 compiles
   * hot code for tens of thousands of requests.
   */
  warmRequests: number
  /**
   * Slices of a second for each arm after these requests, which do not count.
   * With six rounds, after 90,000 requests, the cost of a request to auth in Node still fell by 24 %; that
   * of auth in Go and of a bare Fastify route did not.
   */
  warmRounds: number
}

/** The default warm-up; subjects with slow requests set a shorter one. */
export const usualWarmRequests = 30_000

/** The pace of a full run. */
export const full: Pace = {
  sliceMs: 1_000,
  blocks: 8,
  warmRequests: usualWarmRequests,
  warmRounds: 20,
}

/** For the smoke test. */
export const smoke: Pace = {
  sliceMs: 300,
  blocks: 1,
  warmRequests: 50,
  warmRounds: 0,
}

/** For the short form of the tests. */
export const brief: Pace = { ...smoke, sliceMs: 200, warmRequests: 20 }
