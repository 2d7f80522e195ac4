import { ForwardingHandler } from '@flash-deal/service'
import type { Dispatcher } from 'undici'

type Controller = Dispatcher.DispatchController
type Trailers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>[1]

/** Aborts a request to a service at a signal, and reports its end. */
export class WatchedHandler extends ForwardingHandler {
  readonly #signal: AbortSignal
  readonly #onOver: () => void
  #abort: (() => void) | undefined

  constructor(inner: Dispatcher.DispatchHandler, signal: AbortSignal, onOver: () => void) {
    super(inner)
    this.#signal = signal
    this.#onOver = onOver
  }

  override onRequestStart(controller: Controller, context: unknown): void {
    this.#abort = () => controller.abort(this.#signal.reason)
    super.onRequestStart(controller, context)
    if (this.#signal.aborted) this.#abort()
    else this.#signal.addEventListener('abort', this.#abort, { once: true })
  }

  override onResponseEnd(controller: Controller, trailers: Trailers): void {
    this.#over()
    super.onResponseEnd(controller, trailers)
  }

  override onResponseError(controller: Controller, error: Error): void {
    this.#over()
    super.onResponseError(controller, error)
  }

  #over(): void {
    if (this.#abort) this.#signal.removeEventListener('abort', this.#abort)
    this.#onOver()
  }
}
