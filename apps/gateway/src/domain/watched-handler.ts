import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler
type Controller = Dispatcher.DispatchController
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2]

/** Forwards the events of a request to a service, aborts it at a signal, and reports its end. */
export class WatchedHandler implements Handler {
  readonly #inner: Handler
  readonly #signal: AbortSignal
  readonly #onOver: () => void
  #end: (() => void) | undefined

  constructor(inner: Handler, signal: AbortSignal, onOver: () => void) {
    this.#inner = inner
    this.#signal = signal
    this.#onOver = onOver
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#end = () => controller.abort(this.#signal.reason)
    this.#inner.onRequestStart?.(controller, context)
    if (this.#signal.aborted) this.#end()
    else this.#signal.addEventListener('abort', this.#end, { once: true })
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Headers,
    message?: string,
  ): void {
    this.#inner.onResponseStart?.(controller, status, headers, message)
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#inner.onResponseData?.(controller, chunk)
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    this.#over()
    this.#inner.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#over()
    this.#inner.onResponseError?.(controller, error)
  }

  #over(): void {
    if (this.#end) this.#signal.removeEventListener('abort', this.#end)
    this.#onOver()
  }
}
