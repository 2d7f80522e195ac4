import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EndTask } from '@flash-deal/service'

type Counted = { request: IncomingMessage; beganAt: number; end: EndTask }

/** The requests that count for a limit. */
export class CountedRequests {
  readonly #all = new Set<Counted>()
  readonly #slowBodyMs: number
  readonly #timer: NodeJS.Timeout

  /** @param slowBodyMs a body that has not arrived after this time, in milliseconds, is slow */
  constructor(slowBodyMs: number) {
    this.#slowBodyMs = slowBodyMs
    this.#timer = setInterval(() => this.#forgetSlow(), slowBodyMs).unref()
  }

  /** Until the response has been written, whether the client reads it or not. */
  add(request: IncomingMessage, response: ServerResponse, end: EndTask): void {
    const counted = { request, beganAt: performance.now(), end }
    const written = (): void => {
      response.off('close', gone)
      this.#end(counted, hasFailed(response))
    }
    // The client has disconnected: nobody knows how long the response would have taken.
    const gone = (): void => {
      response.off('prefinish', written)
      this.#end(counted, undefined)
    }
    response.once('prefinish', written).once('close', gone)
    this.#all.add(counted)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** A client that is slow to send its body takes no place, and does not lower the limit. */
  #forgetSlow(): void {
    const before = performance.now() - this.#slowBodyMs
    for (const counted of this.#all)
      if (!counted.request.complete && counted.beganAt < before) this.#end(counted, undefined)
  }

  #end(counted: Counted, hasFailed: boolean | undefined): void {
    if (this.#all.delete(counted)) counted.end(hasFailed)
  }
}

/** A 4xx shows nothing: many are responded without a service, and would raise the limit. */
const hasFailed = ({ statusCode }: ServerResponse): boolean | undefined =>
  statusCode >= 400 && statusCode < 500 ? undefined : statusCode === 504
