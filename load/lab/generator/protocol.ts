import type { Latency } from '../record.ts'
import type { Zipf } from './keys.ts'

/** The messages between the lab and its generator, as JSON lines. */

/** A placeholder in a template; each request has a new id instead. */
export const freshId = '00000000-0000-0000-0000-000000000000'

/** One request as bytes, and its expected response. */
export type Template = {
  /** The whole request: line, headers, empty line, body. */
  wire: string
  status: number
  /** SHA-256 of the decoded body in hex, if the body is always the same. */
  digest?: string
  /** A string that the decoded body must contain, if the body varies. */
  contains?: string
}

export type Order = {
  port: number
  /** In a closed loop each sends its next request right after a response. */
  connections: number
  /** No request starts later. */
  durationMs: number
  /** The number of requests of all connections; the duration is then an upper limit. */
  requests?: number
  /** An open loop: requests are sent when they are due, independently of earlier responses. */
  schedule?: Schedule
  templates: readonly Template[]
  /** By default templates are sent in turn. */
  zipf?: Zipf
}

/** The line for the load of this number: its outcome, or why it could not be played. */
export type Answer = { number: number } & ({ outcome: Outcome } | { error: string })

/** Requests per second at equal intervals; in the middle third of the duration times the factor. */
export type Schedule = { rate: number; spikeFactor: number }

export type Outcome = {
  /** Responses within the window. */
  requests: number
  /** Expected responses among them. */
  completed: number
  statuses: Record<string, number>
  /** Responses with the expected status and an unexpected body. */
  wrongBodies: number
  /** Requests without a response, by kind of error. */
  errors: Record<string, number>
  /** From the first request to the last response. */
  elapsedMs: number
  /**
   * Until the last byte. In a closed loop: of all responses, from sending. In an open loop: of
   * expected responses, from the time at which the request was due.
   */
  latency: Latency
  /** In a closed loop: of expected responses only. */
  accepted?: Latency
  /** In an open loop: of expected responses, from sending. */
  service?: Latency
  /** In an open loop, from the due time: `shed` with 429 or 503, and `failed`. */
  others?: Readonly<Record<string, Latency>>
  /** Requests that an open loop could not start in time; 0 in a closed one. */
  dropped: number
  bytesIn: number
  bytesOut: number
}
