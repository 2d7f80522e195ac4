import type { Histogram } from '../stats/histogram.ts'

/** What the lab and its generator say to each other, a JSON line each. */

/** Stands in a template for an id that every request has anew. */
export const freshId = '00000000-0000-0000-0000-000000000000'

/** One request as it goes over the wire, and what must come back. */
export type Template = {
  /** The whole request: line, headers, empty line, body. */
  wire: string
  status: number
  /** SHA-256 of the body once it is decoded, in hex, where it is always the same. */
  digest?: string
  /** What the body must hold once it is decoded, where it is not. */
  contains?: string
}

export type Order = {
  port: number
  /** Each has one request under way at any time and no pause in between: a closed loop. */
  connections: number
  /** No request begins after that. */
  durationMs: number
  /** So many requests by all connections together, and no more; the duration is then a limit. */
  requests?: number
  templates: readonly Template[]
}

export type Outcome = {
  /** Answers that came within the window. */
  requests: number
  /** Of these, the ones that were as they must be. */
  completed: number
  statuses: Record<string, number>
  /** Answers of the right status with another body. */
  wrongBodies: number
  /** Requests without an answer, by kind. */
  errors: Record<string, number>
  /** From the first request to the last answer. */
  elapsedMs: number
  /** Of all answers, from sending to the last byte. */
  latency: { meanMs: number; histogram: Histogram }
  /** Iterations that an open loop could not begin in time; none in a closed one. */
  dropped: number
  bytesIn: number
  bytesOut: number
}
