import type { Latency } from '../record.ts'
import type { Zipf } from './keys.ts'

/** The messages between the lab and its generator, as JSON lines. */

/** Stands in a template for an id that every request has anew. */
export const freshId = '00000000-0000-0000-0000-000000000000'

/** One request as bytes, and its expected response. */
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
  /** An open loop: requests are sent when they are due, independently of earlier responses. */
  schedule?: Schedule
  templates: readonly Template[]
  /** Otherwise they come in turn. */
  zipf?: Zipf
}

/** Requests a second, at equal distances; in the middle third of the duration by the factor more. */
export type Schedule = { rate: number; spikeFactor: number }

export type Outcome = {
  /** Responses within the window. */
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
  /**
   * Until the last byte, of all answers or, in an open loop, of those as wanted: from sending in a
   * closed loop, from the moment at which the request was due in an open one.
   */
  latency: Latency
  /** In a closed loop, of the answers as wanted alone. */
  accepted?: Latency
  /** In an open loop, from sending. */
  service?: Latency
  /** In an open loop, from the moment they were due: `shed` with 429 or 503, and `failed`. */
  others?: Readonly<Record<string, Latency>>
  /** Iterations that an open loop could not begin in time; none in a closed one. */
  dropped: number
  bytesIn: number
  bytesOut: number
}
